"""E-mails: written once in the recipient's language, handed to the mail server at most once, with their fate on record."""

import hashlib
import logging
import smtplib
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from exchange.core.jobs.broker import notify_worker
from messaging.models import Mail

logger = logging.getLogger(__name__)

MAX_SUBJECT_LENGTH = 250
FIRST_PAUSE = timedelta(seconds=15)
MAX_PAUSE = timedelta(hours=1)
MAX_ATTEMPTS = 40
INTERRUPTED_AFTER = timedelta(minutes=15)
PERMANENT = 500


@contextmanager
def reading_as(user: User) -> Iterator[None]:
    """The language and the clock of a person, for as long as the block lasts."""
    with translation.override(user.language or settings.LANGUAGE_CODE), timezone.override(_zone(user.time_zone)):
        yield


def _zone(name: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(name or settings.TIME_ZONE)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return zoneinfo.ZoneInfo(settings.TIME_ZONE)


def compose_email(user: User, *, key: str, template: str, subject: str, context: Mapping[str, Any]) -> Mail:
    """An e-mail to this person, not yet stored, in the language now active: `email/<template>.txt` and `.html`."""
    chosen = {"settings_url": settings.SITE_URL + reverse("notification_settings")}
    email = compose_email_to(user.email, key=key, template=template, subject=subject, context={**chosen, **context})
    email.user = user
    return email


def compose_email_to(address: str, *, key: str, template: str, subject: str, context: Mapping[str, Any]) -> Mail:
    """As `compose_email`, to an address behind which there may be no account."""
    words = {"site_url": settings.SITE_URL, "demo": settings.DEMO, "subject": subject, **context}
    return Mail(
        key=key,
        address=address,
        language=translation.get_language() or settings.LANGUAGE_CODE,
        subject=" ".join(subject.split())[:MAX_SUBJECT_LENGTH],
        text=render_to_string(f"email/{template}.txt", words).strip() + "\n",
        html=render_to_string(f"email/{template}.html", words),
    )


def queue_emails(emails: Iterable[Mail]) -> None:
    """Store the e-mails that were not written before, and have a worker send them after commit."""
    rows = list(emails)
    if rows:
        Mail.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
        transaction.on_commit(lambda: notify_worker("messaging.periodic.send_mail"), robust=True)


def send_waiting_mail(limit: int = 200) -> int:
    """Hand up to `limit` waiting e-mails to the mail server over one connection; returns how many it took.

    Each is claimed in a committed transaction before the server hears of it. A server that is away gets the e-mail later; one that
    refuses it for good fails it; one that falls silent in the middle leaves it unclear, because it may have gone out.
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
            logger.warning("the mail server cannot be reached, letters wait: %s", error)
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
    """The next waiting e-mail, now SENDING for everybody."""
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
    """Whether the server took the e-mail; otherwise its fate is already written."""
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
        logger.exception("letter %s was interrupted; it may have gone out and is not sent again", mail.pk)
    else:
        _set_state(mail, Mail.State.SENT)
        return True
    return False


def _envelope(mail: Mail) -> EmailMultiAlternatives:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    # RFC 8058: the button "unsubscribe" of a mail programme posts to this address.
    stop = {"List-Unsubscribe": f"<{mail.unsubscribe_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    message = EmailMultiAlternatives(
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
    Mail.objects.filter(pk=mail.pk, state__in=[Mail.State.SENDING, Mail.State.UNCLEAR]).update(**changes)


def _put_back(mail: Mail, error: Exception) -> None:
    pause = min(FIRST_PAUSE * 2 ** min(mail.attempts - 1, 12), MAX_PAUSE)
    _set_state(mail, Mail.State.QUEUED, error, not_before=timezone.now() + pause)


def flag_interrupted_mail() -> int:
    """Mark e-mails whose sender disappeared while sending; they are not sent again, people decide. Returns how many."""
    flagged = Mail.objects.filter(state=Mail.State.SENDING, claimed_at__lt=timezone.now() - INTERRUPTED_AFTER).update(
        state=Mail.State.UNCLEAR, error="the sending process ended before the mail server's answer was noted"
    )
    if flagged:
        logger.error("%s letters were interrupted while being sent; see the delivery log", flagged)
    return flagged
