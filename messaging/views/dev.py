"""E-mails of a demonstration, read from the folder of Django's file backend. Available in demo and debug mode only."""

import datetime as dt
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

MAX_EMAILS = 60
# What Django's file backend writes between e-mails of one connection.
SEPARATOR = b"\n" + b"-" * 79 + b"\n"


@dataclass(frozen=True)
class Email:
    """An e-mail as its recipient would see it."""

    to: str
    subject: str
    text: str
    at: dt.datetime


@login_not_required
@never_cache
@require_GET
def dev_mail(request: HttpRequest) -> HttpResponse:
    """The latest e-mails, newest first; `?to=` limits them to one address."""
    if not (settings.DEMO or settings.DEBUG):
        raise Http404
    to = request.GET.get("to", "").strip().lower()
    emails = [email for email in _emails(Path(settings.EMAIL_FILE_PATH)) if to in email.to.lower()]
    return render(request, "messaging/dev_mail.html", {"emails": emails[:MAX_EMAILS], "to": to})


def _emails(folder: Path) -> list[Email]:
    files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)[:MAX_EMAILS]
    emails = [email for path in files for email in _emails_in(path)]
    return sorted(emails, key=lambda email: email.at, reverse=True)


def _emails_in(path: Path) -> list[Email]:
    """The e-mails of one file in order; the last one may be incomplete while it is being written."""
    written = dt.datetime.fromtimestamp(path.stat().st_mtime, tz=dt.UTC)
    pieces = [piece for piece in path.read_bytes().split(SEPARATOR) if piece.strip()]
    return [_read(BytesParser(policy=policy.default).parsebytes(piece), written) for piece in pieces]


def _read(message: EmailMessage, written: dt.datetime) -> Email:
    body = message.get_body(("plain", "html"))
    try:
        at = message["Date"].datetime if message["Date"] else written
    except (AttributeError, ValueError):
        at = written
    return Email(
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        text=body.get_content() if body else "",
        at=at if timezone.is_aware(at) else at.replace(tzinfo=dt.UTC),
    )
