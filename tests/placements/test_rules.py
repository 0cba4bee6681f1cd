"""When an approval is due, as arithmetic."""

import datetime

import pytest

from placements.rules import ESCALATE_DAYS, SOON_DAYS, due_status

ASKED = datetime.date(2027, 3, 1)
DUE = datetime.date(2027, 3, 8)


def on(day):
    return due_status(ASKED, DUE, datetime.date(2027, 3, day))


@pytest.mark.parametrize(("day", "days", "left"), [(1, 0, 7), (2, 1, 6), (8, 7, 0), (9, 8, -1), (12, 11, -4)])
def test_clock_counts_from_the_day_of_asking(day, days, left):
    assert (on(day).days, on(day).total, on(day).left) == (days, 7, left)


def test_clock_never_counts_below_zero():
    early = due_status(ASKED, datetime.date(2027, 2, 20), datetime.date(2027, 2, 25))

    assert (early.days, early.total, early.left) == (0, 0, -5)


@pytest.mark.parametrize(
    ("day", "tone"), [(1, "success"), (5, "success"), (6, "warning"), (7, "warning"), (8, "warning"), (9, "danger"), (20, "danger")]
)
def test_tone_says_how_near_it_is(day, tone):
    assert on(day).tone == tone


def test_reminders_stand_where_the_rules_of_the_programme_put_them():
    assert (SOON_DAYS, ESCALATE_DAYS) == (2, 3)


@pytest.mark.parametrize(
    ("day", "words"),
    [(1, "0 of 7 days"), (7, "6 of 7 days"), (8, "due today"), (9, "8 days, 1 overdue"), (12, "11 days, 4 overdue")],
)
def test_words_say_how_long_it_waits(day, words):
    assert on(day).text == words


def test_one_day_is_written_as_one():
    tomorrow = ASKED + datetime.timedelta(days=1)

    assert due_status(ASKED, tomorrow, ASKED).text == "0 of 1 day"
    assert due_status(ASKED, ASKED, tomorrow).text == "1 day, 1 overdue"
