"""Builds the search documents of experts, programmes and institutions: names, keys, tags and words, each with the lowest level of readers who may find it by them.

`profiles.domain.visibility` alone decides who sees which part of a profile; what only the owner sees is not indexed at all.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet

from exchange.core.towns import spellings, town_key
from institutions.models import Institution
from institutions.states import InstitutionState
from profiles.domain.visibility import HEAD, part_levels
from profiles.models import ExpertProfile
from profiles.states import Audience, NameKind, Part
from programs.models import Program
from programs.states import PUBLIC_STATES, ProgramState
from search.domain.texts import SourceText, texts_of, translated
from search.domain.tokens import concept_tokens, name_tokens, text_tokens
from search.engines.base import LEVELS, Document, Name
from search.models import SearchKind
from vocabulary.domain.vocabulary import vocabulary
from vocabulary.models import Scheme
from vocabulary.names import skeletons, stored_keys

SHAPE_VERSION = 5
"""Version of the contents of documents: raise it when they change, and every index is rebuilt."""

KINDS = (SearchKind.EXPERT, SearchKind.PROGRAM, SearchKind.INSTITUTION)
AUDIENCE_LEVELS = {Audience.EVERYONE: 0, Audience.MEMBERS: 1, Audience.COORDINATORS: 2}
FAR = datetime.datetime(9999, 1, 1, tzinfo=datetime.UTC)
MAX_NAMES = 40
MAX_MONTHS = 36
FACET_OF_SCHEME = {
    Scheme.FIELD: "field",
    Scheme.MATERIAL: "material",
    Scheme.TECHNIQUE: "technique",
    Scheme.SKILL: "technique",
    Scheme.SPECIALISM: "specialism",
    Scheme.OBJECT_TYPE: "object",
    Scheme.SITE_TYPE: "object",
}


class _Draft:
    """A document under construction: everything is added with the lowest level of readers who may find it by that; what has the level None is left out."""

    def __init__(self) -> None:
        self.names: dict[str, Name] = {}
        self.tags: list[set[str]] = [set() for _ in LEVELS]
        self.words: list[set[str]] = [set() for _ in LEVELS]

    def name(self, text: str, level: int | None, *, language: str = "", kind: str = "") -> None:
        if not text or level is None:
            return
        self.words[level].update(name_tokens(text))
        known = self.names.get(text)
        if (known is None or known.level > level) and len(self.names) < MAX_NAMES:
            self.names[text] = Name(text[:250], language, kind, level, skeletons(text))

    def tag(self, tag: str, level: int | None) -> None:
        if level is not None:
            self.tags[level].add(tag)

    def concepts(self, ids: Iterable[int], level: int | None) -> None:
        """Add each concept with all broader ones."""
        known = vocabulary()
        found = [pk for pk in ids if pk in known]
        if level is None:
            return
        self.words[level].update(concept_tokens(found))
        for concept_id in found:
            for pk in (concept_id, *known.ancestors(concept_id)):
                self.tag(f"about:{pk}", level)
                self.tag(f"{FACET_OF_SCHEME[Scheme(known.concept(pk).scheme)]}:{pk}", level)

    def text(self, source: SourceText, level: int | None) -> None:
        """Add the words of a text and the concepts it names."""
        if source.text and level is not None:
            self.words[level].update(text_tokens(source.text, source.language, source.place))

    def names_of(self, institution: Institution, level: int | None) -> None:
        """Add the names of an institution to which the document belongs."""
        for source in (*translated(institution.name), SourceText(institution.short_name)):
            self.text(source, level)
            if level is not None:
                self.words[level].update(name_tokens(source.text))

    def town(self, city: str, level: int | None) -> None:
        """Add a town, under all its names."""
        if city and level is not None:
            self.tag(f"city:{town_key(city)}", level)
            for name in spellings(city):
                self.words[level].update(name_tokens(name))
                self.text(SourceText(name), level)

    def finished(self, kind: str, object_id: int, level: int, **rest: Any) -> Document:
        keys: dict[str, int] = {}
        for name in sorted(self.names.values(), key=lambda name: -name.level):  # the lowest level of a key comes last and stays
            keys.update(dict.fromkeys(stored_keys(name.text), name.level))
        return Document(
            kind=kind,
            object_id=object_id,
            level=level,
            names=tuple(self.names.values()),
            keys=keys,
            tags=_cumulative(self.tags),
            words=_cumulative(self.words),
            **rest,
        )


def _cumulative(sets: list[set[str]]) -> Any:
    everyone, members, coordinators = sets
    return (frozenset(everyone), frozenset(everyone | members), frozenset(everyone | members | coordinators))


def build_documents(kind: str, ids: Sequence[int]) -> list[Document]:
    """The documents of these ids, in a constant number of queries. Documents that nobody may find, or whose source was deleted, are left out."""
    rows, build = _SOURCES[SearchKind(kind)]
    return [document for row in rows().filter(pk__in=ids) if (document := build(row)) is not None]


def source_ids(kind: str, *, after: int, limit: int) -> list[int]:
    """The next ids of a kind, in order, including those that nobody may find."""
    return list(_ROWS[SearchKind(kind)].filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:limit])


def source_count(kind: str, *, after: int = 0) -> int:
    """How many rows of a kind there are beyond an id."""
    return int(_ROWS[SearchKind(kind)].filter(pk__gt=after).count())


_ROWS: dict[SearchKind, Any] = {
    SearchKind.EXPERT: ExpertProfile.objects,
    SearchKind.PROGRAM: Program.objects,
    SearchKind.INSTITUTION: Institution.objects,
}


# ---- experts ---------------------------------------------------------------------------------------------------------


def _experts() -> "QuerySet[ExpertProfile]":
    register = Institution.objects.only("name", "short_name", "state")
    rows: QuerySet[ExpertProfile] = ExpertProfile.objects.prefetch_related(
        "names",
        "profile_fields",
        "competences",
        "languages",
        "windows",
        Prefetch("affiliation", register),
        "positions",
        Prefetch("positions__institution", register),
        "education",
        Prefetch("education__institution", register),
        "accreditations",
        "publications",
        "cases",
    )
    return rows


def _expert(profile: ExpertProfile) -> Document | None:
    levels = {part: AUDIENCE_LEVELS.get(Audience(audience)) for part, audience in part_levels(profile).items()}
    whole = levels[HEAD]
    if whole is None:
        return None
    draft = _Draft()
    _expert_names(draft, profile, levels)
    if profile.country:
        draft.tag(f"country:{profile.country}", whole)
    for source in texts_of(SearchKind.EXPERT, profile):
        draft.text(source, levels[source.part])
    draft.concepts((row.concept_id for row in profile.profile_fields.all()), whole)
    draft.town(profile.city, levels[Part.CITY])
    _institutions_of(draft, profile, levels)
    works: Any = ((Part.COMPETENCES, profile.competences.all()), (Part.PORTFOLIO, profile.cases.all()))
    for part, rows in works:
        for row in rows:
            draft.concepts(filter(None, (row.technique_id, row.material_id, row.object_type_id)), levels[part])
    for skill in profile.languages.all():
        _language(draft, skill.language, skill.level, levels[Part.LANGUAGES])
        if skill.can_teach:
            draft.tag(f"teaches:{skill.language}", levels[Part.LANGUAGES])
    for window in profile.windows.all():
        for month in _months(window.starts, window.ends):
            draft.tag(f"free:{month}", levels[Part.AVAILABILITY])
    return draft.finished(
        SearchKind.EXPERT,
        profile.pk,
        whole,
        opens=None,
        closes=None,
        quality=profile.completeness + 2 * _month_number(profile.confirmed_on),
        sort_name=profile.sort_name[:250],
        created=profile.created_at,
        confirmed=profile.confirmed_on,
    )


def _expert_names(draft: _Draft, profile: ExpertProfile, levels: dict[str, int | None]) -> None:
    """Add the shown name first, with the audience of the whole profile; the others have that of their part."""
    names = list(profile.names.all())
    languages = {name.short: name.language for name in reversed(names)}
    draft.name(profile.shown_name, levels[HEAD], language=languages.get(profile.shown_name, ""), kind="shown")
    draft.name(profile.latin_name, levels[HEAD], language=languages.get(profile.latin_name, ""), kind=NameKind.LATIN)
    for name in names:
        part = Part.PASSPORT if name.kind == NameKind.PASSPORT else Part.OTHER_NAMES
        draft.name(name.full, levels[part], language=name.language, kind=name.kind)


def _institutions_of(draft: _Draft, profile: ExpertProfile, levels: dict[str, int | None]) -> None:
    """Add the names of the institutions where the person works, worked and studied."""
    if profile.affiliation is not None:
        draft.names_of(profile.affiliation, levels[Part.AFFILIATION])
        if profile.affiliation.state == InstitutionState.VERIFIED:
            draft.tag("verified:1", levels[Part.AFFILIATION])
    places: Any = ((Part.POSITIONS, profile.positions.all()), (Part.EDUCATION, profile.education.all()))
    for part, rows in places:
        for row in rows:
            if row.institution is not None:
                draft.names_of(row.institution, levels[part])


# ---- programmes ------------------------------------------------------------------------------------------------------


def _programs() -> "QuerySet[Program]":
    rows: QuerySet[Program] = (
        Program.objects.select_related("institution")
        .defer("institution__description", "institution__facilities")
        .prefetch_related("concepts", "required_languages")
    )
    return rows


def _program(program: Program) -> Document | None:
    if program.state not in PUBLIC_STATES or not program.was_published:
        return None
    host = program.institution
    draft = _Draft()
    for language, title in program.title.items():
        draft.name(title, 0, language=language, kind="title")
    for source in texts_of(SearchKind.PROGRAM, program):
        draft.text(source, 0)
    draft.names_of(host, 0)
    draft.town(program.city, 0)
    draft.concepts((concept.pk for concept in program.concepts.all()), 0)
    draft.tag(f"country:{program.country}", 0)
    draft.tag(f"kind:{program.kind}", 0)
    draft.tag(f"modality:{program.modality}", 0)
    draft.tag(f"state:{program.state}", 0)
    draft.tag(f"institution:{host.pk}", 0)
    if program.funding:
        draft.tag("funding:1", 0)
    if host.state == InstitutionState.VERIFIED:
        draft.tag("verified:1", 0)
    for country in program.eligible_countries:
        draft.tag(f"eligible:{country}", 0)
    for required in program.required_languages.all():
        draft.tag(f"language:{required.language}", 0)
    for month in _months(program.starts, program.ends):
        draft.tag(f"month:{month}", 0)
    published = program.published_at or program.created_at
    is_open = program.state == ProgramState.PUBLISHED
    return draft.finished(
        SearchKind.PROGRAM,
        program.pk,
        0,
        opens=published if is_open else None,
        closes=(program.deadline or FAR) if is_open else None,
        quality=2 * _month_number(program.starts)
        + (50 if is_open else 0)
        - (200 if program.state == ProgramState.CANCELLED else 0),
        sort_name=_sort_name(program.title),
        created=published,
        confirmed=published.date(),
    )


# ---- institutions ----------------------------------------------------------------------------------------------------


def _institutions() -> "QuerySet[Institution]":
    rows: QuerySet[Institution] = Institution.objects.select_related("fact_sheet").prefetch_related("fields", "names")
    return rows


def _institution(institution: Institution) -> Document | None:
    if institution.state == InstitutionState.SUSPENDED:
        return None
    draft = _Draft()
    for language, text, kind in _institution_names(institution):
        draft.name(text, 0, language=language, kind=kind)
    for source in texts_of(SearchKind.INSTITUTION, institution):
        draft.text(source, 0)
    draft.town(institution.city, 0)
    draft.concepts((concept.pk for concept in institution.fields.all()), 0)
    draft.tag(f"country:{institution.country}", 0)
    draft.tag(f"kind:{institution.kind}", 0)
    draft.tag(f"state:{institution.state}", 0)
    verified = institution.state == InstitutionState.VERIFIED
    if verified:
        draft.tag("verified:1", 0)
    return draft.finished(
        SearchKind.INSTITUTION,
        institution.pk,
        0,
        opens=None,
        closes=None,
        quality=100 if verified else 0,
        sort_name=_sort_name(institution.name),
        created=institution.created_at,
        confirmed=institution.created_at.date(),
    )


def _institution_names(institution: Institution) -> Iterator[tuple[str, str, str]]:
    """(language, text, kind) of every name it is known by."""
    for language, text in institution.name.items():
        yield language, text, "name"
    yield "", institution.short_name, "short"
    for row in institution.names.all():
        yield row.language, row.text, row.kind


_SOURCES: dict[SearchKind, tuple[Callable[[], "QuerySet[Any]"], Callable[[Any], Document | None]]] = {
    SearchKind.EXPERT: (_experts, _expert),
    SearchKind.PROGRAM: (_programs, _program),
    SearchKind.INSTITUTION: (_institutions, _institution),
}


# ---- small things ----------------------------------------------------------------------------------------------------


def _language(draft: _Draft, language: str, level: int, reader: int | None) -> None:
    """Add the language, and each CEFR level up to the stated one."""
    draft.tag(f"language:{language}", reader)
    for reached in range(1, level + 1):
        draft.tag(f"language:{language}:{reached}", reader)


def _months(starts: datetime.date, ends: datetime.date) -> Iterator[str]:
    """The months that a period touches, at most `MAX_MONTHS`."""
    for number in range(_month_number(starts), min(_month_number(ends), _month_number(starts) + MAX_MONTHS - 1) + 1):
        yield f"{2000 + number // 12}-{number % 12 + 1:02}"


def _month_number(day: datetime.date) -> int:
    """Months since the year 2000: older entries rank lower without being indexed again."""
    return (day.year - 2000) * 12 + day.month - 1


def _sort_name(name: Any) -> str:
    return str(name.in_language("en")).casefold()[:250]
