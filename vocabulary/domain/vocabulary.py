"""The vocabulary in memory: labels, broader and narrower concepts, loaded once a process.

Every few seconds a process checks with one small query whether the vocabulary was changed since; its own changes are seen at once.
So an import or an edit is visible everywhere within seconds.
"""

import itertools
import time
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from exchange.core.text import normalise_text
from exchange.core.translated import Translated
from vocabulary.models import Concept, ConceptLabel, Scheme

CHECK_EVERY = 5.0
"""Seconds between two checks of the version."""

# Every write of a row sets a new xmin; the sum changes with any committed write, in any order of commits.
VERSION_SQL = """
SELECT (SELECT count(*) FROM vocabulary_concept), (SELECT sum(xmin::text::bigint) FROM vocabulary_concept),
       (SELECT count(*) FROM vocabulary_conceptlabel), (SELECT sum(xmin::text::bigint) FROM vocabulary_conceptlabel)
"""
Choices = list[tuple[str, list[tuple[int, str]]]]
Version = tuple[Any, ...]


@dataclass(frozen=True)
class Term:
    """A concept in memory. `labels` holds all its labels, normalised, the preferred ones first."""

    id: int
    slug: str
    scheme: str
    broader_id: int | None
    label: Translated
    note: str = ""
    labels: tuple[str, ...] = field(default=(), repr=False)

    def __str__(self) -> str:
        return str(self.label)

    @property
    def pk(self) -> int:
        return self.id

    @property
    def title(self) -> str:
        """The label with a capital letter: the vocabulary stores common nouns in lower case."""
        text = str(self.label)
        return text[:1].upper() + text[1:]


_serials = itertools.count()


class Vocabulary:
    """All concepts at one moment. Unknown ids raise KeyError. `serial` identifies this copy, for caches derived from it."""

    def __init__(self, terms: dict[int, Term]) -> None:
        self.terms = terms
        self.serial = next(_serials)
        self.slugs = {term.slug: term for term in terms.values()}
        self._narrower: dict[int | None, list[int]] = {}
        for term in terms.values():
            self._narrower.setdefault(term.broader_id, []).append(term.id)
        self._ancestors: dict[int, tuple[int, ...]] = {}
        self._descendants: dict[int, frozenset[int]] = {}

    def __len__(self) -> int:
        return len(self.terms)

    def __contains__(self, concept_id: object) -> bool:
        return concept_id in self.terms

    def __iter__(self) -> Any:
        return iter(self.terms.values())

    def concept(self, concept_id: int) -> Term:
        """The concept; KeyError when there is none."""
        if concept_id not in self.terms:
            return _refreshed().terms[concept_id]  # it may be newer than this copy
        return self.terms[concept_id]

    def label(self, concept_id: int) -> str:
        """The label in the reader's language, for use inside a sentence."""
        return str(self.concept(concept_id).label)

    def title(self, concept_id: int) -> str:
        """The label in the reader's language, with a capital letter."""
        return self.concept(concept_id).title

    def by_slug(self, slug: str) -> Term:
        """The concept with this slug; KeyError when there is none."""
        if slug not in self.slugs:
            return _refreshed().slugs[slug]
        return self.slugs[slug]

    def ancestors(self, concept_id: int) -> tuple[int, ...]:
        """Broader concepts, nearest first, without the concept itself."""
        if concept_id not in self._ancestors:
            found: list[int] = []
            above = self.concept(concept_id).broader_id
            while above is not None and above not in found and above != concept_id:
                found.append(above)
                above = self.terms[above].broader_id
            self._ancestors[concept_id] = tuple(found)
        return self._ancestors[concept_id]

    def descendants(self, concept_id: int) -> frozenset[int]:
        """All narrower concepts, without the concept itself."""
        if concept_id not in self._descendants:
            found: set[int] = set()
            waiting = list(self._narrower.get(concept_id, ()))
            while waiting:
                narrower = waiting.pop()
                if narrower not in found:
                    found.add(narrower)
                    waiting += self._narrower.get(narrower, ())
            self._descendants[concept_id] = frozenset(found - {concept_id})
        return self._descendants[concept_id]

    def within(self, concept_id: int) -> frozenset[int]:
        """The concept and all narrower ones."""
        return self.descendants(concept_id) | {concept_id}

    def fields(self) -> list[Term]:
        """Top-level fields, sorted by title in the reader's language."""
        return self._sorted(term for term in self.terms.values() if term.scheme == Scheme.FIELD and term.broader_id is None)

    def field_of(self, concept_id: int) -> set[int]:
        """The fields a concept belongs to: among itself and its broader concepts, those of the scheme "field"."""
        return {pk for pk in (concept_id, *self.ancestors(concept_id)) if self.concept(pk).scheme == Scheme.FIELD}

    def choices(self, *schemes: str) -> Choices:
        """For a select: groups of (id, title) under the broadest concept above them; concepts without broader or narrower ones come first."""
        groups: dict[int, list[Term]] = {}
        for term in self.terms.values():
            if term.scheme in schemes:
                head = (term.id, *self.ancestors(term.id))[-1]
                groups.setdefault(head, []).append(term)
        alone = [terms[0] for head, terms in groups.items() if terms == [self.terms[head]]]
        rows = [(self.title(head), self._options(terms, head)) for head, terms in groups.items() if terms[0] not in alone]
        rows.sort(key=lambda row: normalise_text(row[0]))
        return [(_("General"), self._options(alone)), *rows] if alone else rows

    def _options(self, terms: list[Term], head: int | None = None) -> list[tuple[int, str]]:
        return [(term.id, term.title) for term in sorted(self._sorted(terms), key=lambda term: term.id != head)]

    def find(self, text: str, *, schemes: "frozenset[str] | set[str] | None" = None, limit: int = 20) -> list[Term]:
        """Concepts one of whose names, in any language, is, begins with, has a word that begins with, or contains `text`; in that order."""
        wanted = normalise_text(text[:200])
        if not wanted:
            return []
        ranked = []
        for term in self.terms.values():
            if schemes and term.scheme not in schemes:
                continue
            rank = min((_rank(name, wanted) for name in term.labels), default=9)
            if rank < 9:
                ranked.append((rank, len(self.ancestors(term.id)), normalise_text(term.title), term))
        ranked.sort(key=lambda row: row[:3])
        return [row[-1] for row in ranked[:limit]]

    @staticmethod
    def _sorted(terms: Any) -> list[Term]:
        return sorted(terms, key=lambda term: normalise_text(term.title))


def _rank(name: str, wanted: str) -> int:
    if name == wanted:
        return 0
    if name.startswith(wanted):
        return 1
    if f" {wanted}" in name:
        return 2
    return 3 if len(wanted) > 2 and wanted in name else 9


class _Copy:
    """The copy of this process."""

    vocabulary: Vocabulary | None = None
    version: Version = ()
    checked = 0.0


def vocabulary() -> Vocabulary:
    """The current vocabulary, at most `CHECK_EVERY` seconds old; changes by this process are seen at once."""
    known = _Copy.vocabulary
    if known is None:
        return _reload()
    if time.monotonic() - _Copy.checked > CHECK_EVERY:
        return _refreshed()
    return known


def forget_vocabulary() -> None:
    """Reload the vocabulary on next use."""
    _Copy.vocabulary = None


def _refreshed() -> Vocabulary:
    """The copy of this process, reloaded if the vocabulary was changed since."""
    known = _Copy.vocabulary
    _Copy.checked = time.monotonic()
    return known if known is not None and _version() == _Copy.version else _reload()


def _version() -> Version:
    with connection.cursor() as cursor:
        cursor.execute(VERSION_SQL)
        return tuple(cursor.fetchone())


def _reload() -> Vocabulary:
    # The version is read before the rows: a write in between is found by the next check.
    version = _version()
    names: dict[int, list[str]] = {}
    for concept_id, text in ConceptLabel.objects.order_by("pk").values_list("concept_id", "text"):
        names.setdefault(concept_id, []).append(normalise_text(text))
    terms = {}
    for row in Concept.objects.values("pk", "slug", "scheme", "broader_id", "label", "note"):
        own = [normalise_text(text) for text in row["label"].values()]
        terms[row["pk"]] = Term(
            id=row["pk"],
            slug=row["slug"],
            scheme=row["scheme"],
            broader_id=row["broader_id"],
            label=row["label"],
            note=row["note"],
            labels=tuple(dict.fromkeys([*own, *names.get(row["pk"], [])])),
        )
    fresh = Vocabulary(terms)
    _Copy.vocabulary, _Copy.version, _Copy.checked = fresh, version, time.monotonic()
    return fresh


def concept_titles(ids: Any) -> list[str]:
    """Titles of the known concepts among these ids, in the reader's language and the given order."""
    known = vocabulary()
    return [known.title(pk) for pk in ids if pk in known]
