"""Handing an institution over: an owner offers, a colleague accepts, and only then does anything change."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exchange.core.access import require
from exchange.core.errors import DomainError, StaleError
from exchange.core.history import record_history
from profiles.access import access_of, forget_access
from profiles.models import Handover, Institution, Membership, User
from profiles.signals import access_changed, handover_changed, membership_changed
from profiles.states import Answer, Role


def can_hand_over(user: Any, institution: Institution) -> bool:
    """Owners hand over what is theirs; nobody does it for them."""
    return Role.OWNER in access_of(user).roles_in(institution.pk)


def open_handover(institution: Institution) -> Handover | None:
    """The offer that waits for an answer, if there is one."""
    found: Handover | None = (
        Handover.objects.open().filter(institution=institution).select_related("giver", "taker", "institution").first()
    )
    return found


def handovers_for(user: Any) -> "QuerySet[Handover]":
    """Offers that wait for this person."""
    rows: QuerySet[Handover] = Handover.objects.open().filter(taker=user.pk).select_related("institution", "giver")
    return rows


@transaction.atomic
def offer_ownership(institution: Institution, taker: User, *, by: User, leaves: bool = False) -> Handover:
    """Offer one's ownership to another member of the team. With `leaves` one goes altogether once it is accepted.

    Refuses somebody outside the team, oneself, and a second offer while one waits. Sends `handover_changed`.
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
        raise DomainError(_("A hand-over waits for its answer already. Withdraw it first."), code="handover-open")
    handover = Handover.objects.create(institution=institution, giver=by, taker=taker, leaves=leaves)
    _record(handover, "offer_ownership", by)
    return handover


@transaction.atomic
def answer_handover(handover: Handover, answer: str, *, by: User) -> Handover:
    """Accept or decline an offer made to oneself, or withdraw one's own. The same answer again changes nothing; a late one is stale.

    Accepting makes the taker an owner and takes ownership from the giver, who stays as editor or leaves. Refused as stale when the giver
    is no owner any more, or the taker no longer in the team. Sends `handover_changed`, `membership_changed`, `access_changed`.
    """
    institution: Institution = (
        Institution.objects.select_for_update(of=("self",)).only("pk", "state").get(pk=handover.institution_id)
    )
    held: Handover = Handover.objects.select_for_update(of=("self",)).get(pk=handover.pk)
    answer = Answer(answer)
    require(by.is_active and by.pk == (held.giver_id if answer == Answer.WITHDRAWN else held.taker_id))
    if held.answer == answer:
        return held
    if held.answer or held.expires_at <= timezone.now():
        raise StaleError(_("This hand-over is no longer open."))
    held.answer, held.answered_at = answer, timezone.now()
    held.save(update_fields=["answer", "answered_at"])
    if answer == Answer.ACCEPTED:
        _change_owner(held, institution)
    transitions = {
        Answer.ACCEPTED: "accept_ownership",
        Answer.DECLINED: "decline_ownership",
        Answer.WITHDRAWN: "withdraw_ownership",
    }
    _record(held, transitions[answer], by)
    if answer == Answer.ACCEPTED:
        forget_access(by)
        for user_id in (held.taker_id, held.giver_id):
            membership_changed.send(Membership, institution_id=institution.pk, user_id=user_id)
            access_changed.send(User, user_id=user_id)
    return held


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
    handover_changed.send(Handover, handover_id=handover.pk)
