"""Which words of a query name a concept: the runs of words that explain most of its letters."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

MAX_RUN = 4  # words of a run, unless it is the whole query
COST_OF_A_SPAN = 0.5  # in letters: prefers resolutions with fewer concepts
JOINED = 4.0  # in letters, for each further word of a run: a label of several words is meant rather than labels of each


ConceptId = int | str


class Match(NamedTuple):
    """A concept, the similarity of its best label (0 to 1), that label, and whether the words name it or are merely similar."""

    concept_id: ConceptId
    score: float
    label: str
    language: str
    named: bool = True


class Span(NamedTuple):
    """Words `start` up to `end` of the query name this concept."""

    start: int
    end: int
    concept_id: int | str
    score: float


class Resolution(NamedTuple):
    """The concepts named, in the order of the query, and the remaining words."""

    spans: list[Span]
    rest: list[str]


def resolution(spelt: tuple[str, ...], rank: Callable[[tuple[str, ...]], Sequence[Match]]) -> Resolution:
    """The division of the words into runs that explains most letters: a longer run wins unless it includes an unrelated word."""
    best: list[tuple[float, list[Span]]] = [(0.0, [])]
    for end in range(1, len(spelt) + 1):
        choices = [best[end - 1]]
        for start in range(0 if end == len(spelt) else max(0, end - MAX_RUN), end):
            if end - start > MAX_RUN and start > 0:
                continue
            span = _span(spelt, start, end, rank)
            if span:
                gain, spans = best[start]
                letters = sum(map(len, spelt[start:end]))
                choices.append((gain + span.score * letters + JOINED * (end - start - 1) - COST_OF_A_SPAN, [*spans, span]))
        best.append(max(choices, key=lambda choice: choice[0]))
    spans = best[-1][1]
    named = {place for span in spans for place in range(span.start, span.end)}
    return Resolution(spans, [word for place, word in enumerate(spelt) if place not in named])


def _span(spelt: tuple[str, ...], start: int, end: int, rank: Callable[[tuple[str, ...]], Sequence[Match]]) -> Span | None:
    best = rank(spelt[start:end])[:1]
    if not best or not best[0].named:
        return None
    return Span(start, end, best[0].concept_id, best[0].score)
