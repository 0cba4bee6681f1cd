"""E-mails whose headers begin on the line of their name.

Django encodes a header without counting its name, which stands on the first line too, so a subject or a name in Cyrillic would begin on the
second line, after an empty first one, which some mail programs show as no subject at all.
"""

from email.header import Header, decode_header, make_header
from email.message import Message
from email.utils import formataddr, getaddresses
from typing import Any

from django.core.mail import EmailMessage, EmailMultiAlternatives

ADDRESSES = ("From", "To", "Cc", "Reply-To", "Sender")
MAX_WORD_LENGTH = 60
"""Characters. A longer word without a space does not fit beside the name of its header unless it is encoded, which may break anywhere."""


class Email(EmailMultiAlternatives):
    """An e-mail as Django sends it, with headers folded where they have to be."""

    def message(self, **options: Any) -> Any:
        message: Any = super().message(**options)
        subject = _decoded(message["Subject"])
        if not subject.isascii() or any(len(word) > MAX_WORD_LENGTH for word in subject.split()):
            _replace(message, "Subject", Header(subject, "utf-8", header_name="Subject"))
        for name in ADDRESSES:
            if "=?" in str(message[name] or ""):
                _replace(message, name, _addresses(name, str(message[name])))
        return message

    @classmethod
    def of(cls, message: EmailMessage) -> "Email":
        """The same e-mail, from a message that a library has made."""
        email = cls(
            subject=message.subject,
            body=message.body,
            from_email=message.from_email,
            to=message.to,
            bcc=message.bcc,
            connection=message.connection,
            attachments=message.attachments,
            headers=message.extra_headers,
            alternatives=getattr(message, "alternatives", None),
            cc=message.cc,
            reply_to=message.reply_to,
        )
        email.content_subtype = message.content_subtype
        return email


def _addresses(name: str, value: str) -> Header:
    header = Header(header_name=name)
    people = getaddresses([" ".join(value.split())])
    for place, (person, address) in enumerate(people, start=1):
        comma = "" if place == len(people) else ","
        known_as = _decoded(person)
        if known_as.isascii():
            header.append(formataddr((known_as, address)) + comma)
        else:
            header.append(known_as, "utf-8")
            header.append(f"<{address}>{comma}")
    return header


def _decoded(value: Any) -> str:
    return str(make_header(decode_header(str(value or "").replace("\n", ""))))


def _replace(message: Any, name: str, header: Header) -> None:
    del message[name]
    set_header: Any = Message.__setitem__  # Django's own takes text only
    set_header(message, name, header)
