"""What stands in single cells: countries, concepts, competences, languages. Each reader answers, or raises CellError with a reason."""

import re
from collections.abc import Collection, Iterator
from functools import cached_property

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from exchange.core.components.names import COUNTRY_SHORT_NAMES
from exchange.core.countries import Country
from exchange.core.csv_reader import CellError, shorten
from exchange.core.folding import fold
from exchange.core.languages import Language, Level
from profiles.states import Mastery
from vocabulary.domain.lookup import ConceptLookup
from vocabulary.domain.vocabulary import Vocabulary
from vocabulary.models import Scheme

FIELD_SCHEMES = frozenset({Scheme.FIELD, Scheme.SPECIALISM})
SLOTS: dict[str, str] = {
    Scheme.TECHNIQUE: "technique_id",
    Scheme.SKILL: "technique_id",
    Scheme.MATERIAL: "material_id",
    Scheme.OBJECT_TYPE: "object_type_id",
    Scheme.SITE_TYPE: "object_type_id",
}
COMPETENCE_SCHEMES = frozenset(SLOTS)
MOST_IN_A_CELL = 40

Held = tuple[int | None, int | None, int | None, int, int | None]
"""A competence: technique, material, object or site, level, last year."""
Spoken = tuple[str, int, bool]
"""A language, its level, and whether the person can teach in it."""


def parts_of(cell: str, whole: Collection[str] = ()) -> list[str]:
    """The parts of a cell: between semicolons, bars or line breaks; between commas where there are none of those."""
    if fold(cell) in whole:
        return [cell.strip()]
    pieces = re.split(r"[;|\n]" if re.search(r"[;|\n]", cell.strip()) else ",", cell)
    found = list(dict.fromkeys(piece.strip() for piece in pieces if piece.strip()))
    if len(found) > MOST_IN_A_CELL:
        raise CellError(_("At most %(most)s are possible.") % {"most": MOST_IN_A_CELL})
    return found


class Words:
    """Words of a table looked up: every label in every language, folded, kept for the length of one import."""

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
        named = {name: int(level) for level, name in _in_all_languages(Mastery.choices)}
        return named | {str(level.value): level.value for level in Mastery} | {level.name.lower(): level.value for level in Mastery}

    def country(self, cell: str) -> str:
        """By code, or by name in any language of the site."""
        code = self.countries.get(fold(cell))
        if code is None:
            raise CellError(
                _("“%(text)s” is none of the countries: %(known)s.") % {"text": shorten(cell), "known": ", ".join(Country.values)}
            )
        return code

    def fields(self, cell: str) -> list[int]:
        return [self.concepts.find(part, FIELD_SCHEMES) for part in parts_of(cell, self.concepts.labels)]

    def competences(self, cell: str) -> list[Held]:
        """`concept + concept + concept: level: year`, the level and the year left out at will."""
        return [self._competence(part) for part in parts_of(cell, self.concepts.labels)]

    def _competence(self, text: str) -> Held:
        about, *more = (piece.strip() for piece in text.split(":"))
        level, year = int(Mastery.PRACTISES), None
        for piece in filter(None, more):
            if re.fullmatch(r"(?:19[5-9]|20\d)\d", piece):
                year = int(piece)
            elif fold(piece) in self.levels:
                level = self.levels[fold(piece)]
            else:
                known = "trained, practises, leads, teaches"
                message = _("“%(text)s” is neither a year nor a level (%(known)s).")
                raise CellError(message % {"text": shorten(piece), "known": known})
        pieces = [about] if fold(about) in self.concepts.labels else re.split(r"\s*[+×/]\s*", about)
        slots: dict[str, int] = {}
        for piece in filter(None, pieces):
            concept = self.concepts.find(piece, COMPETENCE_SCHEMES)
            slot = SLOTS[self.vocabulary.terms[concept].scheme]
            if slot in slots:
                message = _(
                    "“%(text)s” names two things of one kind: one material, one object or site and one technique can be combined."
                )
                raise CellError(message % {"text": shorten(text)})
            slots[slot] = concept
        if not slots:
            raise CellError(_("“%(text)s” names no material, object or technique.") % {"text": shorten(text)})
        return slots.get("technique_id"), slots.get("material_id"), slots.get("object_type_id"), level, year

    @staticmethod
    def languages(cell: str) -> list[Spoken]:
        """`ru:C1 en:B2`; `native` for a first language, `:teaches` after it for one the person can teach in."""
        found: dict[str, Spoken] = {}
        for part in re.split(r"[\s,;|]+", cell.strip()):
            code, level, teaches = _language(part)
            if code in found:
                raise CellError(_("“%(text)s” appears twice.") % {"text": code})
            found[code] = (code, level, teaches)
        return list(found.values())


LEVELS = {level.name.lower(): int(level) for level in Level} | {"first": int(Level.NATIVE)}
LANGUAGE = re.compile(r"([a-z]{2})[:=]([a-z0-9]+)(:(?:teaches|teach|t))?")


def _language(part: str) -> Spoken:
    match = LANGUAGE.fullmatch(part.lower())
    if match is None:
        raise CellError(_("“%(text)s” is not of the form ru:C1.") % {"text": shorten(part)})
    if match[1] not in Language.values:
        known = ", ".join(Language.values)
        raise CellError(_("“%(text)s” is none of the languages: %(known)s.") % {"text": match[1], "known": known})
    if match[2] not in LEVELS:
        message = _("“%(text)s” is not a level. Levels are A1, A2, B1, B2, C1, C2 and native.")
        raise CellError(message % {"text": shorten(match[2])})
    return match[1], LEVELS[match[2]], match[3] is not None


def _in_all_languages(choices: "Collection[tuple[object, object]]") -> Iterator[tuple[str, str]]:
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for value, label in choices:
                yield str(getattr(value, "value", value)), fold(str(label))
