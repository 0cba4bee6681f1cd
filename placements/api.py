"""API of placements: the same actions, visibility and refusals as the pages."""

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Router, Schema

from accounts.access import access_of
from applications.models import Application
from exchange.core.api import TransitionIn, TransitionOut, get_visible, list_page, transitions_of
from exchange.core.errors import DomainError, Refusal
from institutions.models import Institution
from placements.domain.decisions import decide
from placements.domain.letters import LANGUAGES, letter_languages, write_letter
from placements.domain.queries import MINE_ORDER, my_placements
from placements.domain.revisions import cancel_placement, resubmit_placement
from placements.domain.take_backs import record_letter, take_back_approval, take_back_cancel
from placements.domain.track_record import track_record_of
from placements.models import Approval, Placement
from placements.rules import reads_for_approval
from placements.states import APPROVAL_TRANSITIONS, PLACEMENT_TRANSITIONS, ApprovalState, PlacementState

router = Router(tags=["placements"])
DECISIONS = ("approve", "return", "reject")


class ApprovalOut(Schema):
    """One country's decision; `moves` are the transitions the reader may make on behalf of that country."""

    country: str
    side: str
    state: str
    asked_at: datetime
    due_on: date
    decided_by: str
    decided_at: datetime | None
    reason: str
    note: str
    moves: list[TransitionOut]


class AgreementRef(Schema):
    id: int
    reference: str
    title: dict[str, str]
    valid_until: date | None


class ProgramRef(Schema):
    id: int
    slug: str
    title: dict[str, str]
    institution: dict[str, str]


class ExpertRef(Schema):
    id: int
    name: str
    latin_name: str


class PlacementOut(Schema):
    """One placement; `moves` are the transitions the reader may make, including decisions on behalf of their country."""

    id: int
    reference: str
    state: str
    since: datetime
    application: int
    program: ProgramRef
    expert: ExpertRef
    sending_country: str
    host_country: str
    starts: date
    ends: date
    confirmed_at: datetime | None
    agreement: AgreementRef | None
    approvals: list[ApprovalOut]
    letters: list[str]
    moves: list[TransitionOut]
    url: str


class PlacementList(Schema):
    items: list[PlacementOut]
    next: str | None


class PlacementTransitionIn(TransitionIn):
    """`country` says for which country a coordinator of both decides; the dates belong to `resubmit`."""

    country: str = ""
    starts: date | None = None
    ends: date | None = None


def placement_out(placement: Placement, user: Any) -> dict[str, Any]:
    """One item; needs no further query when the placement was loaded `with_parts`."""
    approvals = [_approval_out(approval, placement, user) for approval in placement.approvals.all()]
    decisions = {move["name"]: move for approval in approvals for move in approval["moves"]}
    program, expert, agreement = placement.program, placement.expert, placement.agreement
    address = placement.get_absolute_url()
    return {
        "id": placement.pk,
        "reference": placement.reference,
        "state": placement.state,
        "since": placement.state_since,
        "application": placement.application_id,
        "program": {
            "id": program.pk,
            "slug": program.slug,
            "title": dict(program.title),
            "institution": dict(program.institution.name),
        },
        "expert": {"id": expert.pk, "name": expert.shown_name, "latin_name": expert.latin_name},
        "sending_country": placement.sending_country,
        "host_country": placement.host_country,
        "starts": placement.starts,
        "ends": placement.ends,
        "confirmed_at": placement.confirmed_at,
        "agreement": {
            "id": agreement.pk,
            "reference": agreement.reference,
            "title": dict(agreement.title),
            "valid_until": agreement.valid_until,
        }
        if agreement
        else None,
        "approvals": approvals,
        "letters": [reverse("api:placement_letter", args=[placement.pk, code]) for code in letter_languages(placement)]
        if placement.state == PlacementState.CONFIRMED
        else [],
        "moves": [*decisions.values(), *transitions_of(placement, user)],
        "url": address,
    }


def _approval_out(approval: Approval, placement: Placement, user: Any) -> dict[str, Any]:
    approval.placement = placement
    return {
        "country": approval.country,
        "side": approval.side,
        "state": approval.state,
        "asked_at": approval.asked_at,
        "due_on": approval.due_on,
        "decided_by": str(approval.decided_by) if approval.decided_by else "",
        "decided_at": approval.decided_at,
        "reason": approval.reason,
        "note": approval.note,
        "moves": transitions_of(approval, user) if approval.is_open or approval.state == ApprovalState.APPROVED else [],
    }


@router.get("/placements", response=PlacementList, summary="The placements I may see")
def list_placements(request: HttpRequest, state: str = "", cursor: str | None = None, limit: int = 20) -> dict[str, Any]:
    """Latest stays first; `state` is one of pending, returned, confirmed, rejected, cancelled."""
    rows = my_placements(request.user, state).select_related("expert__user")  # type: ignore[arg-type]
    return list_page(rows, MINE_ORDER, lambda placement: placement_out(placement, request.user), cursor=cursor, limit=limit)


class TrackRecordOut(Schema):
    """What an institution has done as a host; `reply_days` is null while there are too few answers."""

    programs: int
    completed: int
    running: int
    confirmed: int
    answers: int
    reply_days: float | None


@router.get("/track-records/{slug:slug}", response=TrackRecordOut, summary="What an institution has done as a host")
def institution_record(request: HttpRequest, slug: str) -> dict[str, Any]:
    """Counted from placements and applications; `answers` are those of the last two years."""
    record = track_record_of(get_visible(Institution.objects.visible_to(request.user), slug=slug))
    return vars(record) | {"reply_days": record.median_reply_days}


@router.get("/placements/{pk}", response=PlacementOut, summary="One placement")
def get_placement(request: HttpRequest, pk: int) -> dict[str, Any]:
    return placement_out(_find(request, pk), request.user)


@router.get(
    "/placements/{int:pk}/letters/{language}",
    url_name="placement_letter",
    summary="The invitation letter, as PDF",
    response={200: Any},
)
def get_letter(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """For everybody who may see the placement, once it is confirmed; in any interface language."""
    if language not in LANGUAGES:
        raise Http404
    placement = _find(request, pk)
    user: Any = request.user
    record_letter(placement, by=user)
    response = HttpResponse(write_letter(placement, language), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{placement.reference}-{language}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


class ApprovedFileOut(Schema):
    """A file of the application; `question` is the one it answers."""

    id: int
    name: str
    size: int
    sha256: str
    question: int | None
    url: str


class ApprovedApplicationOut(Schema):
    """What the expert sent, as those who approve read it; without the host's reviews and notes."""

    submitted_at: datetime | None
    statement: str
    answers: dict[str, Any]
    snapshot: dict[str, Any]
    files: list[ApprovedFileOut]


@router.get(
    "/placements/{int:pk}/application",
    response=ApprovedApplicationOut,
    summary="The application of a placement, for those who approve",
)
def get_application(request: HttpRequest, pk: int) -> dict[str, Any]:
    """For coordinators of both countries and the secretariat; the applicant and the host's team read `/applications/{id}`."""
    placement = _find(request, pk)
    if not reads_for_approval(request.user, placement):
        raise Http404
    application = Application.objects.get(pk=placement.application_id)
    return {
        "submitted_at": application.submitted_at,
        "statement": application.statement,
        "answers": application.answers,
        "snapshot": application.snapshot,
        "files": [
            {
                "id": stored.pk,
                "name": stored.name,
                "size": stored.size,
                "sha256": stored.sha256,
                "question": stored.question_id,
                "url": reverse("placement_file", args=[pk, stored.pk]),
            }
            for stored in application.files.all()
        ],
    }


@router.post("/placements/{pk}/{move}", response=PlacementOut, summary="Make a move")
def transition_placement(request: HttpRequest, pk: int, move: str, data: PlacementTransitionIn | None = None) -> dict[str, Any]:
    """approve, return, reject or take_back for the country I coordinate (`country` chooses when I coordinate both); resubmit, cancel or
    take_back_cancel for my own.
    """
    placement = _find(request, pk)
    user: Any = request.user
    given = data or PlacementTransitionIn()
    if move in DECISIONS and move in APPROVAL_TRANSITIONS:
        decide(_my_approval(placement, user, given.country), move, by=user, reason=given.reason, note=given.note)
    elif move == "resubmit":
        resubmit_placement(placement, by=user, note=given.note, starts=given.starts, ends=given.ends)
    elif move == "cancel":
        cancel_placement(placement, by=user, note=given.note)
    elif move == "take_back":
        take_back_approval(_my_approval(placement, user, given.country), by=user)
    elif move == "take_back_cancel":
        take_back_cancel(placement, by=user)
    elif move in PLACEMENT_TRANSITIONS or move in APPROVAL_TRANSITIONS:
        raise Refusal(_("Your role does not allow this."))
    else:
        raise DomainError(_("This action is not available."), code="unknown-move", status=404)
    return placement_out(_find(request, pk), user)


def _find(request: HttpRequest, pk: int) -> Placement:
    rows = my_placements(request.user).select_related("expert__user")  # type: ignore[arg-type]
    found: Placement = get_visible(rows, pk=pk)
    return found


def _my_approval(placement: Placement, user: Any, country: str) -> Approval:
    """The approval this user may decide. Raises Refusal without one, DomainError when there are two and no country was named."""
    mine = [approval for approval in placement.approvals.all() if approval.country in access_of(user).countries]
    if country:
        mine = [approval for approval in mine if approval.country == country]
    if not mine:
        raise Refusal(_("Your role does not allow this."))
    if len(mine) > 1:
        raise DomainError(_("You coordinate both countries: choose the one for which you decide."), code="country-needed")
    mine[0].placement = placement
    return mine[0]
