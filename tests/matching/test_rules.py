"""The arithmetic of matching."""

import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching import rules
from matching.rules import HeldConcept, Person, Wanted, nearness, recency, weigh

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
    assert recency(2023, TODAY) == pytest.approx(0.94)
    assert recency(2020, TODAY) == pytest.approx(0.76)
    assert recency(2016, TODAY) == pytest.approx(0.52)
    assert recency(1970, TODAY) == 0.4
    assert recency(2030, TODAY) == 1.0
    assert recency(None, TODAY) == recency(2021, TODAY) == pytest.approx(0.82)


def test_a_perfect_person_earns_everything():
    person = Person([HeldConcept(3, 1.0, 4, 2026)], {"en": 7}, [(datetime.date(2027, 1, 1), datetime.date(2027, 12, 31))], 20)

    score = weigh(person, wanted(3, languages={"en": 4}), ancestors=ancestors, today=TODAY)

    assert score.points == 1000
    assert score.missing == []


def test_what_is_missing_is_named():
    score = weigh(
        Person([HeldConcept(3, 0.95, 3, 2026)], {"en": 3}), wanted(3, 9, languages={"en": 4}), ancestors=ancestors, today=TODAY
    )

    assert score.missing == [
        {"code": "concept", "concept": 9},
        {"code": "language", "language": "en", "asked": 4, "held": 3},
        {"code": "practice", "years": None},
    ]


def part(code, person, asked):
    """The parts of one kind in the score of this pair: value and points."""
    score = weigh(person, asked, ancestors=ancestors, today=TODAY)
    return [(row["value"], row["points"]) for row in score.parts if row["code"] == code]


def test_levels_and_fields_count_as_documented():
    assert rules.LEVEL_FACTOR == {1: 0.55, 2: 0.8, 3: 0.95, 4: 1.0}
    assert (rules.PRIMARY_FACTOR, rules.SECONDARY_FACTOR) == (1.0, 0.7)


def test_subjects_are_shared_evenly_and_through_the_best_thing_held():
    held = [HeldConcept(1, 1.0, 4, 2026), HeldConcept(3, 0.5, 2, 2026), HeldConcept(2, 0.7)]

    score = weigh(Person(held), wanted(3, 2, 9), ancestors=ancestors, today=TODAY)

    assert [row for row in score.parts if row["code"] == "concept"] == [
        {"code": "concept", "concept": 3, "value": 0.5, "points": 116, "through": 3, "level": 2, "year": 2026},
        {"code": "concept", "concept": 2, "value": 0.7, "points": 163, "through": 2, "level": None, "year": None},
    ]
    assert score.missing[0] == {"code": "concept", "concept": 9}


def test_of_two_things_that_count_the_same_the_first_is_named():
    score = weigh(Person([HeldConcept(3, 1.0, 4, 2025), HeldConcept(3, 1.0, 4, 2026)]), wanted(3), ancestors=ancestors, today=TODAY)

    assert score.parts[0]["year"] == 2025


def test_who_does_nothing_of_it_earns_nothing_for_subjects():
    score = weigh(Person([]), wanted(3), ancestors=ancestors, today=TODAY)

    assert score.points == rules.LANGUAGES + rules.DATES // 2
    assert score.missing[0] == {"code": "concept", "concept": 3}


def test_values_are_rounded_to_hundredths():
    assert part("concept", Person([HeldConcept(1, 1.0)]), wanted(3)) == [(0.3, 212)]
    assert part("practice", Person([], years=2), wanted(years=3)) == [(0.33, 17)]


def test_a_programme_that_asks_for_no_years_wants_ten():
    asked = Wanted((), {}, datetime.date(2027, 3, 1), datetime.date(2027, 4, 1))

    assert part("practice", Person([], years=5), asked) == [(0.5, 25)]


def test_a_language_nobody_spoke_of_is_not_held():
    score = weigh(Person([]), wanted(languages={"en": 1}), ancestors=ancestors, today=TODAY)

    assert {"code": "language", "language": "en", "asked": 1, "held": 0} in score.missing


def test_only_what_has_a_level_grows_stale():
    assert part("concept", Person([HeldConcept(3, 1.0, 4, 2016)]), wanted(3)) == [(0.52, 364)]
    assert part("concept", Person([HeldConcept(3, 1.0, None, 2016)]), wanted(3)) == [(1.0, 700)]


@pytest.mark.parametrize(("held", "earned"), [(0, []), (3, []), (4, [(0.8, 120)]), (5, [(1.0, 150)]), (7, [(1.0, 150)])])
def test_a_language_is_full_from_one_level_above(held, earned):
    assert part("language", Person([], {"en": held}), wanted(languages={"en": 4})) == earned


def test_languages_share_their_points_in_the_order_of_their_codes():
    score = weigh(
        Person([], {"tg": 6, "en": 6, "ru": 6}), wanted(languages={"tg": 1, "en": 2, "ru": 3}), ancestors=ancestors, today=TODAY
    )

    rows = [row for row in score.parts if row["code"] == "language"]
    assert [(row["language"], row["asked"], row["held"], row["points"]) for row in rows] == [
        ("en", 2, 6, 50),
        ("ru", 3, 6, 50),
        ("tg", 1, 6, 50),
    ]


def test_where_no_language_is_asked_its_points_are_given():
    assert part("no-language", Person([]), wanted()) == [(1.0, 150)]
    assert part("no-language", Person([]), wanted(languages={"en": 1})) == []


@pytest.mark.parametrize(
    ("first", "last", "earned"),
    [
        ("2027-03-01", "2027-04-01", [(1.0, 100)]),
        ("2027-01-01", "2027-12-31", [(1.0, 100)]),
        ("2027-03-02", "2027-04-01", []),
        ("2027-03-01", "2027-03-31", []),
    ],
)
def test_dates_are_full_when_a_window_covers_the_stay(first, last, earned):
    window = (datetime.date.fromisoformat(first), datetime.date.fromisoformat(last))

    assert part("dates", Person([], windows=[window]), wanted()) == earned
    assert part("dates", Person([]), wanted()) == [(0.5, 50)]


@pytest.mark.parametrize(
    ("years", "asked", "earned"),
    [
        (3, 3, [(0.5, 25)]),
        (6, 3, [(1.0, 50)]),
        (9, 3, [(1.0, 50)]),
        (5, 0, [(0.5, 25)]),
        (10, 0, [(1.0, 50)]),
        (0, 0, []),
        (None, 3, []),
    ],
)
def test_practice_is_full_from_twice_the_years_asked_or_ten(years, asked, earned):
    assert part("practice", Person([], years=years), wanted(years=asked)) == earned


@pytest.mark.parametrize(("years", "missing"), [(2, True), (3, False)])
def test_what_earned_less_than_three_tenths_is_missing(years, missing):
    score = weigh(Person([], years=years), wanted(), ancestors=ancestors, today=TODAY)

    assert ("practice" in [row["code"] for row in score.missing]) is missing


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # a busy machine is slow, not wrong
@given(
    st.lists(
        st.builds(
            HeldConcept, st.integers(1, 9), st.floats(0, 1), st.sampled_from([None, 1, 4]), st.sampled_from([None, 1990, 2026])
        ),
        max_size=6,
    ),
    st.lists(st.integers(1, 9), unique=True, max_size=7),
    st.dictionaries(st.sampled_from(["en", "ru", "tg"]), st.integers(1, 6)),
)
def test_parts_always_add_up_to_the_score(held, concepts, languages):
    score = weigh(Person(held, {"en": 4}), wanted(*concepts, languages=languages), ancestors=ancestors, today=TODAY)

    assert score.points == sum(part["points"] for part in score.parts)
    assert 0 <= score.points <= 1000
