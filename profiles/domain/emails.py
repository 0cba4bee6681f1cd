"""E-mails about profiles, sent by the outbox: claim invitations and confirmation reminders."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from exchange.core.date_format import write_date
from messaging.domain.mail import compose_email_to, queue_emails, reading_as
from messaging.domain.notifications import notify
from profiles.domain.claims import claim_path
from profiles.domain.confirmation import confirm_path, due_for_confirmation
from profiles.models import ClaimInvitation


def send_claim_link(*, invitation_id: int) -> None:
    """Send the link to the address only, whether or not it has an account; in the inviter's language."""
    invitation = (
        ClaimInvitation.objects.select_related("profile__imported__institution", "invited_by").filter(pk=invitation_id).first()
    )
    if invitation is None or not invitation.is_open:
        return
    maker = invitation.profile.imported.institution
    with reading_as(invitation.invited_by):
        values = {
            "name": invitation.profile.shown_name,
            "maker": str(maker.name) if maker else invitation.invited_by.get_full_name(),
            "date": write_date(invitation.expires_at.date()),
        }
        context = {
            "text": _("Profile: %(name)s. Created by: %(maker)s. The link is valid until: %(date)s.") % values
            + "\n\n"
            + _("Before anything changes you will see what you are taking over. If this is not you, ignore this message."),
            "action_label": pgettext("button in an e-mail", "View and take over"),
            "action_url": f"{settings.SITE_URL}{claim_path(invitation)}",
        }
        letter = compose_email_to(
            invitation.email,
            key=f"claim-invitation-{invitation.pk}",
            template="invitation",
            subject=_("A profile was created for you: %(name)s") % values,
            context=context,
        )
        queue_emails([letter])


def ask_for_confirmation(*, profile_id: int) -> None:
    """Send the yearly reminder with a link that works without logging in; a second run sends nothing."""
    profile = due_for_confirmation(profile_id)
    if profile is not None and profile.user_id is not None:
        key = f"{profile.pk}-{profile.asked_on or profile.confirmed_on}"
        notify([profile.user_id], "profile_confirmation", key=key, url=confirm_path(profile), date=profile.confirmed_on)
