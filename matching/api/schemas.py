"""Schemas of the API of matching, and the values of a person."""

import datetime
from typing import Any, Literal

from ninja import Field, Schema

from exchange.core.countries import Country
from exchange.core.spoken_languages import Language
from matching.domain.explanation import explain
from matching.states import Choice, DismissReason, InvitationState
from programs.states import ProgramKind

MAX_TERMS = 40


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


class MyMatchOut(MatchOut):
    """A programme for me. `rank` orders the list: the points, less for programmes like those I dismissed, by the reasons in `lowered`."""

    rank: int
    saved: bool
    invited: bool
    lowered: list[DismissReason]


class MatchList(Schema):
    items: list[MyMatchOut | MatchOut]
    next: str | None


class PersonOut(Schema):
    """A person for a programme or a need, as members see them."""

    expert: int
    name: str
    country: str
    headline: str
    eligible: bool
    points: int
    parts: list[LineOut]
    missing: list[str]


class ProgramPersonOut(PersonOut):
    """`languages` and `available` (free on all days) as the profile shows them; `invitation` and `choice` null where there is none."""

    languages: list[str]
    available: bool
    invitation: InvitationState | None
    choice: Choice | None


class PersonList(Schema):
    items: list[ProgramPersonOut]
    next: str | None


class NeedPersonList(Schema):
    items: list[PersonOut]
    next: str | None


class InviteIn(Schema):
    """Whom to invite to what."""

    expert: int
    program: str
    words: str


class ProgramChoiceIn(Schema):
    """Save a programme, or dismiss it with a reason."""

    choice: Choice
    reason: str = ""


class ProgramChoiceOut(Schema):
    program: str
    title: str
    choice: Choice
    reason: str


class ProgramChoiceList(Schema):
    items: list[ProgramChoiceOut]
    next: str | None


class PersonChoiceIn(Schema):
    """Save a person to the shortlist, or dismiss them."""

    choice: Choice


class SettingsBody(Schema):
    """Whether I am proposed to hosts, and whether a weekly e-mail is sent."""

    proposed: bool
    weekly_mail: bool


class AdviceOut(Schema):
    """What would open or improve how many programmes, and the section of the profile."""

    text: str
    url: str
    count: int


class NeedLanguageBody(Schema):
    language: Language
    level: int = Field(ge=1, le=6)


class NeedIn(Schema):
    """Whom an institution seeks. `concepts` are slugs of the vocabulary; without `countries` all but the institution's own."""

    title: str = Field(min_length=1, max_length=200)
    text: str = Field(default="", max_length=3000)
    text_language: Literal["en", "ru", "kk", "ky", "uz", "tg", "tk"] = "en"
    starts: datetime.date
    ends: datetime.date
    concepts: list[str] = Field(default=[], max_length=MAX_TERMS)
    languages: list[NeedLanguageBody] = Field(default=[], max_length=10)
    countries: list[Country] = []
    minimum_experience: int = Field(default=0, ge=0, le=50)


class NewNeedIn(NeedIn):
    institution: str


class NeedOut(Schema):
    id: int
    institution: str
    title: str
    text: str
    text_language: str
    starts: datetime.date
    ends: datetime.date
    concepts: list[str]
    languages: list[NeedLanguageBody]
    countries: list[str]
    minimum_experience: int
    program: str | None


class NeedList(Schema):
    items: list[NeedOut]
    next: str | None


class SharedOut(Schema):
    """A concept that one side asks for, and how many experts of the other have it."""

    concept: str
    experts: int


class PartnerOut(Schema):
    """An institution that complements ours."""

    institution: str
    name: str
    they_have: list[SharedOut]
    we_have: list[SharedOut]


class MatchFilters(Schema):
    """As in the address of the page; they apply to my own programmes. `sort`: fit, deadline or start."""

    program: str = ""
    kind: list[ProgramKind] = []
    country: list[Country] = []
    eligible: bool = False
    sort: str = ""


class PeopleFilters(Schema):
    """As in the address of the page. `show`: saved, dismissed or invited; `eligible`: "all" for the others too; `available`: free on all days."""

    show: str = ""
    country: list[Country] = []
    language: list[Language] = []
    eligible: str = ""
    available: str = ""


def person_out(match: Any, *, eligible: bool) -> dict[str, Any]:
    explained = explain(match, for_host=True)
    return {
        "expert": match.expert_id,
        "name": str(match.expert),
        "country": match.expert.country,
        "headline": match.expert.headline,
        "eligible": eligible,
        "points": explained.points,
        "parts": [vars(line) for line in explained.lines],
        "missing": explained.missing,
    }
