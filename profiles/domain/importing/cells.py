"""What stands in single cells: countries, concepts, competences, languages. Each reader answers, or raises CellError with a reason."""

import difflib
import re
from collections.abc import Collection, Iterator
from functools import cached_property

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from exchange.core.components.names import COUNTRY_SHORT_NAMES
from exchange.core.countries import Country
from exchange.core.spoken_languages import Language, Level
from exchange.core.text import normalise_text
from profiles.domain.vocabulary import Term, Vocabulary
from profiles.models import Scheme
from profiles.states import SkillLevel

FIELD_SCHEMES = frozenset({Scheme.FIELD, Scheme.SPECIALISM})
SLOTS: dict[str, str] = {
    Scheme.TECHNIQUE: "technique_id",
    Scheme.SKILL: "technique_id",
    Scheme.MATERIAL: "material_id",
    Scheme.OBJECT_TYPE: "object_type_id",
    Scheme.SITE_TYPE: "object_type_id",
}
COMPETENCE_SCHEMES = frozenset(SLOTS)
MAX_IN_A_CELL = 40
MAX_GUESSES = 50

CompetenceTuple = tuple[int | None, int | None, int | None, int, int | None]
"""A competence: technique, material, object or site, level, last year."""
LanguageTuple = tuple[str, int, bool]
"""A language, its level, and whether the person can teach in it."""


class CellError(Exception):
    """What is wrong with a cell, in the reader's language."""


def parts_of(cell: str, whole: Collection[str] = ()) -> list[str]:
    """The parts of a cell: between semicolons, bars or line breaks; between commas where there are none of those."""
    if normalise_text(cell) in whole:
        return [cell.strip()]
    pieces = re.split(r"[;|\n]" if re.search(r"[;|\n]", cell.strip()) else ",", cell)
    found = list(dict.fromkeys(piece.strip() for piece in pieces if piece.strip()))
    if len(found) > MAX_IN_A_CELL:
        raise CellError(_("At most %(most)s are possible.") % {"most": MAX_IN_A_CELL})
    return found


class Words:
    """Words of a table looked up: every label in every language, folded, kept for the length of one import."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._found: dict[tuple[str, frozenset[str]], int] = {}
        self._guesses = 0

    @cached_property
    def labels(self) -> dict[str, list[Term]]:
        found: dict[str, list[Term]] = {}
        for term in self.vocabulary:
            for name in term.labels:
                found.setdefault(name, []).append(term)
        return found

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
                _("“%(text)s” is none of the countries: %(known)s.") % {"text": short(cell), "known": ", ".join(Country.values)}
            )
        return code

    def fields(self, cell: str) -> list[int]:
        return [self.concept(part, FIELD_SCHEMES) for part in parts_of(cell, self.labels)]

    def competences(self, cell: str) -> list[CompetenceTuple]:
        """`concept + concept + concept: level: year`, the level and the year left out at will."""
        return [self._competence(part) for part in parts_of(cell, self.labels)]

    def concept(self, text: str, schemes: "frozenset[str]") -> int:
        """A concept by its id in the vocabulary file, its number, or any of its names in any language."""
        key = (text, schemes)
        if key not in self._found:
            self._found[key] = self._concept(text, schemes)
        return self._found[key]

    def _concept(self, text: str, schemes: "frozenset[str]") -> int:
        known = self.vocabulary
        by_slug = known.slugs.get(text.lower())
        if by_slug is None and text.isdecimal():
            by_slug = known.terms.get(int(text)) if len(text) < 12 else None
        if by_slug is not None:
            if by_slug.scheme in schemes:
                return by_slug.id
            raise CellError(_("“%(text)s” is in the vocabulary, but cannot stand in this column.") % {"text": short(text)})
        found = [term for term in self.labels.get(normalise_text(text), []) if term.scheme in schemes]
        preferred = [term for term in found if normalise_text(text) in {normalise_text(label) for label in term.label.values()}]
        found = preferred or found
        if len(found) > 1:
            ids = ", ".join(sorted(term.slug for term in found))
            raise CellError(_("“%(text)s” may mean several: %(ids)s. Write one of these.") % {"text": short(text), "ids": ids})
        if found:
            return found[0].id
        if nearest := self._nearest(text, schemes):
            message = _("“%(text)s” is not in the vocabulary. The nearest is %(id)s.")
            raise CellError(message % {"text": short(text), "id": nearest.slug})
        raise CellError(_("“%(text)s” is not in the vocabulary.") % {"text": short(text)})

    def _nearest(self, text: str, schemes: "frozenset[str]") -> Term | None:
        """What may have been meant. Looked for a few dozen times, for it takes long and nobody reads thousands of guesses."""
        self._guesses += 1
        if self._guesses > MAX_GUESSES:
            return None
        names = [name for name, terms in self.labels.items() if any(term.scheme in schemes for term in terms)]
        near = difflib.get_close_matches(normalise_text(text)[:100], names, n=1, cutoff=0.7)
        return next(term for term in self.labels[near[0]] if term.scheme in schemes) if near else None

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
                raise CellError(message % {"text": short(piece), "known": known})
        pieces = [about] if normalise_text(about) in self.labels else re.split(r"\s*[+×/]\s*", about)
        slots: dict[str, int] = {}
        for piece in filter(None, pieces):
            concept = self.concept(piece, COMPETENCE_SCHEMES)
            slot = SLOTS[self.vocabulary.terms[concept].scheme]
            if slot in slots:
                message = _(
                    "“%(text)s” names two things of one kind: one material, one object or site and one technique go together."
                )
                raise CellError(message % {"text": short(text)})
            slots[slot] = concept
        if not slots:
            raise CellError(_("“%(text)s” names no material, object or technique.") % {"text": short(text)})
        return slots.get("technique_id"), slots.get("material_id"), slots.get("object_type_id"), level, year

    @staticmethod
    def languages(cell: str) -> list[LanguageTuple]:
        """`ru:C1 en:B2`; `native` for a first language, `:teaches` after it for one the person can teach in."""
        found: dict[str, LanguageTuple] = {}
        for part in re.split(r"[\s,;|]+", cell.strip()):
            code, level, teaches = _language(part)
            if code in found:
                raise CellError(_("“%(text)s” stands twice.") % {"text": code})
            found[code] = (code, level, teaches)
        return list(found.values())


LEVELS = {level.name.lower(): int(level) for level in Level} | {"first": int(Level.NATIVE)}
LANGUAGE = re.compile(r"([a-z]{2})[:=]([a-z0-9]+)(:(?:teaches|teach|t))?")


def _language(part: str) -> LanguageTuple:
    match = LANGUAGE.fullmatch(part.lower())
    if match is None:
        raise CellError(_("“%(text)s” is not of the form ru:C1.") % {"text": short(part)})
    if match[1] not in Language.values:
        known = ", ".join(Language.values)
        raise CellError(_("“%(text)s” is none of the languages: %(known)s.") % {"text": match[1], "known": known})
    if match[2] not in LEVELS:
        message = _("“%(text)s” is not a level: A1, A2, B1, B2, C1, C2 or native are.")
        raise CellError(message % {"text": short(match[2])})
    return match[1], LEVELS[match[2]], match[3] is not None


def short(text: str) -> str:
    """What somebody wrote, cut for a message."""
    line = "".join(char for char in " ".join(text.split()) if char.isprintable())
    return line if len(line) <= 60 else f"{line[:59]}…"


def _in_all_languages(choices: "Collection[tuple[object, object]]") -> Iterator[tuple[str, str]]:
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for value, label in choices:
                yield str(getattr(value, "value", value)), normalise_text(str(label))
