"""Finding concepts by cells of an imported table: slugs, ids and labels of every language."""

import difflib
from functools import cached_property

from django.utils.translation import gettext as _

from exchange.core.csv_reader import CellError, shorten
from exchange.core.text import normalise_text
from vocabulary.domain.vocabulary import Term, Vocabulary

MAX_GUESSES = 50


class ConceptLookup:
    """Finds concepts for one import, with a cache."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._found: dict[tuple[str, frozenset[str]], int] = {}
        self._guesses = 0

    @cached_property
    def labels(self) -> dict[str, list[Term]]:
        """Concepts by each of their labels, in every language, normalised."""
        found: dict[str, list[Term]] = {}
        for term in self.vocabulary:
            for name in term.labels:
                found.setdefault(name, []).append(term)
        return found

    def find(self, text: str, schemes: frozenset[str]) -> int:
        """The id of a concept of these schemes by its slug, id, or a label in any language. Raises CellError when there is none."""
        key = (text, schemes)
        if key not in self._found:
            self._found[key] = self._find(text, schemes)
        return self._found[key]

    def _find(self, text: str, schemes: frozenset[str]) -> int:
        known = self.vocabulary
        by_slug = known.slugs.get(text.lower())
        if by_slug is None and text.isdecimal():
            by_slug = known.terms.get(int(text)) if len(text) < 12 else None
        if by_slug is not None:
            if by_slug.scheme in schemes:
                return by_slug.id
            raise CellError(_("“%(text)s” is in the vocabulary, but cannot be used in this column.") % {"text": shorten(text)})
        found = [term for term in self.labels.get(normalise_text(text), []) if term.scheme in schemes]
        preferred = [term for term in found if normalise_text(text) in {normalise_text(label) for label in term.label.values()}]
        found = preferred or found
        if len(found) > 1:
            ids = ", ".join(sorted(term.slug for term in found))
            raise CellError(
                _("“%(text)s” may mean several terms: %(ids)s. Write one of these.") % {"text": shorten(text), "ids": ids}
            )
        if found:
            return found[0].id
        if nearest := self._nearest(text, schemes):
            message = _("“%(text)s” is not in the vocabulary. The nearest is %(id)s.")
            raise CellError(message % {"text": shorten(text), "id": nearest.slug})
        raise CellError(_("“%(text)s” is not in the vocabulary.") % {"text": shorten(text)})

    def _nearest(self, text: str, schemes: frozenset[str]) -> Term | None:
        """Similar labels for the error message. Searched at most MAX_GUESSES times an import, because it is slow."""
        self._guesses += 1
        if self._guesses > MAX_GUESSES:
            return None
        names = [name for name, terms in self.labels.items() if any(term.scheme in schemes for term in terms)]
        near = difflib.get_close_matches(normalise_text(text)[:100], names, n=1, cutoff=0.7)
        return next(term for term in self.labels[near[0]] if term.scheme in schemes) if near else None
