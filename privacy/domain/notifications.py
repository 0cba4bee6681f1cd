"""Notifications about archives, and e-mails about the deletion of an account."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import AccountRemoval
from exchange.core.date_format import write_date
from messaging.domain.mail import compose_email_to, queue_emails, reading_as
from messaging.domain.notifications import notify
from privacy.models import DataExport


def notify_of_export(export: DataExport, *, ready: bool) -> None:
    """Notify the user that the archive is ready, or could not be made."""
    url = reverse("my_data")
    if ready and export.expires_at is not None:
        notify([export.user_id], "data_export_ready", key=str(export.key), url=url, date=export.expires_at.date())
    else:
        notify([export.user_id], "data_export_failed", key=str(export.key), url=url)


def notify_of_removal(removal: AccountRemoval, transition: str) -> None:
    """E-mail the user directly: the account is closed, so notifications do not reach it, and the last e-mail needs the address before it is erased.

    `transition` is "ask", "take_back" or "carry_out".
    """
    user = removal.user
    with reading_as(user):
        subject, text, button, address = _texts(removal, transition)
        email = compose_email_to(
            user.email,
            key=f"account-removal:{removal.pk}:{transition}",
            template="account",
            subject=subject,
            context={"text": text, "action_label": button, "action_url": settings.SITE_URL + address},
        )
    email.user = None if transition == "carry_out" else user
    queue_emails([email])


def _texts(removal: AccountRemoval, transition: str) -> tuple[str, str, str, str]:
    if transition == "ask":
        date = write_date(timezone.localtime(removal.due_at).date())
        text = _(
            "Your account is closed and your profile is hidden. On %(date)s everything is deleted.\n\nDid you change your "
            "mind, or was it not you? Log in before that day and choose “Keep my account”. If it was not you, change your "
            "password then."
        ) % {"date": date}
        return _("Your account will be deleted"), text, pgettext("button in an e-mail", "Log in"), reverse("account_login")
    if transition == "take_back":
        text = _(
            "Everything has been restored. API tokens and sessions have ended permanently: create new ones where you need them."
        )
        return _("Your account is kept"), text, pgettext("button in an e-mail", "Open Miras"), reverse("home")
    text = _(
        "Your profile, your files, your drafts and your settings are deleted. Records that others depend on are kept "
        "without your name: decisions, approvals, the history, and what you wrote in conversations with others.\n\nThis "
        "is the last e-mail to this address."
    )
    return _("Your account is deleted"), text, pgettext("button in an e-mail", "What is kept, and why"), reverse("privacy")
