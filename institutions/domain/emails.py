"""E-mails and notifications of team invitations, sent by the outbox."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from accounts.states import Role
from exchange.core.date_format import write_date
from institutions.models import TeamInvitation
from messaging.domain.mail import compose_email_to, queue_emails, reading_as
from messaging.domain.notifications import notify


def notify_invited(*, invitation_id: int) -> None:
    """Notify the account with this confirmed address; without one, send an e-mail in the language of the inviting user. Does nothing when the invitation is closed."""
    invitation = TeamInvitation.objects.open().filter(pk=invitation_id).select_related("institution", "invited_by").first()
    if invitation is None:
        return
    key = f"{invitation.pk}-{invitation.created_at:%Y%m%d%H%M}"
    data = {
        "institution": invitation.institution.name,
        "role": Role(invitation.role).label,
        "name": invitation.invited_by.get_full_name(),
        "date": invitation.expires_at.date(),
    }
    holder = User.objects.filter(emailaddress__email__iexact=invitation.email, emailaddress__verified=True, is_active=True).first()
    if holder is not None:
        notify([holder.pk], "team_invitation", key=key, url=reverse("invitations"), **data)
    else:
        _email_invitation(invitation, key, data)


def _email_invitation(invitation: TeamInvitation, key: str, data: dict[str, Any]) -> None:
    with reading_as(invitation.invited_by):
        values = {name: str(value) for name, value in data.items()} | {"date": write_date(data["date"])}
        context = {
            "text": _("Role: %(role)s. Invited by: %(name)s. Valid until: %(date)s.") % values
            + "\n\n"
            + _("Create an account with this address and confirm the address: the invitation will appear in your account."),
            "action_label": pgettext("button in an e-mail", "Answer the invitation"),
            "action_url": f"{settings.SITE_URL}{reverse('account_signup')}?next={reverse('invitations')}",
        }
        queue_emails(
            [
                compose_email_to(
                    invitation.email,
                    key=f"team-invitation-{key}",
                    template="invitation",
                    subject=_("Invitation to a team: %(institution)s") % values,
                    context=context,
                )
            ]
        )
