"""API of the search, with typed filters and the visibility of the page; and look-up of vocabulary concepts by their labels."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from ninja.errors import ValidationError as InputError
from pydantic import Field

from exchange.core.api import list_page
from exchange.core.countries import Country
from exchange.core.spoken_languages import Language, Level
from exchange.core.towns import town_of_key
from institutions.models.institutions import InstitutionKind
from programs.states import ProgramKind
from search.domain.cards import cards_of
from search.domain.params import CONCEPT_FACETS, FACETS, TAG_OF, TYPES, SearchParams, clean_words, read_value, sorts_of
from search.domain.passages import Passage
from search.domain.ranking import search
from search.domain.results import SearchResult
from search.models import SearchKind
from vocabulary.api import ConceptOut, concept_out
from vocabulary.domain.concepts import labels
from vocabulary.domain.vocabulary import Term, vocabulary
from vocabulary.models import Concept, Scheme

router = Router(tags=["search"])

MIN_SIMILARITY = 0.4
"""Similarity below which a concept is unrelated to the words."""
CONCEPT_NAMES = ("concept", *CONCEPT_FACETS)
Limit = Annotated[int, Query(ge=1, le=100)]
ConceptIds = Annotated[list[str], Field(max_length=20, description="Ids of the vocabulary; narrower concepts are found too.")]


class Type(StrEnum):
    """What is searched for."""

    EXPERTS = "experts"
    PROGRAMS = "programs"
    INSTITUTIONS = "institutions"


class Sort(StrEnum):
    """In which order; `fresh` (confirmed most recently) is for experts."""

    RELEVANCE = "relevance"
    NAME = "name"
    NEW = "new"
    FRESH = "fresh"


class SearchFilters(Schema):
    """Values of one filter are alternatives; filters add up. A filter that means nothing for the type is refused."""

    q: str = Field("", description="Words in any script: a name, a subject, a place. At most 200 characters are read.")
    sort: Sort = Sort.RELEVANCE
    field: ConceptIds = []
    material: ConceptIds = []
    technique: ConceptIds = []
    concept: ConceptIds = []
    country: list[Country] = []
    city: Annotated[list[str], Field(max_length=20)] = []
    language: list[Language] = []
    level: Annotated[int, Field(ge=1, le=7)] | None = Field(
        None, description="Least level of `language`, 1 (A1) to 7 (first language)."
    )
    kind: list[ProgramKind | InstitutionKind] = []
    available: Annotated[str, Field(pattern=r"^(20\d\d-(0[1-9]|1[0-2]))?$")] = Field(
        "", description="A month, 2027-03: experts who are free then."
    )
    open: bool = Field(False, description="Programmes that take applications now.")
    verified: bool = Field(False, description="Verified institutions, their programmes, the people who work there.")


class PassageOut(Schema):
    """A part of a text; `marks` are where the words that were found begin and end in it."""

    text: str
    language: str
    marks: list[tuple[int, int]]


class HitOut(Schema):
    """One result. `id` is that of the type's own collection; `name` the name as it is shown, `also_written_as` the spelling that was
    found when it is another one; `why` says whether the words were found in a name or in a subject; `concepts` which asked concepts it is about.
    """

    id: int | str
    type: Type
    name: str
    also_written_as: str
    url: str
    score: float
    why: Literal["name", "subject"]
    concepts: list[str]
    near: bool = Field(description="True when it has only some of the words.")
    passage: PassageOut | None = Field(description="The text by which it was found, where the reader may read it.")


class FoundConceptOut(Schema):
    """A concept that a part of the words was understood as."""

    id: str
    label: str
    text: str
    score: float


class FacetValueOut(Schema):
    value: str
    label: str
    count: int


class SuggestionsOut(Schema):
    """What to try when nothing was found."""

    names: list[str]
    concepts: list[str]


class SearchOut(Schema):
    """Ranked results. `total` counts no further than 10,000 (`more_than_total`) and is given on the first page, or with facets.

    `facets` (null unless asked for) are counts by filter, each without its own filter. `simpler` is true when an engine was unavailable.
    """

    items: list[HitOut]
    next: str | None
    total: int | None
    more_than_total: bool
    concepts: list[FoundConceptOut]
    facets: dict[str, list[FacetValueOut]] | None
    suggestions: SuggestionsOut
    simpler: bool
    near: list[HitOut] = Field(description="When nothing was found: what has some of the words. Not counted.")
    read_as: str = Field(description="The words as they were read, when they were typed on another keyboard layout.")


class RankedConceptOut(ConceptOut):
    """A concept; with `q` also how well it fits (0 to 1) and the label it was found by."""

    score: float | None
    found_by: str


class RankedConceptPage(Schema):
    items: list[RankedConceptOut]
    next: str | None


@router.get("/search", response=SearchOut, summary="Search experts, programmes or institutions")
def search_all(  # noqa: PLR0917 -- called by the framework alone, by name
    request: HttpRequest,
    filters: Query[SearchFilters],
    type: Type = Type.EXPERTS,  # noqa: A002 -- the name in the address
    facets: bool = False,
    cursor: str = "",
    limit: Limit = 20,
) -> dict[str, Any]:
    """Best first. Everything the reader may not see is neither found nor counted."""
    kind = TYPES[type.value]
    _refuse_unknown(request)
    asked = _asked(kind, filters)
    result = search(request.user, asked.request(limit=limit, cursor=cursor, with_facets=facets, with_passages=True))
    return _search_out(request, asked, result, first=not cursor, facets=facets)


@router.get("/concepts", response=RankedConceptPage, summary="The vocabulary")
def concepts(
    request: HttpRequest,
    scheme: Annotated[list[Scheme], Query()] = [],  # noqa: B006 -- read by the framework, never changed
    q: str = "",
    cursor: str | None = None,
    limit: Limit = 20,
) -> dict[str, Any]:
    """All by id; with `q` the best matches over the labels of every language and script, ranked, on one page."""
    if words := clean_words(q):
        return {"items": _ranked(words, {str(each) for each in scheme}, limit), "next": None}
    rows = Concept.objects.filter(scheme__in=scheme) if scheme else Concept.objects.all()
    return list_page(rows.only("slug"), ("slug",), lambda row: _plain(vocabulary().concept(row.pk)), cursor=cursor, limit=limit)


def _ranked(words: str, schemes: set[str], limit: int) -> list[dict[str, Any]]:
    known = vocabulary()
    matches = [(int(match.concept_id), match) for match in labels().rank(words, len(known) if schemes else limit)]
    rows = [
        (known.concept(pk), match)
        for pk, match in matches
        if match.score >= MIN_SIMILARITY and pk in known and (not schemes or known.concept(pk).scheme in schemes)
    ]
    return [concept_out(term) | {"score": round(match.score, 4), "found_by": match.label} for term, match in rows[:limit]]


def _plain(term: Term) -> dict[str, Any]:
    return concept_out(term) | {"score": None, "found_by": ""}


# ---- reading the request ---------------------------------------------------------------------------------------------

KNOWN_PARAMETERS = frozenset(SearchFilters.model_fields) | {"type", "facets", "cursor", "limit", "lang"}


def _refuse_unknown(request: HttpRequest) -> None:
    """Refuse unknown parameters: a misspelt filter must not be ignored silently."""
    unknown = sorted(set(request.GET) - KNOWN_PARAMETERS)
    if unknown:
        raise InputError([_refusal(name[:100], _("There is no such parameter.")) for name in unknown[:20]])


def _refusal(name: str, words: str) -> dict[str, Any]:
    return {"loc": ("query", name), "msg": words, "type": "value_error"}


def _asked(kind: SearchKind, filters: SearchFilters) -> SearchParams:
    """The filters as the search reads them. Raises InputError (422) for a filter that does not apply to this type, or an unknown concept."""
    chosen = {
        "concept": filters.concept,
        "field": filters.field,
        "material": filters.material,
        "technique": filters.technique,
        "country": [str(code) for code in filters.country],
        "city": filters.city,
        "language": [str(code) for code in filters.language],
        "kind": [str(each) for each in filters.kind],
        "verified": ["1"] if filters.verified else [],
    }
    wrong = [
        _refusal(name, _("This filter does not apply to this type."))
        for name, values in chosen.items()
        if values and name not in FACETS[kind]
    ]
    others = {
        "level": bool(filters.level) and (kind != SearchKind.EXPERT or not filters.language),
        "available": bool(filters.available) and kind != SearchKind.EXPERT,
        "open": filters.open and kind != SearchKind.PROGRAM,
        "sort": filters.sort != Sort.RELEVANCE and filters.sort.value not in sorts_of(kind),
    }
    wrong += [_refusal(name, _("This filter does not apply to this type.")) for name, bad in others.items() if bad]
    values = {}
    for name, wanted in chosen.items():
        if not wanted or name not in FACETS[kind]:
            continue
        values[name] = tuple(dict.fromkeys(read_value(name, kind, value) for value in wanted))
        if "" in values[name]:
            wrong.append(
                _refusal(name, _("There is no such concept in the vocabulary.") if name in CONCEPT_NAMES else _("Unknown value."))
            )
    if wrong:
        raise InputError(wrong)
    return SearchParams(
        kind=kind,
        words=clean_words(filters.q),
        filters=values,
        level=filters.level or 0,
        open_now=filters.open,
        available=filters.available,
        sort="" if filters.sort == Sort.RELEVANCE else filters.sort.value,
    )


# ---- writing the answer ----------------------------------------------------------------------------------------------


def _search_out(request: HttpRequest, asked: SearchParams, result: SearchResult, *, first: bool, facets: bool) -> dict[str, Any]:
    known, kind = vocabulary(), SearchKind(asked.kind)
    counted = first or facets
    return {
        "items": [_hit_out(kind, card) for card in cards_of(request.user, kind, result.hits, result.passages)],
        "next": result.cursor or None,
        "total": result.total if counted else None,
        "more_than_total": result.more_than_total,
        "concepts": [
            {
                "id": known.concept(each.concept_id).slug,
                "label": known.label(each.concept_id),
                "text": each.text,
                "score": each.score,
            }
            for each in result.concepts
            if each.concept_id in known
        ],
        "facets": _facets_out(asked, result) if facets else None,
        "suggestions": {
            "names": list(result.suggestions.names),
            "concepts": [known.concept(pk).slug for pk in result.suggestions.concepts if pk in known],
        },
        "simpler": result.simpler,
        "near": [_hit_out(kind, card) for card in cards_of(request.user, kind, result.near, result.passages)],
        "read_as": result.read_as,
    }


def _hit_out(kind: SearchKind, card: Any) -> dict[str, Any]:
    known = vocabulary()
    hit, subject = card.hit, card.subject
    return {
        "id": subject.slug if kind == SearchKind.INSTITUTION else subject.pk,
        "type": next(name for name, each in TYPES.items() if each == kind),
        "name": hit.name,
        "also_written_as": hit.also_written,
        "url": settings.SITE_URL + subject.get_absolute_url(),
        "score": hit.score,
        "why": hit.why,
        "concepts": [known.concept(pk).slug for pk in hit.concepts if pk in known],
        "near": hit.near,
        "passage": _passage_out(card.passage) if card.passage else None,
    }


def _passage_out(passage: Passage) -> dict[str, Any]:
    return {"text": passage.text, "language": passage.language, "marks": passage.marks}


OUT_NAMES = {"free": "available"} | {tag: name for name, tag in TAG_OF.items()}


def _facets_out(asked: SearchParams, result: SearchResult) -> dict[str, list[dict[str, Any]]]:
    """By the names of the filters, with the values that they take; most frequent first."""
    kind = SearchKind(asked.kind)
    shown = {*FACETS[kind], "available", "level", "open"}
    out: dict[str, list[dict[str, Any]]] = {}
    for tag, values in (dict(result.facets) | _languages(asked, result)).items():
        name = OUT_NAMES.get(tag, tag)
        if name not in shown:
            continue
        rows = [row for value, count in values.items() if count and (row := _facet_value(name, kind, value, count))]
        if rows:
            out[name] = sorted(rows, key=lambda row: (-row["count"], row["value"]))
    return out


def _languages(asked: SearchParams, result: SearchResult) -> dict[str, dict[str, int]]:
    """Counts of languages at the chosen level, and of levels of the chosen language, indexed as `ru:3`, "Russian at B1 or better"."""
    counted, chosen = result.facets.get("language", {}), asked.filters.get("language", ())
    languages = {code: counted.get(f"{code}:{asked.level}" if asked.level else code, 0) for code in Language.values}
    levels = {str(level): counted.get(f"{chosen[0]}:{level}", 0) for level in Level.values} if len(chosen) == 1 else {}
    return {"language": languages, "level": levels} if asked.kind == SearchKind.EXPERT else {"language": languages}


def _facet_value(name: str, kind: SearchKind, value: str, count: int) -> dict[str, Any] | None:
    """None for values that are counted for other purposes."""
    known = vocabulary()
    kinds: Any = ProgramKind if kind == SearchKind.PROGRAM else InstitutionKind
    choices: dict[str, Any] = {"country": Country, "language": Language, "kind": kinds}
    if name in CONCEPT_NAMES:
        term = known.concept(int(value)) if value.isdigit() and int(value) in known else None
        shown = (term.slug, str(term.label)) if term else None
    elif name in {"open", "verified"}:
        shown = ("true", _("Open now") if name == "open" else _("Verified"))
    elif name == "level":
        shown = (value, str(Level(int(value)).label))
    elif name in choices:
        shown = (value, str(choices[name](value).label)) if value in choices[name].values else None
    else:
        shown = (value, town_of_key(value) if name == "city" else value)
    return {"value": shown[0], "label": shown[1], "count": count} if shown else None
