"""API of matching: the matches of the user's own profile, and those of a host's programmes."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from exchange.core.api import get_visible, list_page
from matching.domain.explanation import explain
from matching.domain.invitations import invite_expert
from matching.domain.queries import matches_for_expert, matches_for_program
from matching.models import Match
from profiles.models import ExpertProfile
from programs.models import Program

router = Router(tags=["matches"])


class LineOut(Schema):
    """One part of a score; the points of all parts add up to it."""

    label: str
    value: float
    note: str
    points: int


class MatchOut(Schema):
    """How well a person and a programme match, and why. `points` 0 to 1000."""

    id: int
    expert: int
    program: str
    title: str
    name: str
    eligible: bool
    gates: list[str]
    points: int
    parts: list[LineOut]
    missing: list[str]


class MatchList(Schema):
    items: list[MatchOut]
    next: str | None


class InviteIn(Schema):
    """Whom to invite to what."""

    expert: int
    program: str
    words: str


@router.get("/matches", response=MatchList, summary="Programmes for me; with `program`, people for my programme")
def list_matches(request: HttpRequest, program: str = "", cursor: str | None = None, limit: int = 20) -> dict[str, Any]:
    if not program:
        rows = matches_for_expert(request.user).select_related("expert")
        return list_page(rows, ("-eligible", "-score", "id"), lambda match: _out(match, host=False), cursor=cursor, limit=limit)
    found = get_visible(Program.objects.visible_to(request.user), slug=program)
    rows = matches_for_program(found, request.user).filter(pk__in=Match.objects.visible_to(request.user)).select_related("program")
    return list_page(rows, ("-host_score", "id"), lambda match: _out(match, host=True), cursor=cursor, limit=limit)


@router.post("/invitations", response={201: dict[str, int]}, summary="Invite a person to a programme of mine")
def invite(request: HttpRequest, body: InviteIn) -> tuple[int, dict[str, int]]:
    program = get_visible(Program.objects.visible_to(request.user).select_related("institution"), slug=body.program)
    expert = get_visible(ExpertProfile.objects.visible_to(request.user), pk=body.expert)
    invitation = invite_expert(expert, program, by=request.user, words=body.words)  # type: ignore[arg-type]
    return 201, {"id": invitation.pk}


def _out(match: Match, *, host: bool) -> dict[str, Any]:
    explained = explain(match, for_host=host)
    return {
        "id": match.pk,
        "expert": match.expert_id,
        "program": match.program.slug,
        "title": str(match.program.title),
        "name": str(match.expert),
        "eligible": match.eligible,
        "gates": [] if host else match.requirements,
        "points": explained.points,
        "parts": [vars(line) for line in explained.lines],
        "missing": explained.missing,
    }
