"""Elasticsearch queries as `elasticsearch-dsl` objects. Scores are sums of whole weights, without term frequency or length."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

from elasticsearch_dsl.query import (
    Bool,
    ConstantScore,
    DisMax,
    FunctionScore,
    MatchAll,
    MatchNone,
    Nested,
    Query,
    Range,
    Term,
    Terms,
)

from search.engines.base import Filter, Matches, Scope, TextQuery, Unit, Way
from search.engines.elastic_index import microseconds
from vocabulary.names import Clause

EXACT_SIZES = 60
"""Names of up to so many grams are ranked exactly; longer ones in steps, and the last of them may differ."""


# ---- where -----------------------------------------------------------------------------------------------------------


def within(scope: Scope) -> list[Query]:
    """The conditions of a query, without the filters: level and ids."""
    where: list[Query] = [Terms(level=_levels(scope.level))]
    if scope.ids is not None:
        where.append(Terms(object_id=list(scope.ids)))
    return where


def filters(scope: Scope) -> list[Query]:
    """The filters, each a condition."""
    return [filter_query(each, scope.level) for each in scope.filters]


def filter_query(each: Filter, level: int) -> Query:
    """One filter."""
    if each.open_at is not None:
        now = microseconds(each.open_at)
        return Bool(filter=[Range(opens={"lte": now}), Range(closes={"gt": now})])
    return Terms(**{f"tags_{level}": list(each.tags)})


def _levels(level: int) -> list[str]:
    return [str(number) for number in range(level + 1)]


# ---- names -----------------------------------------------------------------------------------------------------------


def names_query(clauses: Sequence[Clause], level: int, where: Sequence[Query] = ()) -> Query:
    """For each clause the heaviest key that matches; the sum over clauses is the score."""
    return Bool(
        should=[_clause(clause, level) for clause in clauses],
        minimum_should_match=1,
        filter=list(where),
    )


def _clause(clause: Clause, level: int) -> Query:
    keys_of: dict[int, list[str]] = defaultdict(list)
    for key, weight in clause:
        keys_of[weight].append(key)
    return DisMax(
        tie_breaker=0.0,
        queries=[
            ConstantScore(boost=float(weight), filter=_any_of("keys", keys, level))
            for weight, keys in sorted(keys_of.items(), reverse=True)
        ],
    )


def _any_of(field: str, values: Iterable[str], level: int) -> Query:
    """Any of these values, in the fields of the reader's level and those below."""
    wanted = sorted(values)
    asked: list[Query] = [Terms(**{f"{field}_{number}": wanted}) for number in range(level + 1)]
    return asked[0] if len(asked) == 1 else Bool(should=asked, minimum_should_match=1)


# ---- fuzzy match -----------------------------------------------------------------------------------------------------


def fuzzy_query(grams: frozenset[str], least: float, level: int, where: Sequence[Query]) -> Query:
    """Names by similarity of their trigrams, from `least` on.

    With c grams shared of q asked and n stored the similarity s is c / (q + n - c); it grows with c / (q + n) = s / (1 + s), which is
    what is scored: c by the query, 1 / (q + n) by a weight for each n. So c is at least `least` q, and n between that and q / `least`.
    """
    asked = len(grams)
    fewest, most = math.ceil(asked * least - 1e-9), math.floor(asked / least + 1e-9)
    shared = Bool(
        should=[ConstantScore(boost=1.0, filter=Term(**{"names.grams": gram})) for gram in sorted(grams)],
        minimum_should_match=max(1, fewest),
        filter=[Terms(**{"names.level": _levels(level)})],
    )
    functions = [
        {
            "filter": Terms(**{"names.size": [str(size) for size in sizes]}).to_dict(),
            "weight": 1000.0 / (asked + sum(sizes) / len(sizes)),
        }
        for sizes in _sizes(fewest, most)
    ]
    scored = FunctionScore(
        query=shared, functions=functions, score_mode="first", boost_mode="multiply", min_score=1000 * least / (1 + least) * 0.97
    )
    return Bool(must=[Nested(path="names", query=scored, score_mode="max")], filter=list(where))


def _sizes(smallest: int, largest: int) -> list[range]:
    """The sizes a name may have, one by one while it is short, then in steps."""
    steps = []
    size = max(1, smallest)
    while size <= largest:
        step = 1 if size <= EXACT_SIZES else size // 20
        steps.append(range(size, min(size + step, largest + 1)))
        size += step
    return steps


# ---- texts -----------------------------------------------------------------------------------------------------------


def text_query(query: TextQuery, level: int, where: Sequence[Query] = (), *, named: bool = False) -> Query:
    """Every required unit must match, and the shares add up; each unit adds the weight of its heaviest way.

    `named`: the response tells for each hit which ways apply, by their place among all ways of the query.
    """
    kept = list(where)
    if query.least and not all(unit.required for unit in query.units):
        shares = [ConstantScore(boost=float(unit.share), filter=_any_way(unit.ways, level)) for unit in query.units]
        kept.append(FunctionScore(query=Bool(should=shares), min_score=float(query.least), boost_mode="multiply"))
    places = iter(range(len(query.ways)))
    units: dict[bool, list[Query]] = {True: [], False: []}
    for unit in query.units:
        units[unit.required].append(_unit(unit, level, [next(places) for _way in unit.ways] if named else None))
    return Bool(must=units[True], should=units[False], minimum_should_match=0, filter=kept)


def _unit(unit: Unit, level: int, names: Sequence[int] | None) -> Query:
    ways = []
    for place, way in enumerate(unit.ways):
        name = {} if names is None else {"_name": str(names[place])}
        ways.append(ConstantScore(boost=float(way.weight), filter=_way(way, level), **name))
    return DisMax(tie_breaker=0.0, queries=ways) if ways else MatchNone()


def _any_way(ways: Sequence[Way], level: int) -> Query:
    return Bool(should=[_way(way, level) for way in ways], minimum_should_match=1) if ways else MatchNone()


def _way(way: Way, level: int) -> Query:
    asked: list[Query] = [Terms(**{f"tags_{level}": sorted(way.tags)})] if way.tags else []
    if way.words:
        asked.append(Bool(filter=[_any_of("words", forms, level) for forms in way.words]))
    return asked[0] if len(asked) == 1 else Bool(should=asked, minimum_should_match=1)


# ---- all that matched ------------------------------------------------------------------------------------------------


def matches_query(matches: Matches | None, level: int) -> Query:
    """All a search found, in any of the three ways; without scores."""
    if matches is None:
        return MatchAll()
    ways: list[Query] = []
    if matches.clauses:
        # The floor inside: what was found by its text has no such score.
        ways.append(
            FunctionScore(query=names_query(matches.clauses, level), min_score=float(max(1, matches.floor)), boost_mode="multiply")
        )
    if matches.ids:
        ways.append(Terms(object_id=list(matches.ids)))
    if matches.text:
        ways.append(text_query(matches.text, level))
    return Bool(filter=[Bool(should=ways, minimum_should_match=1)]) if ways else MatchNone()
