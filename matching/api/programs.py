"""Programmes for an expert and people for a host's programmes: the same actions and reads as the pages."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from exchange.core.api import get_visible, list_page
from exchange.core.facets import apply_facets
from matching.api.schemas import (
    AdviceOut,
    InviteIn,
    MatchFilters,
    MatchList,
    PeopleFilters,
    PersonChoiceIn,
    PersonList,
    ProgramChoiceIn,
    ProgramChoiceList,
    ProgramChoiceOut,
    SettingsBody,
    person_out,
)
from matching.domain import choices
from matching.domain.advice import advice_for
from matching.domain.explanation import explain
from matching.domain.invitations import decline_invitation, invite_expert
from matching.domain.listing import PEOPLE_ORDER, filtered_people, found_programs, order_of, people_facets, program_facets
from matching.domain.queries import matches_for_program
from matching.models import Match
from matching.states import Choice, DismissReason
from profiles.models import ExpertProfile
from programs.models import Program

router = Router(tags=["matches"])

# ---- an expert -------------------------------------------------------------------------------------------------------


@router.get("/matches", response=MatchList, summary="Programmes for me; with `program`, people for my programme")
def list_matches(request: HttpRequest, filters: Query[MatchFilters], cursor: str | None = None, limit: int = 20) -> dict[str, Any]:
    if not filters.program:
        rows = apply_facets(found_programs(request.user, request.GET), program_facets(), request.GET)
        return list_page(rows.select_related("expert"), order_of(request.GET), _mine_out, cursor=cursor, limit=limit)
    found = get_visible(Program.objects.visible_to(request.user), slug=filters.program)
    people = (
        matches_for_program(found, request.user).filter(pk__in=Match.objects.visible_to(request.user)).select_related("program")
    )
    return list_page(people, PEOPLE_ORDER, lambda match: _out(match, host=True), cursor=cursor, limit=limit)


@router.get("/matches/choices", response=ProgramChoiceList, summary="Programmes I saved or dismissed")
def list_choices(request: HttpRequest, choice: Choice = Choice.SAVED, cursor: str | None = None, limit: int = 20) -> dict[str, Any]:
    return list_page(choices.chosen_programs(request.user, choice), ("-id",), _choice_out, cursor=cursor, limit=limit)


@router.put("/matches/{key}/choice", response=ProgramChoiceOut, summary="Save or dismiss a programme")
def choose_program(request: HttpRequest, key: str, body: ProgramChoiceIn) -> dict[str, Any]:
    """A reason is needed to dismiss: field, kind, country, dates or other. The first three lower similar programmes in my list alone."""
    program = _program(request, key)
    if body.choice == Choice.SAVED:
        return _choice_out(choices.save_program(program, by=request.user))  # type: ignore[arg-type]
    return _choice_out(choices.dismiss_program(program, by=request.user, reason=body.reason))  # type: ignore[arg-type]


@router.delete("/matches/{key}/choice", response={204: None}, summary="Undo my choice about a programme")
def undo_program_choice(request: HttpRequest, key: str) -> tuple[int, None]:
    choices.undo_choice(_program(request, key), by=request.user)  # type: ignore[arg-type]
    return 204, None


@router.get("/matches/advice", response=list[AdviceOut], summary="What would open more programmes")
def list_advice(request: HttpRequest) -> list[Any]:
    return list(advice_for(request.user))


@router.get("/matches/settings", response=SettingsBody, summary="My settings of proposals")
def read_settings(request: HttpRequest) -> Any:
    return choices.settings_of(request.user)


@router.put("/matches/settings", response=SettingsBody, summary="Change my settings of proposals")
def write_settings(request: HttpRequest, body: SettingsBody) -> Any:
    return choices.save_settings(by=request.user, **body.dict())  # type: ignore[arg-type]


@router.post("/invitations", response={201: dict[str, int]}, summary="Invite a person to a programme of mine")
def invite(request: HttpRequest, body: InviteIn) -> tuple[int, dict[str, int]]:
    program = get_visible(Program.objects.visible_to(request.user).select_related("institution"), slug=body.program)
    expert = get_visible(ExpertProfile.objects.visible_to(request.user), pk=body.expert)
    invitation = invite_expert(expert, program, by=request.user, words=body.words)  # type: ignore[arg-type]
    return 201, {"id": invitation.pk}


@router.post("/programs/{key}/invitation/decline", response={204: None}, summary="Decline my invitation to a programme")
def decline(request: HttpRequest, key: str) -> tuple[int, None]:
    decline_invitation(_program(request, key), by=request.user)  # type: ignore[arg-type]
    return 204, None


# ---- a host: people for a programme ----------------------------------------------------------------------------------


@router.get("/programs/{key}/people", response=PersonList, summary="People for a programme of mine, by id or slug")
def list_people(
    request: HttpRequest, key: str, filters: Query[PeopleFilters], cursor: str | None = None, limit: int = 20
) -> dict[str, Any]:
    """By id or slug of the programme."""
    program = _program(request, key)
    choices.require_host(program, request.user)
    rows = apply_facets(filtered_people(program, request.user, request.GET), people_facets(), request.GET)
    return list_page(rows, PEOPLE_ORDER, _program_person_out, cursor=cursor, limit=limit)


@router.put("/programs/{key}/people/{pk}/choice", response=PersonChoiceIn, summary="Save or dismiss a person")
def choose_person(request: HttpRequest, key: str, pk: int, body: PersonChoiceIn) -> Any:
    program = _program(request, key)
    expert = get_visible(ExpertProfile.objects.visible_to(request.user), pk=pk)
    return choices.choose_person(expert, program, by=request.user, choice=body.choice)  # type: ignore[arg-type]


@router.delete("/programs/{key}/people/{pk}/choice", response={204: None}, summary="Undo the choice about a person")
def undo_person_choice(request: HttpRequest, key: str, pk: int) -> tuple[int, None]:
    expert = get_visible(ExpertProfile.objects.visible_to(request.user), pk=pk)
    choices.undo_person_choice(expert, _program(request, key), by=request.user)  # type: ignore[arg-type]
    return 204, None


# ---- values ----------------------------------------------------------------------------------------------------------


def _program(request: HttpRequest, key: str) -> Program:
    """By id when the key is a number, else by slug; slugs are never numbers."""
    lookup: dict[str, Any] = {"pk": int(key)} if key.isascii() and key.isdigit() and len(key) < 19 else {"slug": key}
    found: Program = get_visible(Program.objects.visible_to(request.user).select_related("institution"), **lookup)
    return found


def _choice_out(choice: Any) -> dict[str, Any]:
    program = choice.program
    return {"program": program.slug, "title": str(program.title), "choice": choice.choice, "reason": choice.reason}


def _program_person_out(match: Any) -> dict[str, Any]:
    names = {"languages": match.spoken, "available": match.available, "invitation": match.invitation, "choice": match.choice}
    return person_out(match, eligible=match.shown_eligible) | names


def _mine_out(match: Any) -> dict[str, Any]:
    lowered = [reason for reason in DismissReason if getattr(match, f"lowered_{reason}", False)]
    return _out(match, host=False) | {"rank": match.rank, "saved": match.saved, "invited": match.invited, "lowered": lowered}


def _out(match: Any, *, host: bool) -> dict[str, Any]:
    explained = explain(match, for_host=host)
    return {
        "id": match.pk,
        "expert": match.expert_id,
        "program": match.program.slug,
        "title": str(match.program.title),
        "name": str(match.expert),
        "eligible": match.shown_eligible if host else match.eligible,
        "gates": match.host_requirements if host else match.requirements,
        "points": explained.points,
        "parts": [vars(line) for line in explained.lines],
        "missing": explained.missing,
    }
