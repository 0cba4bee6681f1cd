"""Scores by arrays: the same as one by one, requirements the same as those of programmes, lists the same as sorting everything."""

import datetime
import random

import numpy as np
import pytest

from matching.scoring import Call, Person, Row, ranking
from matching.scoring.blocks import ELIGIBLE, Blocks, Prepared
from matching.scoring.hierarchy import ConceptRow
from matching.scoring.model import Model
from matching.scoring.parts import Known, explain_pair
from matching.scoring.ranking import all_pairs, best_pairs
from matching.scoring.requirements import CODES, codes_of, unmet
from matching.scoring.tables import Registers, calls_table, freshness, merged, people_table
from programs.rules import Candidate, Criteria, requirements

TODAY = datetime.date(2026, 11, 30)
COUNTRIES, LANGUAGES, KINDS = ("KZ", "UZ", "TJ"), ("en", "ru", "uz"), ("exchange", "exhibition-courier")
CONCEPTS = [f"c{number}" for number in range(12)]


def model():
    rows = [ConceptRow(slug, slug, None if number % 4 == 0 else CONCEPTS[number - 1]) for number, slug in enumerate(CONCEPTS)]
    return Model(rows, schemes={})


def day(number):
    return datetime.date(2027, 1, 1) + datetime.timedelta(days=number)


def some_people(size, seed):
    chance = random.Random(seed)
    return [
        Person(
            country=chance.choice(COUNTRIES),
            institution=chance.choice([None, 1, 2]),
            primary=chance.sample(CONCEPTS, chance.randint(0, 2)),
            rows=[Row(tuple(chance.sample(CONCEPTS, chance.randint(1, 3))), chance.randint(1, 4), chance.choice([None, 2010, 2026])) for _ in range(chance.randint(0, 3))],
            languages={code: chance.randint(1, 7) for code in chance.sample(LANGUAGES, chance.randint(0, 3))},
            windows=[(day(first), day(first + chance.randint(0, 90))) for first in chance.sample(range(100), chance.randint(0, 3))],
            lead_days=chance.choice([0, 60, 400]),
            longest_days=chance.choice([None, 10, 90]),
            years=chance.choice([None, 0, 2, 20]),
            silent=chance.random() < 0.1,
        )
        for _ in range(size)
    ]  # fmt: skip


def some_calls(size, seed):
    chance = random.Random(seed)
    found = []
    for _ in range(size):
        starts = chance.randint(0, 90)
        found.append(
            Call(
                day(starts), day(starts + chance.randint(0, 40)), kind=chance.choice(KINDS), institution=chance.choice([None, 1, 2]),
                countries=frozenset(chance.sample(COUNTRIES, chance.randint(1, 3))), concepts=chance.sample(CONCEPTS, chance.randint(0, 5)),
                languages={code: chance.randint(1, 6) for code in chance.sample(LANGUAGES, chance.randint(0, 2))},
                deadline=chance.choice([None, TODAY, TODAY - datetime.timedelta(days=1)]), years=chance.choice([0, 0, 3]),
                left=chance.choice([{}, {"KZ": 0}, {"UZ": 3}]), seats=chance.choice([0, 1, 9]), away=chance.random() < 0.8,
            )
        )  # fmt: skip
    return found


@pytest.fixture(scope="module")
def compared():
    made, registers = model(), Registers()
    people, calls = some_people(70, 1), some_calls(30, 2)
    table = calls_table(made, calls, registers, TODAY)
    return made, people, calls, table, people_table(made, people, registers, TODAY)


def test_arrays_give_the_score_of_each_pair(compared):
    made, people, calls, table, rows = compared
    ranked = all_pairs(Blocks(Prepared(table, len(made.hierarchy)), rows))

    assert (ranked > 0).sum() > 500
    for place, person in enumerate(people):
        held = made.evidence(person, TODAY)
        known = Known(person, held, *made.best(held), freshness(person, TODAY))
        for number, call in enumerate(calls):
            points = explain_pair(made, known, call, table.wanted[number])[0]
            assert ranked[number, place] % ELIGIBLE == points


def test_arrays_say_who_is_eligible_and_codes_say_why_not(compared):
    made, people, _calls, table, rows = compared
    ranked = all_pairs(Blocks(Prepared(table, len(made.hierarchy)), rows))

    seen = set()
    for number in range(len(table)):
        fails = unmet(table, number, rows)
        for place in range(len(people)):
            codes = codes_of(fails[:, place])
            seen.update(codes)
            if ranked[number, place]:
                assert (ranked[number, place] >= ELIGIBLE) == (not codes)
    assert seen == set(CODES)


def test_requirements_are_those_of_programmes(compared):
    """The rules that an application is checked by, and three more that concern proposals alone."""
    _made, people, calls, table, rows = compared
    for number, call in enumerate(calls):
        criteria = Criteria(
            call.countries, call.starts, call.ends, tuple(call.languages.items()), call.years, dict(call.left),
            call.deadline is None or call.deadline >= TODAY, call.away,
        )  # fmt: skip
        fails = unmet(table, number, rows)
        for place, person in enumerate(people):
            if person.silent:
                continue
            windows = tuple(sorted(person.windows))
            candidate = Candidate(person.country, person.languages, person.years, windows, person.lead_days, person.longest_days)
            expected = {finding.code for finding in requirements(criteria, candidate)}
            codes = set(codes_of(fails[:, place])) - {"institution", "notice"}
            if call.seats == 0:
                codes, expected = codes - {"places"}, expected - {"places"}
            assert codes == expected


@pytest.mark.parametrize(("block", "k"), [(512, 3), (7, 3), (1, 1), (16, 100)])
def test_lists_are_the_best_of_all_pairs(compared, monkeypatch, block, k):
    made, people, calls, table, rows = compared
    monkeypatch.setattr(ranking, "BLOCK", block)
    monkeypatch.setattr(ranking, "CELLS", 1)
    blocks = Blocks(Prepared(table, len(made.hierarchy)), rows)
    ranked = all_pairs(blocks)

    of_people, of_programs = best_pairs(blocks, k)

    expected = [
        (place, number) for place in range(len(people))
        for number in sorted(np.flatnonzero(ranked[:, place]), key=lambda number: (-ranked[number, place], number))[:k]
    ]  # fmt: skip
    assert list(zip(of_people.person, of_people.program, strict=True)) == expected
    expected = [
        (number, place) for number in range(len(calls))
        for place in sorted(np.flatnonzero(ranked[number]), key=lambda place: (-ranked[number, place], place))[:k]
    ]  # fmt: skip
    assert list(zip(of_programs.program, of_programs.person, strict=True)) == expected
    assert [ranked[pair] for pair in zip(of_people.program, of_people.person, strict=True)] == [
        points + ELIGIBLE * eligible for points, eligible in zip(of_people.points, of_people.eligible, strict=True)
    ]


def test_nobody_and_nothing_give_empty_lists():
    made, registers = model(), Registers()
    for people, calls in (([], some_calls(2, 1)), (some_people(2, 1), []), ([], [])):
        table = calls_table(made, calls, registers, TODAY)
        found = best_pairs(Blocks(Prepared(table, len(made.hierarchy)), people_table(made, people, registers, TODAY)), 5)
        assert [len(pairs.person) for pairs in found] == [0, 0]


def test_windows_that_touch_are_one():
    assert merged([(day(5), day(9)), (day(0), day(4)), (day(20), day(21))]) == [(20819, 20828), (20839, 20840)]
