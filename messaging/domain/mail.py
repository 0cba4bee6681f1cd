"""E-mails: rendered in the recipient's language, sent at most once, with a recorded delivery state."""

import hashlib
import logging
import smtplib
import uuid
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from exchange.core.emails import Email
from exchange.core.jobs.broker import notify_worker
from messaging.models import Mail

logger = logging.getLogger(__name__)

MAX_SUBJECT_LENGTH = 250
FIRST_PAUSE = timedelta(seconds=15)
MAX_PAUSE = timedelta(hours=1)
MAX_ATTEMPTS = 40
INTERRUPTED_AFTER = timedelta(minutes=15)
PERMANENT = 500
ACCOUNT_KEY = "account:"
"""Begins the keys of e-mails about accounts, which may hold links that open one."""


@contextmanager
def reading_as(user: User) -> Iterator[None]:
    """Activate the language and time zone of a user for the block."""
    with translation.override(user.language or settings.LANGUAGE_CODE), timezone.override(_zone(user.time_zone)):
        yield


def _zone(name: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(name or settings.TIME_ZONE)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return zoneinfo.ZoneInfo(settings.TIME_ZONE)


def compose_email(user: User, *, key: str, template: str, subject: str, context: Mapping[str, Any]) -> Mail:
    """An e-mail to this user, not yet stored, in the active language: `email/<template>.txt` and `.html`."""
    chosen = {"settings_url": settings.SITE_URL + reverse("notification_settings")}
    email = compose_email_to(user.email, key=key, template=template, subject=subject, context={**chosen, **context})
    email.user = user
    return email


def compose_email_to(address: str, *, key: str, template: str, subject: str, context: Mapping[str, Any]) -> Mail:
    """As `compose_email`, to an address that may have no account."""
    words = {"site_url": settings.SITE_URL, "demo": settings.DEMO, "subject": subject, **context}
    return Mail(
        key=key,
        address=address,
        language=translation.get_language() or settings.LANGUAGE_CODE,
        subject=" ".join(subject.split())[:MAX_SUBJECT_LENGTH],
        text=render_to_string(f"email/{template}.txt", words).strip() + "\n",
        html=render_to_string(f"email/{template}.html", words),
    )


def queue_account_email(message: EmailMessage, language: str, user: User | None) -> None:
    """Queue an e-mail about an account, such as one with a link that sets a new password. Its text is not kept once it was sent."""
    html = "".join(str(content) for content, kind in getattr(message, "alternatives", []) if kind == "text/html")
    key = ACCOUNT_KEY + uuid.uuid4().hex
    words = {"subject": message.subject[:MAX_SUBJECT_LENGTH], "text": message.body, "html": html}
    queue_emails([Mail(key=key, address=message.to[0], user=user, language=language, **words)])


def queue_emails(emails: Iterable[Mail]) -> None:
    """Store the e-mails whose key is new, and have a worker send them after commit."""
    rows = list(emails)
    if rows:
        Mail.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
        transaction.on_commit(lambda: notify_worker("messaging.periodic.send_mail"), robust=True)


def send_waiting_mail(limit: int = 200) -> int:
    """Send up to `limit` waiting e-mails over one connection; returns how many the mail server accepted.

    Each is claimed in a committed transaction before it is sent. When the server is unavailable the e-mail is retried later; when it is
    refused permanently it has failed; when the connection breaks while sending it is unclear, because it may have been sent.
    """
    sent = 0
    connection: Any = None
    for _round in range(limit):
        mail = _claim_next()
        if mail is None:
            break
        try:
            if connection is None:
                connection = get_connection()
                connection.open()
        except (OSError, smtplib.SMTPException) as error:
            _put_back(mail, error)
            logger.warning("the mail server cannot be reached, e-mails wait: %s", error)
            return sent
        if _hand_over(mail, connection):
            sent += 1
        elif mail.state != Mail.State.FAILED:
            _close(connection)
            connection = None
    if connection is not None:
        _close(connection)
    return sent


def _close(connection: Any) -> None:
    try:
        connection.close()
    except (OSError, smtplib.SMTPException) as error:
        logger.info("the connection to the mail server did not close well: %s", error)


def _claim_next() -> Mail | None:
    """The next waiting e-mail, set to SENDING and committed."""
    with transaction.atomic():
        mail = (
            Mail.objects.select_for_update(skip_locked=True)
            .filter(state=Mail.State.QUEUED, not_before__lte=timezone.now())
            .order_by("not_before", "pk")
            .first()
        )
        if mail is None:
            return None
        mail.state, mail.claimed_at, mail.attempts = Mail.State.SENDING, timezone.now(), mail.attempts + 1
        mail.save(update_fields=["state", "claimed_at", "attempts"])
    return mail


def _hand_over(mail: Mail, connection: Any) -> bool:
    """Send the e-mail. Returns whether the server accepted it; otherwise the new state is already stored."""
    try:
        connection.send_messages([_envelope(mail)])
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        if _code(error) >= PERMANENT or mail.attempts >= MAX_ATTEMPTS:
            _set_state(mail, Mail.State.FAILED, error)
        else:
            _put_back(mail, error)
    except (UnicodeError, ValueError) as error:
        _set_state(mail, Mail.State.FAILED, error)
    except (OSError, smtplib.SMTPException) as error:
        _set_state(mail, Mail.State.UNCLEAR, error)
        logger.exception("e-mail %s was interrupted; it may have been sent and is not sent again", mail.pk)
    else:
        _set_state(mail, Mail.State.SENT)
        return True
    return False


def _envelope(mail: Mail) -> Email:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    # RFC 8058: the unsubscribe button of a mail client posts to this URL.
    stop = {"List-Unsubscribe": f"<{mail.unsubscribe_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    message = Email(
        mail.subject,
        mail.text,
        to=[mail.address],
        headers={
            "Message-ID": f"<{hashlib.sha256(mail.key.encode()).hexdigest()[:32]}@{host}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": mail.language,
            **(stop if mail.unsubscribe_url else {}),
        },
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def _code(error: smtplib.SMTPException) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max((int(code) for code, _words in error.recipients.values()), default=PERMANENT)
    return int(getattr(error, "smtp_code", 0))


def _set_state(mail: Mail, state: str, error: Exception | None = None, **more: Any) -> None:
    mail.state = state
    changes: dict[str, Any] = {"state": state, "error": f"{type(error).__name__}: {error}"[:2000] if error else "", **more}
    if state == Mail.State.SENT:
        changes["sent_at"] = timezone.now()
    if state != Mail.State.QUEUED and mail.key.startswith(ACCOUNT_KEY):
        changes |= {"text": "", "html": ""}
    Mail.objects.filter(pk=mail.pk, state__in=[Mail.State.SENDING, Mail.State.UNCLEAR]).update(**changes)


def _put_back(mail: Mail, error: Exception) -> None:
    pause = min(FIRST_PAUSE * 2 ** min(mail.attempts - 1, 12), MAX_PAUSE)
    _set_state(mail, Mail.State.QUEUED, error, not_before=timezone.now() + pause)


def flag_interrupted_mail() -> int:
    """Mark e-mails whose worker stopped while sending as unclear; they are not sent again automatically. Returns how many."""
    flagged = Mail.objects.filter(state=Mail.State.SENDING, claimed_at__lt=timezone.now() - INTERRUPTED_AFTER).update(
        state=Mail.State.UNCLEAR, error="the sending process ended before the mail server's answer was noted"
    )
    if flagged:
        logger.error("%s e-mails were interrupted while being sent; see the delivery log", flagged)
    return flagged
