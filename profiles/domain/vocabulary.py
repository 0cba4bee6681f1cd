"""The vocabulary in memory: labels, broader and narrower of every concept, asked of the database once a process.

A process looks every few seconds, with one small query, whether any row of the vocabulary was written since it read it; its own
writes it hears of at once. So an import or an edit shows everywhere within seconds and costs pages nothing.
"""

import itertools
import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from exchange.core.text import normalise_text
from exchange.core.translated import Translated
from profiles.models import Concept, ConceptLabel, Scheme

CHECK_EVERY = 5.0
"""Seconds between two looks at the version."""

# Every write of a row gives it a new xmin; the sum changes with any committed write, in whatever order transactions end.
VERSION_SQL = """
SELECT (SELECT count(*) FROM profiles_concept), (SELECT sum(xmin::text::bigint) FROM profiles_concept),
       (SELECT count(*) FROM profiles_conceptlabel), (SELECT sum(xmin::text::bigint) FROM profiles_conceptlabel)
"""
Choices = list[tuple[str, list[tuple[int, str]]]]
Version = tuple[Any, ...]


@dataclass(frozen=True)
class Term:
    """A concept, detached from the database. `labels` holds every way to name it, folded, with the preferred ones first."""

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
        """The label as it stands alone: the vocabulary keeps common nouns lower case."""
        text = str(self.label)
        return text[:1].upper() + text[1:]


_serials = itertools.count()


class Vocabulary:
    """All concepts at one moment. Unknown ids raise KeyError. `serial` tells this copy from others, for what was made with it."""

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
            return _refreshed().terms[concept_id]  # it may be younger than this copy
        return self.terms[concept_id]

    def label(self, concept_id: int) -> str:
        """In the reader's language, as it stands inside a sentence."""
        return str(self.concept(concept_id).label)

    def title(self, concept_id: int) -> str:
        """In the reader's language, with a capital, as it stands alone."""
        return self.concept(concept_id).title

    def by_slug(self, slug: str) -> Term:
        """The concept with this id of the vocabulary file; KeyError when there is none."""
        if slug not in self.slugs:
            return _refreshed().slugs[slug]
        return self.slugs[slug]

    def ancestors(self, concept_id: int) -> tuple[int, ...]:
        """Broader concepts, nearest first, without itself."""
        if concept_id not in self._ancestors:
            found: list[int] = []
            above = self.concept(concept_id).broader_id
            while above is not None and above not in found and above != concept_id:
                found.append(above)
                above = self.terms[above].broader_id
            self._ancestors[concept_id] = tuple(found)
        return self._ancestors[concept_id]

    def descendants(self, concept_id: int) -> frozenset[int]:
        """All narrower concepts, without itself."""
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
        """The concept and everything narrower."""
        return self.descendants(concept_id) | {concept_id}

    def fields(self) -> list[Term]:
        """The fields that have nothing broader, by their titles in the reader's language."""
        return self._sorted(term for term in self.terms.values() if term.scheme == Scheme.FIELD and term.broader_id is None)

    def field_of(self, concept_id: int) -> set[int]:
        """The fields a concept belongs to: itself and its broader ones, those of the scheme "field"."""
        return {pk for pk in (concept_id, *self.ancestors(concept_id)) if self.concept(pk).scheme == Scheme.FIELD}

    def choices(self, *schemes: str) -> Choices:
        """For a select: groups of (id, title) under the broadest concept above them; what has nothing above or below it comes first."""
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

    @cached_property
    def all_names(self) -> dict[int, str]:
        """Every label of each concept in every language, as one text: what a search column keeps."""
        return {term.id: " ".join(dict.fromkeys(term.labels)) for term in self.terms.values()}

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
    """The one copy of this process."""

    vocabulary: Vocabulary | None = None
    version: Version = ()
    checked = 0.0


def vocabulary() -> Vocabulary:
    """The vocabulary as it stands (at most `CHECK_EVERY` seconds old; this process's own writes show at once)."""
    known = _Copy.vocabulary
    if known is None:
        return _reload()
    if time.monotonic() - _Copy.checked > CHECK_EVERY:
        return _refreshed()
    return known


def forget_vocabulary() -> None:
    """Read it anew next time."""
    _Copy.vocabulary = None


def _refreshed() -> Vocabulary:
    """This process's copy, read anew if anything was written since."""
    known = _Copy.vocabulary
    _Copy.checked = time.monotonic()
    return known if known is not None and _version() == _Copy.version else _reload()


def _version() -> Version:
    with connection.cursor() as cursor:
        cursor.execute(VERSION_SQL)
        return tuple(cursor.fetchone())


def _reload() -> Vocabulary:
    # The version is read before the rows: a write between the two is noticed at the next look.
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
    """Titles of several concepts in the reader's language, those that are known, in the given order."""
    known = vocabulary()
    return [known.title(pk) for pk in ids if pk in known]
