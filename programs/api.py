"""API of programmes: the same visibility, requirements and transitions as the pages."""

import datetime
from collections.abc import Mapping
from typing import Annotated, Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema

from accounts.access import access_of
from exchange.core.access import require
from exchange.core.api import PictureOut, TransitionIn, TransitionOut, get_visible, transitions_of
from exchange.core.countries import Country
from exchange.core.errors import DomainError
from exchange.core.paging import keyset_page
from exchange.core.pictures import picture_out
from exchange.core.spoken_languages import Language, Level
from exchange.core.text import has_words
from exchange.core.word_search import WordQuery, page_by_words
from institutions.models import Institution
from programs.domain.answers import choice_id, choice_texts
from programs.domain.eligibility import criteria_of, evaluate
from programs.domain.publishing import transition_program
from programs.domain.queries import candidate_by_id
from programs.domain.seats import left_by_country
from programs.domain.usage import applications_of, taken_by_country, taken_of_many
from programs.models import Program
from programs.models.programs import closing_time
from programs.rules import Candidate, may_edit
from programs.states import PROGRAM_TRANSITIONS, Modality, ProgramKind, ProgramState, QuestionKind
from vocabulary.domain.vocabulary import vocabulary

router = Router(tags=["programs"])

Limit = Annotated[int, Query(ge=1, le=100)]
Texts = dict[str, str]


class HostRef(Schema):
    """The host institution; `id` is its slug."""

    id: str
    name: str
    country: Country
    city: str


class TopicRef(Schema):
    id: str
    label: str


class RequiredLanguageOut(Schema):
    language: Language
    level: int
    level_label: str


class PlacesOut(Schema):
    """Places of one eligible country: `kept` reserved for it, `most` its maximum (null: no limit of its own), `left` still free."""

    country: Country
    kept: int
    most: int | None
    left: int


class ReasonOut(Schema):
    """`fix_url` is the section of the profile where it can be fixed, empty when it cannot."""

    code: str
    text: str
    fix_url: str


class EligibilityOut(Schema):
    eligible: bool
    reasons: list[ReasonOut]
    hints: list[ReasonOut]


class ProgramOut(Schema):
    """A programme; `title`, `summary`, `description` and `funding` in the reader's language, `texts` in every stored language."""

    id: int
    slug: str
    url: str
    kind: ProgramKind
    state: ProgramState
    state_label: str
    open: bool
    title: str
    summary: str
    description: str
    funding: str
    texts: dict[str, Texts]
    institution: HostRef
    country: Country
    city: str
    modality: Modality
    starts: datetime.date
    ends: datetime.date
    deadline: datetime.datetime | None
    deadline_zone: str
    seats: int
    places: list[PlacesOut]
    languages: list[RequiredLanguageOut]
    minimum_experience: int
    concepts: list[TopicRef]
    reply_days: int
    approval_days: int
    version: int
    is_demo: bool
    picture: PictureOut | None
    eligibility: EligibilityOut | None
    moves: list[TransitionOut]


class ChoiceOut(Schema):
    id: str
    texts: Texts


class QuestionOut(Schema):
    """A question of the form; answers are stored under its id."""

    id: int
    kind: QuestionKind
    label: str
    labels: Texts
    help: str
    required: bool
    limit: int | None
    choices: list[ChoiceOut]


class CriterionOut(Schema):
    id: int
    label: str
    labels: Texts
    help: str
    weight: int


class ProgramDetail(ProgramOut):
    """One programme with its form; the rubric is for the host's team."""

    questions: list[QuestionOut]
    rubric: list[CriterionOut] | None


class ProgramPage(Schema):
    items: list[ProgramOut]
    next: str | None


class ProgramFilters(Schema):
    q: str = ""
    field: list[str] = []
    country: list[Country] = []
    kind: list[ProgramKind] = []
    language: list[Language] = []
    state: list[ProgramState] = []
    institution: str = ""
    open: bool = False


WORD_FILTERS = ("country", "kind", "language", "state")


@router.get("/programs", response=ProgramPage, summary="Programmes the reader may see")
def programs(request: HttpRequest, filters: Query[ProgramFilters], cursor: str | None = None, limit: Limit = 20) -> dict[str, Any]:
    """Programmes by deadline, those without one last; with `q` what the search finds, best first.

    `field` takes concept ids and finds narrower ones too; `open` only those that take applications.
    """
    rows = with_rows(Program.objects.visible_to(request.user))
    if has_words(filters.q):
        page = page_by_words(rows, word_query(filters, cursor=cursor, limit=limit), reader=request.user)
    else:
        page = keyset_page(filtered(rows, filters).annotate(closes=closing_time()), ("closes", "id"), cursor=cursor, size=limit)
    ids, expert_id = [row.pk for row in page.items], access_of(request.user).expert_id
    taken, applied = taken_of_many(ids), applications_of(expert_id, ids)
    person = candidate_by_id(expert_id)
    items = [
        program_out(row, request.user, taken=taken.get(row.pk, {}), person=None if applied.get(row.pk) else person)
        for row in page.items
    ]
    return {"items": items, "next": page.next}


def filtered(rows: "QuerySet[Program]", filters: ProgramFilters) -> "QuerySet[Program]":
    """The rows that match the filters, whatever `q`. Raises DomainError (422) for a field that is not in the vocabulary."""
    if filters.open:
        rows = rows.open()  # type: ignore[attr-defined]
    for name in ("country", "kind", "state"):
        if values := getattr(filters, name):
            rows = rows.filter(**{f"{name}__in": values})
    if filters.field:
        rows = rows.filter(field_ids__overlap=[_field(slug) for slug in filters.field])
    if filters.language:
        rows = rows.filter(language_codes__overlap=[str(code) for code in filters.language])
    if filters.institution:
        rows = rows.filter(institution__slug=filters.institution)
    return rows


def word_query(filters: ProgramFilters, *, cursor: str | None, limit: int) -> WordQuery:
    """The words with the same filters, for the search. Raises DomainError (422) for a field that is not in the vocabulary."""
    chosen: dict[str, list[str]] = {name: [str(value) for value in getattr(filters, name)] for name in WORD_FILTERS}
    chosen["field"] = [str(_field(slug)) for slug in filters.field]
    if filters.institution:
        # An unknown slug becomes an empty value, which no programme has.
        host = Institution.objects.filter(slug=filters.institution).values_list("pk", flat=True).first()
        chosen["institution"] = [str(host or "")]
    return WordQuery("program", filters.q, chosen, open_now=filters.open, cursor=cursor or "", limit=limit)


def _field(slug: str) -> int:
    try:
        return vocabulary().by_slug(slug).id
    except KeyError as unknown:
        raise DomainError(_("There is no such field: %(field)s") % {"field": slug[:80]}, code="unknown-field") from unknown


@router.get("/programs/{key}", response=ProgramDetail, summary="One programme, by id or by the name in its address")
def program(request: HttpRequest, key: str) -> dict[str, Any]:
    return detail(_found(request, key), request.user)


@router.post(
    "/programs/{key}/{move}", response=ProgramDetail, summary="Publish, close, reopen, conclude, start, complete or cancel"
)
def program_move(request: HttpRequest, key: str, move: str, body: TransitionIn | None = None) -> dict[str, Any]:
    if move not in PROGRAM_TRANSITIONS:
        raise Http404
    found = _found(request, key)
    user: Any = request.user
    require(may_edit(user, found.institution_id), _("Only owners and editors of the host institution can change a programme."))
    transition_program(found, move, by=user, note=(body or TransitionIn()).note)
    return detail(_found(request, key), user)


def _found(request: HttpRequest, key: str) -> Program:
    """By id when the key is a number, else by slug; slugs are never numbers."""
    lookup: dict[str, Any] = {"pk": int(key)} if key.isascii() and key.isdigit() and len(key) < 19 else {"slug": key}
    found: Program = get_visible(with_rows(Program.objects.visible_to(request.user)), **lookup)
    return found


def with_rows(rows: "QuerySet[Program]") -> "QuerySet[Program]":
    """Prefetch what an item shows: three more queries, whatever the number of rows."""
    return rows.select_related("institution", "picture").prefetch_related("quotas", "required_languages", "concepts")


def program_out(program: Program, reader: Any, *, taken: Mapping[str, int], person: Candidate | None) -> dict[str, Any]:
    """One item; eligibility is left out without `person`, who is None once the reader has applied. Concept labels come from the cached vocabulary."""
    left = left_by_country(program, taken)
    quotas = {quota.country: quota for quota in program.quotas.all()}
    host = program.institution
    answer = evaluate(criteria_of(program, taken=taken), person) if person else None
    texts = {name: getattr(program, name) for name in ("title", "summary", "description", "funding")}
    plain = ("slug", "kind", "state", "country", "city", "modality", "starts", "ends", "deadline", "deadline_zone", "seats")
    counted = ("minimum_experience", "approval_days", "version", "is_demo")
    return {
        "id": program.pk,
        "reply_days": program.offer_days,
        "url": settings.SITE_URL + program.get_absolute_url(),
        **{name: getattr(program, name) for name in (*plain, *counted)},
        **{name: str(text) for name, text in texts.items()},
        "texts": {name: dict(text) for name, text in texts.items()},
        "state_label": str(program.get_state_display()),
        "open": program.is_open,
        "institution": {"id": host.slug, "name": str(host.name), "country": host.country, "city": host.city},
        "places": [
            {
                "country": code,
                "kept": quotas[code].reserved if code in quotas else 0,
                "most": quotas[code].most if code in quotas else None,
                "left": left[code],
            }
            for code in left
        ],
        "languages": [
            {"language": row.language, "level": row.level, "level_label": str(Level(row.level).label)}
            for row in program.required_languages.all()
        ],
        "concepts": [{"id": concept.slug, "label": str(concept.label)} for concept in program.concepts.all()],
        "picture": picture_out(program.shown_picture, settings.SITE_URL),
        "eligibility": _eligibility_out(answer) if answer else None,
        "moves": transitions_of(program, reader),
    }


def _eligibility_out(answer: Any) -> dict[str, Any]:
    def listed(reasons: Any) -> list[dict[str, str]]:
        return [
            {"code": one.code, "text": one.text, "fix_url": settings.SITE_URL + one.fix_url if one.fix_url else ""}
            for one in reasons
        ]

    return {"eligible": answer.eligible, "reasons": listed(answer.reasons), "hints": listed(answer.hints)}


def detail(program: Program, reader: Any) -> dict[str, Any]:
    """One programme with its form, and for the team its rubric."""
    access = access_of(reader)
    person = candidate_by_id(access.expert_id)
    inside = program.institution_id in access.institutions or access.secretariat
    questions = [
        {
            "id": row.pk,
            "kind": row.kind,
            "label": str(row.label),
            "labels": dict(row.label),
            "help": str(row.help),
            "required": row.required,
            "limit": row.limit,
            "choices": [
                {"id": choice_id(choice, place), "texts": dict(choice_texts(choice))} for place, choice in enumerate(row.choices)
            ],
        }
        for row in program.questions.all()
    ]
    rubric = [
        {"id": row.pk, "label": str(row.label), "labels": dict(row.label), "help": str(row.help), "weight": row.weight}
        for row in program.criteria.all()
    ]
    applied = applications_of(access_of(reader).expert_id, [program.pk]).get(program.pk)
    item = program_out(program, reader, taken=taken_by_country(program.pk), person=None if applied else person)
    return item | {"questions": questions, "rubric": rubric if inside else None}
