"""Several searches side by side: what they ask at the same step goes out as one query.

A search is a generator. It yields what it asks, a question to the engine, rows of a table or what its reader may see of some results,
and is sent the answer.
"""

from collections import defaultdict
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from django.db.models import IntegerField, QuerySet, Value

from search.domain.visibility_check import visible_rows
from search.engines.base import Engine, EngineError, Question

T = TypeVar("T")


@dataclass(frozen=True)
class VisibleRows:
    """Those of these results that the reader may see now: rows by id."""

    kind: str
    user: Any
    ids: frozenset[int]


Asked = Question | VisibleRows | QuerySet[Any, Any]
"""A query is made with values_list(), without an order."""
Steps = Generator[Asked, Any, T]


def run_together(engine: Engine, searches: Sequence[Steps[T]]) -> list[T]:
    """What each of these searches of one reader returns. A question that fails raises EngineError in the search that asked it."""
    results: dict[int, T] = {}
    waiting: dict[int, Asked] = {}

    def go_on(number: int, step: Callable[[], Asked]) -> None:
        try:
            waiting[number] = step()
        except StopIteration as end:
            results[number] = end.value

    for number, one in enumerate(searches):
        go_on(number, partial(next, one))
    while waiting:
        asked = dict(waiting)
        waiting.clear()
        for number, answer in _answers(engine, asked).items():
            one = searches[number]
            go_on(number, partial(one.throw if isinstance(answer, EngineError) else one.send, answer))
    return [results[number] for number in range(len(searches))]


def _answers(engine: Engine, asked: Mapping[int, Asked]) -> dict[int, Any]:
    questions = {number: one for number, one in asked.items() if isinstance(one, Question)}
    answers = dict(zip(questions, _ask(engine, list(questions.values())), strict=True)) if questions else {}
    tables: dict[Any, dict[int, QuerySet[Any, Any]]] = defaultdict(dict)
    kinds: dict[str, dict[int, VisibleRows]] = defaultdict(dict)
    for number, one in asked.items():
        if isinstance(one, QuerySet):
            tables[one.model][number] = one
        elif isinstance(one, VisibleRows):
            kinds[one.kind][number] = one
    for queries in tables.values():
        answers |= _read(queries)
    for wanted in kinds.values():
        answers |= _look_up(wanted)
    return answers


def _ask(engine: Engine, questions: Sequence[Question]) -> list[Any]:
    """The answer to each, or the EngineError. After a failure each is asked alone, so that only its own search misses something."""
    try:
        return engine.answer(questions)
    except EngineError as error:
        return [error] if len(questions) == 1 else [answer for question in questions for answer in _ask(engine, [question])]


def _read(queries: Mapping[int, QuerySet[Any, Any]]) -> dict[int, list[tuple[Any, ...]]]:
    rows: dict[int, list[tuple[Any, ...]]] = {number: [] for number in queries}
    first, *others = [query.annotate(asked=Value(number, IntegerField())) for number, query in queries.items()]
    for *values, number in first.union(*others, all=True) if others else first:
        rows[number].append(tuple(values))
    return rows


def _look_up(wanted: Mapping[int, VisibleRows]) -> dict[int, dict[int, Any]]:
    first = next(iter(wanted.values()))
    rows = visible_rows(first.kind, first.user, {pk for one in wanted.values() for pk in one.ids})
    return {number: {pk: row for pk, row in rows.items() if pk in one.ids} for number, one in wanted.items()}
