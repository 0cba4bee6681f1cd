"""Claims, merges of profiles and hand-overs in the API: the same actions and visibility as the pages."""

import datetime
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from exchange.core.api import TransitionIn, TransitionOut, get_visible, list_page, transitions_of
from exchange.core.errors import DomainError
from profiles.domain import claims, handovers, profile_merge
from profiles.models import ExpertProfile, Handover, Institution, ProfileMerge, User
from profiles.models.handovers import HandoverQuerySet
from profiles.states import Answer, MergeState

router = Router(tags=["profiles"])
Limit = Annotated[int, Query(ge=1, le=100)]
ANSWERS = {"accept": Answer.ACCEPTED, "decline": Answer.DECLINED, "withdraw": Answer.WITHDRAWN}


class ClaimOut(Schema):
    """A profile that was made for the account that asks."""

    id: int
    name: str
    headline: str


class ClaimPage(Schema):
    items: list[ClaimOut]
    next: str | None


class ClaimedOut(Schema):
    """The profile that is the account's now; `merged` when it joined one the account had."""

    id: int
    merged: bool


class EmailIn(Schema):
    email: str


class MergeOut(Schema):
    """Two profiles of one person; `moves` are the reader's."""

    id: int
    kept: int
    gone: int
    state: MergeState
    created_at: datetime.datetime
    merged_at: datetime.datetime | None
    undo_until: datetime.datetime | None
    moves: list[TransitionOut]


class MergePage(Schema):
    items: list[MergeOut]
    next: str | None


class ProposalIn(Schema):
    """The other profile that is the account's, too."""

    expert: int


class HandoverOut(Schema):
    """Ownership on its way; `answer` is empty while it is open."""

    id: int
    institution: str
    giver: int
    taker: int
    leaves: bool
    expires_at: datetime.datetime
    answer: str


class HandoverPage(Schema):
    items: list[HandoverOut]
    next: str | None


class HandoverIn(Schema):
    """To whom of the team, by account id; `leaves` when the giver leaves the team once it is accepted."""

    institution: Annotated[str, Field(max_length=80, pattern=r"^[-a-zA-Z0-9_]+$")]
    taker: int
    leaves: bool = False


@router.get("/claims", response=ClaimPage, summary="Profiles that were made for me")
def claim_list(request: HttpRequest, cursor: str | None = None, limit: Limit = 20) -> dict[str, Any]:
    return list_page(claims.claims_for(request.user), ("pk",), _claim_out, cursor=cursor, limit=limit)


@router.post("/claims/{int:pk}", response=ClaimedOut, summary="Take over a profile that was made for me")
def claim(request: HttpRequest, pk: int) -> dict[str, Any]:
    user: Any = request.user
    taken = claims.claim_profile(get_visible(claims.claims_for(user), pk=pk), by=user)
    return {"id": taken.profile.pk, "merged": taken.merged}


@router.post("/experts/{int:pk}/claim-invitations", response={204: None}, summary="Invite the person of a profile I made")
def claim_invite(request: HttpRequest, pk: int, body: EmailIn) -> Any:
    user: Any = request.user
    made = ExpertProfile.objects.filter(imported__institution__in=user.access.edited_institutions)
    profile = ExpertProfile.objects.visible_to(user).filter(pk=pk).first() or get_visible(made, pk=pk)
    claims.invite_to_claim(profile, email=_address(body.email), by=user)
    return Status(204, None)


@router.get("/profile-merges", response=MergePage, summary="Merges of profiles I take part in")
def merge_list(request: HttpRequest, cursor: str | None = None, limit: Limit = 20) -> dict[str, Any]:
    """Newest first."""
    rows = ProfileMerge.objects.visible_to(request.user)
    return list_page(rows, ("-pk",), lambda row: merge_out(row, request.user), cursor=cursor, limit=limit)


@router.post("/profile-merges", response=MergeOut, summary="Say that another profile is mine, too")
def merge_propose(request: HttpRequest, body: ProposalIn) -> dict[str, Any]:
    user: Any = request.user
    own = ExpertProfile.objects.filter(user=user).first()
    if own is None:
        raise DomainError(_("Make your profile first."), code="no-profile")
    other = get_visible(ExpertProfile.objects.visible_to(user), pk=body.expert)
    return merge_out(profile_merge.propose_merge(own, other, by=user), user)


@router.post("/profile-merges/{int:pk}/{move}", response=MergeOut, summary="Confirm, refuse, withdraw or undo a merge")
def merge_move(request: HttpRequest, pk: int, move: str, body: TransitionIn | None = None) -> dict[str, Any]:
    user: Any = request.user
    merge = get_visible(ProfileMerge.objects.visible_to(user), pk=pk)
    if move not in merge.moves:
        raise DomainError(_("There is no such move."), code="unknown-move", status=404)
    return merge_out(profile_merge.transition_merge(merge, move, by=user), user)


@router.get("/handovers", response=HandoverPage, summary="Hand-overs of institutions I give or take")
def handover_list(request: HttpRequest, cursor: str | None = None, limit: Limit = 20) -> dict[str, Any]:
    """Newest first."""
    return list_page(_mine(request), ("-pk",), _handover_out, cursor=cursor, limit=limit)


@router.post("/handovers", response=HandoverOut, summary="Offer the ownership of an institution")
def handover_offer(request: HttpRequest, body: HandoverIn) -> dict[str, Any]:
    user: Any = request.user
    institution = get_visible(Institution.objects.visible_to(user), slug=body.institution)
    team = User.objects.filter(memberships__institution__in=user.access.institutions).distinct()
    return _handover_out(handovers.offer_ownership(institution, get_visible(team, pk=body.taker), by=user, leaves=body.leaves))


@router.post("/handovers/{int:pk}/{answer}", response=HandoverOut, summary="Accept, decline or withdraw a hand-over")
def handover_answer(request: HttpRequest, pk: int, answer: str) -> dict[str, Any]:
    user: Any = request.user
    handover = get_visible(_mine(request), pk=pk)
    if answer not in ANSWERS:
        raise DomainError(_("There is no such move."), code="unknown-move", status=404)
    return _handover_out(handovers.answer_handover(handover, ANSWERS[answer], by=user))


def merge_out(merge: ProfileMerge, reader: Any) -> dict[str, Any]:
    return {
        "id": merge.pk,
        "kept": merge.target_id,
        "gone": merge.source_id,
        "state": merge.state,
        "created_at": merge.created_at,
        "merged_at": merge.merged_at,
        "undo_until": merge.undo_until,
        "moves": transitions_of(merge, reader),
    }


def _claim_out(profile: ExpertProfile) -> dict[str, Any]:
    return {"id": profile.pk, "name": profile.shown_name, "headline": profile.headline}


def _handover_out(row: Handover) -> dict[str, Any]:
    return {
        "id": row.pk,
        "institution": row.institution.slug,
        "giver": row.giver_id,
        "taker": row.taker_id,
        "leaves": row.leaves,
        "expires_at": row.expires_at,
        "answer": row.answer,
    }


def _mine(request: HttpRequest) -> HandoverQuerySet:
    user: Any = request.user
    rows: HandoverQuerySet = (Handover.objects.filter(giver=user) | Handover.objects.filter(taker=user)).select_related(
        "institution"
    )
    return rows


def _address(email: str) -> str:
    try:
        validate_email(email)
    except ValidationError as error:
        raise DomainError(_("This is no e-mail address."), code="bad-email") from error
    return email
