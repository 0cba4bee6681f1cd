"""Hand-over of an institution: an owner offers ownership, a team member accepts. Nothing changes before."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import access_of, forget_access
from accounts.models import User
from accounts.signals import access_changed
from accounts.states import Answer, Role
from exchange.core.access import require
from exchange.core.errors import DomainError, StaleError
from exchange.core.history import record_history
from institutions.domain.notifications import notify_of_handover
from institutions.models import Handover, Institution, Membership
from institutions.signals import membership_changed


def can_hand_over(user: Any, institution: Institution) -> bool:
    """Owners only; neither coordinators nor the secretariat."""
    return Role.OWNER in access_of(user).roles_in(institution.pk)


def open_handover(institution: Institution) -> Handover | None:
    """The open offer of an institution, or None."""
    found: Handover | None = (
        Handover.objects.open().filter(institution=institution).select_related("giver", "taker", "institution").first()
    )
    return found


def handovers_for(user: Any) -> "QuerySet[Handover]":
    """Open offers to this user."""
    rows: QuerySet[Handover] = Handover.objects.open().filter(taker=user.pk).select_related("institution", "giver")
    return rows


@transaction.atomic
def offer_ownership(institution: Institution, taker: User, *, by: User, leaves: bool = False) -> Handover:
    """Offer ownership to another member of the team. With `leaves` the giver leaves the team once it is accepted.

    Refuses anybody outside the team, oneself, and a second offer while one is open. Notifies the taker.
    """
    Institution.objects.select_for_update(of=("self",)).only("pk").get(pk=institution.pk)
    require(Membership.objects.filter(institution=institution, user=by, role=Role.OWNER).exists() and by.is_active)
    if taker.pk == by.pk or not Membership.objects.filter(institution=institution, user=taker, user__is_active=True).exists():
        raise DomainError(_("Choose another member of the team. Invite somebody new first."), code="not-in-team")
    now = timezone.now()
    Handover.objects.filter(institution=institution, answer="", expires_at__lte=now).update(
        answer=Answer.WITHDRAWN, answered_at=now
    )
    if Handover.objects.filter(institution=institution, answer="").exists():
        raise DomainError(_("A hand-over is already waiting for an answer. Withdraw it first."), code="handover-open")
    handover = Handover.objects.create(institution=institution, giver=by, taker=taker, leaves=leaves)
    _record(handover, "offer_ownership", by)
    return handover


@transaction.atomic
def answer_handover(handover: Handover, answer: str, *, by: User) -> Handover:
    """Accept or decline an offer made to oneself, or withdraw one's own. The same answer again changes nothing; another one raises StaleError.

    Accepting makes the taker an owner; the giver becomes an editor or leaves. Raises StaleError when the giver is no longer an owner,
    or the taker no longer in the team. Notifies the giver; sends `membership_changed` and `access_changed`.
    """
    institution: Institution = (
        Institution.objects.select_for_update(of=("self",)).only("pk", "state").get(pk=handover.institution_id)
    )
    locked: Handover = Handover.objects.select_for_update(of=("self",)).get(pk=handover.pk)
    answer = Answer(answer)
    require(by.is_active and by.pk == (locked.giver_id if answer == Answer.WITHDRAWN else locked.taker_id))
    if locked.answer == answer:
        return locked
    if locked.answer or locked.expires_at <= timezone.now():
        raise StaleError(_("This hand-over is no longer open."))
    locked.answer, locked.answered_at = answer, timezone.now()
    locked.save(update_fields=["answer", "answered_at"])
    if answer == Answer.ACCEPTED:
        _change_owner(locked, institution)
    transitions = {
        Answer.ACCEPTED: "accept_ownership",
        Answer.DECLINED: "decline_ownership",
        Answer.WITHDRAWN: "withdraw_ownership",
    }
    _record(locked, transitions[answer], by)
    if answer == Answer.ACCEPTED:
        forget_access(by)
        for user_id in (locked.taker_id, locked.giver_id):
            membership_changed.send(Membership, institution_id=institution.pk, user_id=user_id)
            access_changed.send(User, user_id=user_id)
    return locked


def _change_owner(handover: Handover, institution: Institution) -> None:
    team = Membership.objects.filter(institution=institution)
    gave = team.filter(user=handover.giver_id)
    if not gave.filter(role=Role.OWNER).exists() or not team.filter(user=handover.taker_id).exists():
        raise StaleError(_("The team has changed since this was offered."))
    Membership.objects.get_or_create(institution=institution, user_id=handover.taker_id, role=Role.OWNER)
    if handover.leaves:
        gave.delete()
        return
    gave.filter(role=Role.OWNER).delete()
    if not gave.exists():
        Membership.objects.create(institution=institution, user_id=handover.giver_id, role=Role.EDITOR)


def _record(handover: Handover, transition: str, by: User) -> None:
    state = handover.institution.state
    data = {"giver": handover.giver_id, "taker": handover.taker_id, "leaves": handover.leaves}
    record_history(handover.institution, transition=transition, by=by, before=state, after=state, data=data)
    notify_of_handover(handover)
