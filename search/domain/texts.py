"""The texts by which an expert, a programme or an institution is found: for the index, and for the passages shown with hits."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, TextField, Value
from django.db.models.functions import Concat

from institutions.domain.fact_sheet import SHEET_TEXTS
from institutions.models import Institution
from profiles.domain.visibility import HEAD
from profiles.models import Accreditation, Competence, Education, ExpertProfile, PortfolioCase, Position, Publication
from profiles.states import Part
from programs.models import Program
from search.domain.tokens import SUMMARY, TITLE
from search.models import SearchKind

ROWS: tuple[tuple[Any, str, Part, tuple[str, ...]], ...] = (
    (PortfolioCase, "cases", Part.PORTFOLIO, ("title", "story")),
    (Publication, "publications", Part.PUBLICATIONS, ("title", "container")),
    (Position, "positions", Part.POSITIONS, ("title", "place")),
    (Competence, "competences", Part.COMPETENCES, ("evidence",)),
    (Education, "education", Part.EDUCATION, ("degree", "place")),
    (Accreditation, "accreditations", Part.ACCREDITATIONS, ("title", "body")),
)
"""The rows of a profile that have texts: model, relation, part, fields."""


@dataclass(frozen=True)
class SourceText:
    """One text in one language ("" where unknown). `part` is the part of a profile whose audience reads it."""

    text: str
    language: str = ""
    place: str = ""
    """TITLE, SUMMARY, or "" for any other text."""
    part: str = HEAD


def texts_of(kind: str, subject: Any) -> Iterator[SourceText]:
    """All texts of a row, the most telling first. Reads related rows: prefetch them."""
    yield from _TEXTS[SearchKind(kind)](subject)


def translated(texts: Any, place: str = "", part: str = HEAD) -> Iterator[SourceText]:
    """A translated text in each language that it has."""
    for language, text in (texts or {}).items():
        if text:
            yield SourceText(text, language, place, part)


def row_texts(profile_ids: Sequence[int]) -> dict[int, list[SourceText]]:
    """The texts of the rows of these profiles, by profile, in one query."""
    found: dict[int, list[SourceText]] = defaultdict(list)
    queries = []
    for place, (model, _relation, part, names) in enumerate(ROWS):
        text = Concat(*[each for name in names for each in (F(name), Value(". "))], output_field=TextField())
        rows = model.objects.order_by().filter(profile__in=profile_ids)
        queries.append(
            rows.annotate(part=Value(str(part)), kind=Value(place), said=text).values_list(
                "kind", "pk", "profile_id", "part", "said"
            )
        )
    first, *others = queries
    for _kind, _pk, profile, part, said in sorted(first.union(*others, all=True)):
        found[profile].append(SourceText(said, part=part))
    return found


def _expert_texts(profile: ExpertProfile) -> Iterator[SourceText]:
    yield from own_texts(profile)
    for _model, relation, part, names in ROWS:
        for row in getattr(profile, relation).all():
            # As sentences, so that words of two texts are no label together.
            yield SourceText(". ".join(getattr(row, name) for name in names), part=part)


def own_texts(profile: ExpertProfile) -> Iterator[SourceText]:
    """The texts of the profile itself."""
    yield SourceText(profile.headline, "", TITLE)
    yield SourceText(profile.biography, profile.biography_language, "", Part.BIOGRAPHY)


def _program_texts(program: Program) -> Iterator[SourceText]:
    yield from translated(program.title, TITLE)
    yield from translated(program.summary, SUMMARY)
    yield from translated(program.description)
    yield from translated(program.funding)


def _institution_texts(institution: Institution) -> Iterator[SourceText]:
    yield from translated(institution.name, TITLE)
    for name in institution.names.all():
        yield SourceText(name.text, name.language, TITLE)
    yield from translated(institution.description, SUMMARY)
    yield from translated(institution.facilities)
    sheet: Any = getattr(institution, "fact_sheet", None)
    for field in SHEET_TEXTS if sheet else ():
        yield from translated(getattr(sheet, field))


_TEXTS: dict[SearchKind, Callable[[Any], Iterator[SourceText]]] = {
    SearchKind.EXPERT: _expert_texts,
    SearchKind.PROGRAM: _program_texts,
    SearchKind.INSTITUTION: _institution_texts,
}
