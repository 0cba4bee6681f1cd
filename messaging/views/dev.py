"""E-mails of a demonstration, read from the folder of Django's file backend. Available in demo and debug mode only.

They hold links that open accounts: the machine that runs the demonstration sees all, anybody else what was sent to their own addresses.
"""

import datetime as dt
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import user_signed_up
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import User

MAX_EMAILS = 60
SIGNED_UP = "signed_up_as"
"""In a session: addresses of the accounts that were created with it."""
MAX_SIGNED_UP = 10
LOOPBACK = {"127.0.0.1", "::1"}
LOCAL_HOSTS = {"127.0.0.1", "localhost", "[::1]"}
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
"""Headers that proxies and tunnels add."""
# What Django's file backend writes between e-mails of one connection.
SEPARATOR = b"\n" + b"-" * 79 + b"\n"


@dataclass(frozen=True)
class Email:
    """An e-mail as its recipient would see it."""

    to: str
    subject: str
    text: str
    at: dt.datetime

    def is_to(self, addresses: set[str]) -> bool:
        """Whether it went to one of these addresses, given in lower case."""
        return any(address.lower() in addresses for _name, address in getaddresses([self.to]))


@login_not_required
@never_cache
@require_GET
def dev_mail(request: HttpRequest) -> HttpResponse:
    """The latest e-mails that this browser may read, newest first; `?to=` limits them to one address."""
    if not (settings.DEMO or settings.DEBUG):
        raise Http404
    to = request.GET.get("to", "").strip().lower()
    local = is_local(request)
    own = set() if local else own_addresses(request)
    emails = [email for email in _emails(Path(settings.EMAIL_FILE_PATH)) if to in email.to.lower() and (local or email.is_to(own))]
    return render(request, "messaging/dev_mail.html", {"emails": emails[:MAX_EMAILS], "to": to, "local": local})


def is_local(request: HttpRequest) -> bool:
    """Whether the browser runs on the machine of the server: no proxy, no tunnel, and an address that only this machine has."""
    forwarded = any(name in request.headers for name in FORWARDED)
    host, _port = split_domain_port(request.get_host())
    return request.META.get("REMOTE_ADDR") in LOOPBACK and host in LOCAL_HOSTS and not forwarded


def own_addresses(request: HttpRequest) -> set[str]:
    """The addresses of the account that is logged in, and those that this browser signed up with and that wait for their confirmation.

    Without addresses that another account has: to name one is not to own it.
    """
    mine = EmailAddress.objects.filter(user_id=request.user.pk) if request.user.is_authenticated else EmailAddress.objects.none()
    new = EmailAddress.objects.filter(email__in=request.session.get(SIGNED_UP, []), verified=False)
    wanted = {row.email.lower(): row.user_id for row in [*mine, *new]}
    others = EmailAddress.objects.filter(email__in=wanted, verified=True).values_list("email", "user_id")
    return set(wanted) - {email.lower() for email, user_id in others if user_id != wanted[email.lower()]}


@receiver(user_signed_up)
def on_signed_up(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Remember in a demonstration which browser created the account."""
    if settings.DEMO:
        request.session[SIGNED_UP] = [*request.session.get(SIGNED_UP, []), user.email.lower()][-MAX_SIGNED_UP:]


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
