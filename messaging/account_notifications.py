"""Notifications of the app below, which cannot write e-mails itself: invitations to teams, institutions to be verified, profiles to be confirmed."""

from typing import Any

from django.conf import settings
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from exchange.core.date_format import write_date
from exchange.core.outbox import enqueue, outbox_handler
from messaging.domain.mail import compose_email_to, queue_emails, reading_as
from messaging.domain.notifications import notify
from messaging.my_tasks import TaskItem, task_provider
from messaging.notification_types import NotificationType, register_notification_type
from profiles.domain.confirmation import confirm_path, due_for_confirmation
from profiles.domain.coordinators import coordinator_ids
from profiles.domain.institutions import team_ids
from profiles.domain.queries import open_invitations, waiting_institutions
from profiles.models import Institution, TeamInvitation, User
from profiles.signals import confirmation_due, institution_state_changed, invited_to_team
from profiles.states import Role

LOOK = pgettext_lazy("button in a letter", "Look at the institution")
INVITED = gettext_lazy("Invitation to a team: %(institution)s")
INVITED_TEXT = gettext_lazy("Role: %(role)s. Invited by: %(name)s. Valid until: %(date)s.")

for _kind in (
    NotificationType(
        "team_invitation",
        label=gettext_lazy("An invitation to a team"),
        title=INVITED,
        text=INVITED_TEXT,
        action=pgettext_lazy("button in a letter", "Answer the invitation"),
        urgent=True,
    ),
    NotificationType(
        "institution_to_verify",
        label=gettext_lazy("An institution waits to be verified"),
        title=gettext_lazy("[Action required] An institution to verify: %(institution)s"),
        text=gettext_lazy("Country: %(country)s. Until then it cannot post programmes."),
        action=LOOK,
    ),
    NotificationType(
        "institution_verified",
        label=gettext_lazy("My institution is verified"),
        title=gettext_lazy("Your institution is verified: %(institution)s"),
        text=gettext_lazy("It can post programmes from now on."),
        action=LOOK,
        urgent=True,
    ),
    NotificationType(
        "institution_suspended",
        label=gettext_lazy("My institution is suspended"),
        title=gettext_lazy("Your institution is suspended: %(institution)s"),
        text=gettext_lazy("Its page is closed to others. Ask the coordinator of your country."),
        action=LOOK,
        urgent=True,
    ),
    NotificationType(
        "profile_confirmation",
        label=gettext_lazy("Once a year: does my profile still hold?"),
        title=gettext_lazy("Does your profile still hold?"),
        text=gettext_lazy(
            "You last confirmed it on: %(date)s. Hosts look at this date, and profiles that nobody confirms are found later than others. "
            "If everything is still true, one click says so; you need not log in."
        ),
        action=pgettext_lazy("button in a letter", "Look and confirm"),
    ),
):
    register_notification_type(_kind)


@receiver(invited_to_team)
def on_invited_to_team(invitation_id: int, **kwargs: Any) -> None:
    enqueue("messaging.team_invitation", invitation_id=invitation_id)


@outbox_handler("messaging.team_invitation")
def notify_invited(*, invitation_id: int) -> None:
    """Notifications for the account that has confirmed the address; an e-mail in the language of who invites where there is none."""
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
        _write_to_stranger(invitation, key, data)


def _write_to_stranger(invitation: TeamInvitation, key: str, data: dict[str, Any]) -> None:
    with reading_as(invitation.invited_by):
        values = {name: str(value) for name, value in data.items()} | {"date": write_date(data["date"])}
        context = {
            "text": _("Role: %(role)s. Invited by: %(name)s. Valid until: %(date)s.") % values
            + "\n\n"
            + _("Make an account with this address, confirm it, and the invitation is there."),
            "action_label": pgettext("button in a letter", "Answer the invitation"),
            "action_url": f"{settings.SITE_URL}{reverse('account_signup')}?next={reverse('invitations')}",
        }
        queue_emails(
            [
                compose_email_to(
                    invitation.email,
                    key=f"team-invitation-{key}",
                    template="stranger",
                    subject=_("Invitation to a team: %(institution)s") % values,
                    context=context,
                )
            ]
        )


@receiver(confirmation_due)
def on_confirmation_due(profile_id: int, **kwargs: Any) -> None:
    enqueue("messaging.profile_confirmation", profile_id=profile_id)


@outbox_handler("messaging.profile_confirmation")
def ask_for_confirmation(*, profile_id: int) -> None:
    """With a link that works without logging in; once a year, whoever carries it out how often."""
    profile = due_for_confirmation(profile_id)
    if profile is not None and profile.user_id is not None:
        key = f"{profile.pk}-{profile.asked_on or profile.confirmed_on}"
        notify([profile.user_id], "profile_confirmation", key=key, url=confirm_path(profile), date=profile.confirmed_on)


@receiver(institution_state_changed)
def on_institution_state_changed(institution_id: int, transition: str, **kwargs: Any) -> None:
    """A new one waits for the coordinators of its country; the others are for its team."""
    institution = Institution.objects.only("slug", "name", "country", "state_since").get(pk=institution_id)
    words = {"institution": institution.name, "country": institution.get_country_display()}
    key = f"{institution.pk}-{institution.state_since:%Y%m%d%H%M%S}"
    kind = {"create": "institution_to_verify", "verify": "institution_verified", "suspend": "institution_suspended"}.get(transition)
    if kind:
        people = coordinator_ids(institution.country) if transition == "create" else team_ids(institution.pk)
        notify(people, kind, key=key, url=institution.get_absolute_url(), **words)


@task_provider
def invitation_tasks(user: Any) -> list[TaskItem]:
    return [
        TaskItem(INVITED % {"institution": row.institution.name}, reverse("invitations"), due=row.expires_at)
        for row in open_invitations(user)
    ]


@task_provider
def institution_tasks(user: Any) -> list[TaskItem]:
    """Institutions with a team of their own that the coordinators of their country have not verified yet."""
    return [
        TaskItem(gettext_lazy("Verify: %(institution)s") % {"institution": row.name}, row.get_absolute_url())
        for row in waiting_institutions(user)
    ]
