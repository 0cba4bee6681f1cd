"""E-mails about what belongs to whom: institutions handed over, profiles to be taken over, two profiles that may be one person's."""

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
from profiles.access import access_of
from profiles.domain.claims import claim_path, claims_for
from profiles.domain.coordinators import coordinator_ids
from profiles.domain.handovers import handovers_for
from profiles.domain.institutions import team_ids
from profiles.models import ClaimInvitation, Handover, ProfileMerge
from profiles.signals import handover_changed, invited_to_claim, merge_state_changed
from profiles.states import EDITING_ROLES, MergeState

HANDOVER = gettext_lazy("You are offered an institution: %(institution)s")
MERGE = gettext_lazy("Are these two profiles one person's? %(name)s")
CLAIM = gettext_lazy("A profile was made for you: %(name)s")

for _kind in (
    NotificationType(
        "handover_offered",
        label=gettext_lazy("An institution is offered to me"),
        title=HANDOVER,
        text=gettext_lazy("Offered by: %(name)s. Valid until: %(date)s."),
        action=pgettext_lazy("button in a letter", "Answer the offer"),
        urgent=True,
    ),
    NotificationType(
        "handover_answered",
        label=gettext_lazy("An answer to my offer of an institution"),
        title=gettext_lazy("Your offer is answered: %(institution)s"),
        text=gettext_lazy("Answer: %(answer)s. By: %(name)s."),
        action=pgettext_lazy("button in a letter", "Look at the team"),
        urgent=True,
    ),
    NotificationType(
        "merge_proposed",
        label=gettext_lazy("Somebody says that two profiles are one person's"),
        title=MERGE,
        text=gettext_lazy("Nothing changes until you answer."),
        action=pgettext_lazy("button in a letter", "Look at both"),
        urgent=True,
    ),
    NotificationType(
        "merge_answered",
        label=gettext_lazy("Two profiles became one, or two again"),
        title=gettext_lazy("Two profiles: %(answer)s"),
        text=gettext_lazy("If this is a mistake, it can be undone within 30 days."),
        action=pgettext_lazy("button in a letter", "Look at both"),
        urgent=True,
    ),
):
    register_notification_type(_kind)


@receiver(handover_changed)
def on_handover_changed(handover_id: int, **kwargs: Any) -> None:
    handover = Handover.objects.select_related("institution", "giver", "taker").get(pk=handover_id)
    url = reverse("institution_team", args=[handover.institution.slug])
    words: dict[str, Any] = {"institution": handover.institution.name}
    if not handover.answer:
        words |= {"name": handover.giver.get_full_name(), "date": handover.expires_at.date()}
        notify([handover.taker_id], "handover_offered", key=f"{handover.pk}", url=url, **words)
    elif handover.answer != "withdrawn":
        words |= {"name": handover.taker.get_full_name(), "answer": handover.get_answer_display()}
        notify([handover.giver_id], "handover_answered", key=f"{handover.pk}", url=url, **words)


@receiver(merge_state_changed)
def on_merge_state_changed(merge_id: int, **kwargs: Any) -> None:
    """A proposal is for the side that is asked; what becomes of it is for both."""
    merge = ProfileMerge.objects.select_related("target").get(pk=merge_id)
    if merge.state == MergeState.PROPOSED:
        notify(_asked(merge), "merge_proposed", key=f"{merge.pk}", url=merge.get_absolute_url(), name=merge.target.shown_name)
    elif merge.state != MergeState.WITHDRAWN:
        people = sorted({merge.target_user_id, *_asked(merge)})
        key = f"{merge.pk}-{merge.state}"
        notify(people, "merge_answered", key=key, url=merge.get_absolute_url(), answer=merge.get_state_display())


def _asked(merge: ProfileMerge) -> list[int]:
    if merge.source_user_id is not None:
        return [merge.source_user_id]
    if merge.made_by_institution_id is not None:
        return team_ids(merge.made_by_institution_id, EDITING_ROLES)
    return coordinator_ids(merge.made_by_country)


@receiver(invited_to_claim)
def on_invited_to_claim(invitation_id: int, **kwargs: Any) -> None:
    enqueue("messaging.claim_invitation", invitation_id=invitation_id)


@outbox_handler("messaging.claim_invitation")
def send_claim_link(*, invitation_id: int) -> None:
    """The e-mail with the link goes to the address alone, whether or not an account stands behind it; in the inviter's language."""
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
            "text": _("Profile: %(name)s. Made by: %(maker)s. The link holds until: %(date)s.") % values
            + "\n\n"
            + _("Look at it first: you see what you take over before anything changes. If this is not you, leave it."),
            "action_label": pgettext("button in a letter", "Look and take over"),
            "action_url": f"{settings.SITE_URL}{claim_path(invitation)}",
        }
        email = compose_email_to(
            invitation.email,
            key=f"claim-invitation-{invitation.pk}",
            template="stranger",
            subject=_("A profile was made for you: %(name)s") % values,
            context=context,
        )
        queue_emails([email])


@task_provider
def handover_tasks(user: Any) -> list[TaskItem]:
    return [
        TaskItem(
            HANDOVER % {"institution": row.institution.name},
            reverse("institution_team", args=[row.institution.slug]),
            due=row.expires_at,
        )
        for row in handovers_for(user)
    ]


@task_provider
def merge_tasks(user: Any) -> list[TaskItem]:
    """Proposals that this person, or an institution or country they act for, has to answer."""
    access = access_of(user)
    rows = ProfileMerge.objects.visible_to(user).filter(state=MergeState.PROPOSED).exclude(target_user=access.user_id)
    return [
        TaskItem(MERGE % {"name": row.target.shown_name}, row.get_absolute_url())
        for row in rows.select_related("target").order_by("pk")[:20]
    ]


@task_provider
def claim_tasks(user: Any) -> list[TaskItem]:
    return [TaskItem(CLAIM % {"name": row.shown_name}, reverse("claim", args=[row.pk])) for row in claims_for(user)[:5]]
