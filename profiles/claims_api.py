"""API of claims and merges of profiles: the same actions and visibility as the pages."""

import datetime
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status

from exchange.core.api import TransitionIn, TransitionOut, get_visible, list_page, transitions_of
from exchange.core.errors import DomainError
from profiles.domain import claims, profile_merge
from profiles.models import ExpertProfile, ProfileMerge
from profiles.states import MergeState

router = Router(tags=["profiles"])
Limit = Annotated[int, Query(ge=1, le=100)]


class ClaimOut(Schema):
    """A profile that was made for the authenticated account."""

    id: int
    name: str
    headline: str


class ClaimPage(Schema):
    items: list[ClaimOut]
    next: str | None


class ClaimedOut(Schema):
    """The profile of the account; `merged` when the claimed one was merged into one it had."""

    id: int
    merged: bool


class EmailIn(Schema):
    email: str


class MergeOut(Schema):
    """Two profiles of one person; `moves` are the transitions available to the reader."""

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
    """The other profile of the same person."""

    expert: int


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
        raise DomainError(_("Create your profile first."), code="no-profile")
    other = get_visible(ExpertProfile.objects.visible_to(user), pk=body.expert)
    return merge_out(profile_merge.propose_merge(own, other, by=user), user)


@router.post("/profile-merges/{int:pk}/{move}", response=MergeOut, summary="Confirm, refuse, withdraw or undo a merge")
def merge_move(request: HttpRequest, pk: int, move: str, body: TransitionIn | None = None) -> dict[str, Any]:
    user: Any = request.user
    merge = get_visible(ProfileMerge.objects.visible_to(user), pk=pk)
    if move not in merge.transitions:
        raise DomainError(_("This action is not available."), code="unknown-move", status=404)
    return merge_out(profile_merge.transition_merge(merge, move, by=user), user)


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


def _address(email: str) -> str:
    try:
        validate_email(email)
    except ValidationError as error:
        raise DomainError(_("This is not an e-mail address."), code="bad-email") from error
    return email
