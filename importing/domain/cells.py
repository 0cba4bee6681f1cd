"""Parsing single cells: countries, concepts, competences, languages. Each parser returns a value or raises CellError with a reason."""

import re
from collections.abc import Collection, Iterator
from functools import cached_property

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from exchange.core.components.names import COUNTRY_SHORT_NAMES
from exchange.core.countries import Country
from exchange.core.csv_reader import CellError, shorten
from exchange.core.spoken_languages import Level, language_codes_of
from exchange.core.text import normalise_text
from profiles.states import SkillLevel
from vocabulary.domain.lookup import ConceptLookup
from vocabulary.domain.vocabulary import Vocabulary
from vocabulary.models import Scheme

FIELD_SCHEMES = frozenset({Scheme.FIELD, Scheme.SPECIALISM})
SLOTS: dict[str, str] = {
    Scheme.TECHNIQUE: "technique_id",
    Scheme.SKILL: "technique_id",
    Scheme.SPECIALISM: "technique_id",
    Scheme.MATERIAL: "material_id",
    Scheme.OBJECT_TYPE: "object_type_id",
    Scheme.SITE_TYPE: "object_type_id",
}
COMPETENCE_SCHEMES = frozenset(SLOTS)
MAX_IN_A_CELL = 40
SEPARATORS = re.compile(r"[;|\n]")
JOINED = re.compile(r"[+×/]")

CompetenceTuple = tuple[int | None, int | None, int | None, int, int | None]
"""A competence: technique, skill or specialism, material, object or site, level, last year."""
LanguageTuple = tuple[str, int, bool]
"""A language, its level, and whether the person can teach in it."""


def parts_of(cell: str, whole: Collection[str] = ()) -> list[str]:
    """The parts of a cell: between semicolons, bars or line breaks; between commas where there are none of those."""
    if normalise_text(cell) in whole:
        return [cell.strip()]
    pieces = SEPARATORS.split(cell) if SEPARATORS.search(cell.strip()) else cell.split(",")
    found = list(dict.fromkeys(piece.strip() for piece in pieces if piece.strip()))
    if len(found) > MAX_IN_A_CELL:
        raise CellError(_("At most %(most)s are possible.") % {"most": MAX_IN_A_CELL})
    return found


class LabelLookup:
    """Looks up labels of countries, levels and concepts: every label in every language, normalised, cached for one import."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.concepts = ConceptLookup(vocabulary)

    @cached_property
    def countries(self) -> dict[str, str]:
        return {name: code for code, name in _in_all_languages([*Country.choices, *COUNTRY_SHORT_NAMES.items()])} | {
            code.lower(): code for code in Country.values
        }

    @cached_property
    def levels(self) -> dict[str, int]:
        named = {name: int(level) for level, name in _in_all_languages(SkillLevel.choices)}
        return (
            named
            | {str(level.value): level.value for level in SkillLevel}
            | {level.name.lower(): level.value for level in SkillLevel}
        )

    def country(self, cell: str) -> str:
        """By code, or by name in any language of the site."""
        code = self.countries.get(normalise_text(cell))
        if code is None:
            raise CellError(
                _("“%(text)s” is none of the countries: %(known)s.") % {"text": shorten(cell), "known": ", ".join(Country.values)}
            )
        return code

    def fields(self, cell: str) -> list[int]:
        return [self.concepts.find(part, FIELD_SCHEMES) for part in parts_of(cell, self.concepts.labels)]

    def competences(self, cell: str) -> list[CompetenceTuple]:
        """`concept + concept + concept: level: year`; level and year are optional."""
        return [self._competence(part) for part in parts_of(cell, self.concepts.labels)]

    def _competence(self, text: str) -> CompetenceTuple:
        about, *more = (piece.strip() for piece in text.split(":"))
        level, year = int(SkillLevel.PRACTISES), None
        for piece in filter(None, more):
            if re.fullmatch(r"(?:19[5-9]|20\d)\d", piece):
                year = int(piece)
            elif normalise_text(piece) in self.levels:
                level = self.levels[normalise_text(piece)]
            else:
                known = "trained, practises, leads, teaches"
                message = _("“%(text)s” is neither a year nor a level (%(known)s).")
                raise CellError(message % {"text": shorten(piece), "known": known})
        pieces = [about] if normalise_text(about) in self.concepts.labels else [piece.strip() for piece in JOINED.split(about)]
        slots: dict[str, int] = {}
        for piece in filter(None, pieces):
            concept = self.concepts.find(piece, COMPETENCE_SCHEMES)
            slot = SLOTS[self.vocabulary.terms[concept].scheme]
            if slot in slots:
                message = _(
                    "“%(text)s” names two things of one kind: one material, one object or site, and one technique or specialism can be combined."
                )
                raise CellError(message % {"text": shorten(text)})
            slots[slot] = concept
        if not slots:
            raise CellError(_("“%(text)s” names no material, object, technique or specialism.") % {"text": shorten(text)})
        return slots.get("technique_id"), slots.get("material_id"), slots.get("object_type_id"), level, year

    @staticmethod
    def languages(cell: str) -> list[LanguageTuple]:
        """`ru:C1 en:B2`; `native` for a first language, `:teaches` after it for one the person can teach in."""
        found: dict[str, LanguageTuple] = {}
        for part in _language_parts(cell):
            code, level, teaches = _language(part)
            if code in found:
                raise CellError(_("“%(text)s” appears twice.") % {"text": code})
            found[code] = (code, level, teaches)
        return list(found.values())


LEVELS = {level.name.lower(): int(level) for level in Level} | {"first": int(Level.NATIVE)}
LANGUAGE = re.compile(r"([a-z]{2,3})[:=]([a-z0-9]+)(:(?:teaches|teach|t))?")
BETWEEN_LANGUAGES = re.compile(r"[,;|\n]")
TEACHES = frozenset({"teaches", "teach", "t"})


def _language_parts(cell: str) -> list[str]:
    """The languages of a cell: between commas, semicolons, bars and line breaks; short ones such as ru:C1 between blanks too."""
    parts: list[str] = []
    for piece in filter(None, (piece.strip() for piece in BETWEEN_LANGUAGES.split(cell))):
        words = piece.split()
        parts += words if all(LANGUAGE.fullmatch(word.lower()) for word in words) else [piece]
    if len(parts) > MAX_IN_A_CELL:
        raise CellError(_("At most %(most)s are possible.") % {"most": MAX_IN_A_CELL})
    return parts


def _language(part: str) -> LanguageTuple:
    """`ru:C1`, `kaa = native`, `Русский: C1: teaches`."""
    name, *rest = (piece.strip() for piece in part.replace("=", ":").split(":"))
    teaches = len(rest) == 2 and rest[1].lower() in TEACHES
    if not name or len(rest) != 1 + teaches:
        raise CellError(_("“%(text)s” is not of the form ru:C1.") % {"text": shorten(part)})
    codes = language_codes_of(name)
    if len(codes) != 1:
        message = _("“%(text)s” may mean several languages: %(ids)s. Write one of these.")
        if codes:
            raise CellError(message % {"text": shorten(name), "ids": ", ".join(sorted(codes))})
        raise CellError(
            _("“%(text)s” is no language of ISO 639 that is known here. Write its code, such as ru.") % {"text": shorten(name)}
        )
    level = rest[0].lower()
    if level not in LEVELS:
        message = _("“%(text)s” is not a level. Levels are A1, A2, B1, B2, C1, C2 and native.")
        raise CellError(message % {"text": shorten(level)})
    return next(iter(codes)), LEVELS[level], teaches


def _in_all_languages(choices: "Collection[tuple[object, object]]") -> Iterator[tuple[str, str]]:
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for value, label in choices:
                yield str(getattr(value, "value", value)), normalise_text(str(label))
