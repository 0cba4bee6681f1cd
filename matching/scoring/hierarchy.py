"""The vocabulary as a hierarchy of numbered concepts, with the information content of each.

Links that would close a cycle are left out, in the order of the rows, and named in `cycles`.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from math import log
from typing import NamedTuple

Key = Hashable


class ConceptRow(NamedTuple):
    """A concept: its key (an id or a slug), the slug by which the relations name it, and the key of its broader concept or None."""

    key: Key
    slug: str
    broader: Key | None


class Hierarchy:
    """All concepts of a vocabulary, numbered in the order of their slugs; immutable."""

    def __init__(self, rows: Iterable[ConceptRow]) -> None:
        """From rows of concepts; a broader concept that is not among them counts as none."""
        ordered = sorted(rows, key=lambda row: row.slug)
        self.keys: Sequence[Key] = [row.key for row in ordered]
        self.slugs: Sequence[str] = [row.slug for row in ordered]
        self.numbers: Mapping[Key, int] = {key: number for number, key in enumerate(self.keys)}
        self.by_slug: Mapping[str, int] = {slug: number for number, slug in enumerate(self.slugs)}
        self.cycles: list[str] = []
        self._broader: list[int | None] = [None] * len(ordered)
        for number, row in enumerate(ordered):
            self._link(number, None if row.broader is None else self.numbers.get(row.broader))
        self.ancestors: list[tuple[int, ...]] = [self._ancestors(number) for number in range(len(ordered))]
        self.content = self._contents()

    def __len__(self) -> int:
        return len(self.keys)

    def _link(self, number: int, broader: int | None) -> None:
        above = broader
        while above is not None and above != number:
            above = self._broader[above]
        if above == number and broader is not None:
            self.cycles.append(self.slugs[number])
            return
        self._broader[number] = broader

    def _ancestors(self, number: int) -> tuple[int, ...]:
        """Broader concepts, nearest first."""
        found = []
        above = self._broader[number]
        while above is not None:
            found.append(above)
            above = self._broader[above]
        return tuple(found)

    def _contents(self) -> list[float]:
        """Intrinsic information content: 1 - log(narrower + 1) / log(all), of 0 (the whole vocabulary) to 1 (nothing narrower).

        Seco, Veale and Hayes, "An Intrinsic Information Content Metric for Semantic Similarity in WordNet", ECAI 2004. It needs no counts of a corpus.
        """
        narrower = [0] * len(self.keys)
        for above in self.ancestors:
            for concept in above:
                narrower[concept] += 1
        whole = log(len(self.keys) + 1) or 1.0
        return [1.0 - log(count + 1) / whole for count in narrower]

    def common_content(self, one: int, other: int) -> float:
        """The information content of the most informative concept that is, or is broader than, both; 0 when there is none."""
        shared = {one, *self.ancestors[one]} & {other, *self.ancestors[other]}
        return max((self.content[concept] for concept in shared), default=0.0)
