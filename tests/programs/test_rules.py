"""Places, requirements and warnings, as arithmetic."""

import datetime

import pytest

from exchange.core.spoken_languages import Level
from programs.rules import Candidate, Criteria, Finding, Quota, covered, may_edit, places_left, requirements, warnings
from tests.factories import MembershipFactory, UserFactory

TODAY = datetime.date(2027, 8, 1)
START, END = datetime.date(2027, 8, 30), datetime.date(2027, 12, 17)
ASK = Criteria(countries=frozenset({"UZ", "KZ"}), starts=START, ends=END)
DEMANDING = Criteria(**(vars(ASK) | {"languages": (("en", Level.B2),), "experience": 3}))
FITS = {"country": "UZ", "languages": {"en": Level.C1}, "experience": 10}


def ask(**changes):
    return Criteria(**(vars(ASK) | changes))


def day(text):
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("seats", "taken", "quotas", "left"),
    [
        (3, {}, {}, 3),
        (3, {"KZ": 2}, {}, 1),
        (3, {"KZ": 2, "UZ": 1}, {}, 0),
        (2, {"KZ": 3}, {}, 0),
        (5, {}, {"KZ": (2, None)}, 3),
        (5, {"KZ": 1}, {"KZ": (2, None)}, 3),
        (5, {"KZ": 2}, {"KZ": (2, None)}, 3),
        (5, {"KZ": 3}, {"KZ": (2, None)}, 2),
        (5, {}, {"KZ": (2, None), "TJ": (1, None)}, 2),
        (5, {}, {"UZ": (2, None)}, 5),
        (5, {}, {"UZ": (0, 2)}, 2),
        (5, {"UZ": 1}, {"UZ": (0, 2)}, 1),
        (5, {"UZ": 3}, {"UZ": (0, 2)}, 0),
        (5, {"KZ": 4}, {"UZ": (0, 2)}, 1),
        (5, {}, {"UZ": (0, 0)}, 0),
        (5, {}, {"KZ": (0, 1)}, 5),
    ],
)
def test_places_left_for_a_country(seats, taken, quotas, left):
    kept = {country: Quota(reserved, most) for country, (reserved, most) in quotas.items()}

    assert places_left("UZ", seats=seats, taken=taken, quotas=kept) == left


def test_a_quota_that_names_a_limit_alone_keeps_no_place():
    assert places_left("UZ", seats=5, taken={}, quotas={"KZ": Quota(most=1)}) == 5


@pytest.mark.django_db
def test_only_the_editing_part_of_a_team_may_edit():
    owner = MembershipFactory()
    reviewer = MembershipFactory(institution=owner.institution, role="reviewer")

    assert may_edit(owner.user, owner.institution_id)
    assert not may_edit(reviewer.user, owner.institution_id)
    assert not may_edit(UserFactory(), owner.institution_id)


@pytest.mark.parametrize(
    ("ask", "person", "codes"),
    [
        ({}, {}, []),
        ({}, {"languages": {"en": Level.B2}}, []),
        ({}, {"languages": {"en": Level.NATIVE}}, []),
        ({"open": False}, {}, ["closed"]),
        ({}, {"country": "US"}, ["country"]),
        ({}, {"languages": {"en": Level.B1}}, ["level"]),
        ({}, {"languages": {"ru": Level.C2}}, ["language"]),
        ({"languages": (("en", Level.B2), ("ru", Level.A2))}, {"languages": {}}, ["language", "language"]),
        ({"languages": ()}, {"languages": {}}, []),
        ({}, {"experience": 3}, []),
        ({}, {"experience": 2}, ["experience"]),
        ({}, {"experience": None}, ["experience_unknown"]),
        ({"experience": 0}, {"experience": None}, []),
        ({"left": {"UZ": 1}}, {}, []),
        ({"left": {"UZ": 0}}, {}, ["places"]),
        ({"left": {"KZ": 0}}, {}, []),
        ({"left": {"US": 0}}, {"country": "US"}, ["country"]),
        ({}, {"windows": ((START, END),)}, []),
        ({}, {"windows": ((START, day("2027-10-01")),)}, ["dates"]),
        ({}, {"windows": ((day("2027-09-01"), END),)}, ["dates"]),
        ({}, {"windows": ((day("2026-01-01"), day("2026-12-31")),)}, ["dates"]),
        ({}, {"longest_days": 110}, []),
        ({}, {"longest_days": 109}, ["stay"]),
        ({"away": False}, {"longest_days": 1}, []),
        ({}, {"country": "US", "languages": {}, "experience": 0}, ["country", "language", "experience"]),
    ],
)
def test_requirements_name_every_reason(ask, person, codes):
    found = requirements(Criteria(**(vars(DEMANDING) | ask)), Candidate(**(FITS | person)))

    assert [finding.code for finding in found] == codes


def test_findings_carry_what_their_words_need():
    person = Candidate("UZ", {"en": 2}, 1, ((START, START),), longest_days=105)

    assert requirements(ask(languages=(("en", 4), ("ru", 3)), experience=3, left={"UZ": 0}), person) == [
        Finding("places", {"country": "UZ"}),
        Finding("level", {"language": "en", "asked": 4, "held": 2}),
        Finding("language", {"language": "ru", "asked": 3}),
        Finding("experience", {"asked": 3, "held": 1}),
        Finding("dates", {"starts": START, "ends": END}),
        Finding("stay", {"days": 110, "longest": 105}),
    ]
    assert requirements(ask(experience=3), Candidate("US")) == [
        Finding("country", {"country": "US"}),
        Finding("experience_unknown", {"asked": 3}),
    ]
    assert requirements(ask(), Candidate("UZ")) == []


@pytest.mark.parametrize(("asked", "held", "codes"), [(1, 0, ["experience"]), (1, 1, []), (0, 0, []), (0, None, [])])
def test_one_year_asked_is_more_than_none(asked, held, codes):
    assert [finding.code for finding in requirements(ask(experience=asked), Candidate("UZ", experience=held))] == codes


@pytest.mark.parametrize(("days", "longest", "fits"), [(7, 7, True), (8, 7, False), (45, 45, True), (46, 45, False), (1, 0, False)])
def test_a_stay_is_counted_in_days_with_its_first_and_last(days, longest, fits):
    asked = ask(ends=START + datetime.timedelta(days=days - 1))

    assert (requirements(asked, Candidate("UZ", longest_days=longest)) == []) is fits


@pytest.mark.parametrize(
    ("starts", "lead", "away", "codes"),
    [
        (10, 30, True, ["notice"]),
        (29, 30, True, ["notice"]),
        (30, 30, True, []),
        (31, 30, True, []),
        (0, 1, True, ["notice"]),
        (0, 0, True, []),
        (-1, 30, True, []),
        (10, 30, False, []),
    ],
)
def test_less_notice_than_wished_is_a_warning(starts, lead, away, codes):
    asked = ask(starts=TODAY + datetime.timedelta(days=starts), away=away)

    found = warnings(asked, Candidate("UZ", windows=((START, END),), lead_days=lead), TODAY)

    assert [finding.code for finding in found] == codes
    assert [finding.data for finding in found] == [{"days": starts, "lead": lead} for _ in codes]


def test_who_wishes_no_notice_is_never_warned():
    assert warnings(ask(starts=TODAY), Candidate("UZ", windows=((START, END),)), TODAY) == []


def test_nothing_said_about_dates_is_a_warning():
    assert warnings(ask(), Candidate("UZ"), TODAY) == [Finding("no_windows")]


@pytest.mark.parametrize(
    ("windows", "answer"),
    [
        ([("2027-08-30", "2027-12-17")], True),
        ([("2027-01-01", "2028-01-01")], True),
        ([("2027-08-30", "2027-09-30"), ("2027-10-01", "2027-12-17")], True),
        ([("2027-10-01", "2027-12-17"), ("2027-08-01", "2027-10-15")], True),
        ([("2027-08-30", "2027-09-30"), ("2027-10-02", "2027-12-17")], False),
        ([("2027-08-31", "2027-12-31")], False),
        ([("2027-08-30", "2027-12-16")], False),
        ([], False),
    ],
)
def test_covered_joins_windows_that_touch(windows, answer):
    assert covered(START, END, [(day(a), day(b)) for a, b in windows]) is answer


def test_a_single_day_is_covered_by_itself():
    assert covered(START, START, [(START, START)])
    assert not covered(START, END, [(START, START)])
