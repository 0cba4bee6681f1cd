"""The arithmetic of matching."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.rules import Held, Person, Wanted, nearness, recency, weigh

TODAY = datetime.date(2026, 11, 1)
BROADER = {2: 1, 3: 2, 4: 1, 5: 2}


def ancestors(concept):
    found = []
    while concept in BROADER:
        concept = BROADER[concept]
        found.append(concept)
    return found


def wanted(*concepts, languages=None, years=0):
    return Wanted(concepts, languages or {}, datetime.date(2027, 3, 1), datetime.date(2027, 4, 1), years)


@pytest.mark.parametrize(
    ("asked", "held", "value"),
    [(3, 3, 1.0), (2, 3, 0.9), (1, 3, 0.81), (3, 2, 0.55), (3, 1, 0.3025), (3, 5, 0.35), (4, 9, 0.0), (9, 8, 0.0)],
)
def test_nearness_follows_the_hierarchy(asked, held, value):
    assert nearness(asked, held, ancestors) == pytest.approx(value)


def test_recency_fades_but_never_vanishes():
    assert recency(2026, TODAY) == recency(2024, TODAY) == 1.0
    assert recency(2020, TODAY) == pytest.approx(0.76)
    assert recency(1970, TODAY) == 0.4


def test_a_perfect_person_earns_everything():
    person = Person([Held(3, 1.0, 4, 2026)], {"en": 7}, [(datetime.date(2027, 1, 1), datetime.date(2027, 12, 31))], 20)

    score = weigh(person, wanted(3, languages={"en": 4}), ancestors=ancestors, today=TODAY)

    assert score.points == 1000
    assert score.missing == []


def test_what_is_missing_is_named():
    score = weigh(Person([Held(3, 0.95, 3, 2026)], {"en": 3}), wanted(3, 9, languages={"en": 4}), ancestors=ancestors, today=TODAY)

    assert score.missing == [
        {"code": "concept", "concept": 9},
        {"code": "language", "language": "en", "asked": 4, "held": 3},
        {"code": "practice", "years": None},
    ]


@given(
    st.lists(
        st.builds(Held, st.integers(1, 9), st.floats(0, 1), st.sampled_from([None, 1, 4]), st.sampled_from([None, 1990, 2026])),
        max_size=6,
    ),
    st.lists(st.integers(1, 9), unique=True, max_size=7),
    st.dictionaries(st.sampled_from(["en", "ru", "tg"]), st.integers(1, 6)),
)
def test_parts_always_add_up_to_the_score(held, concepts, languages):
    score = weigh(Person(held, {"en": 4}), wanted(*concepts, languages=languages), ancestors=ancestors, today=TODAY)

    assert score.points == sum(part["points"] for part in score.parts)
    assert 0 <= score.points <= 1000
