"""A sample of the development gold that must stay found: its queries against its own names and some distractors."""

import time

import pytest

from bench import names_lab as lab
from vocabulary import names


@pytest.fixture(scope="module")
def answers():
    queries = [query for query in lab.gold() if query.kind not in lab.OUTSIDE_CORE]
    engine = lab.engine_of(queries[::3], lab.distractors()[::20])
    return [engine.answer(query) for query in queries[::3][::4]]


def test_the_right_name_comes_first(answers):
    assert lab.recall(answers, 1) >= 0.97
    assert lab.recall(answers, 10) >= 0.99


@pytest.mark.parametrize("home", lab.HOMES)
def test_no_language_is_left_behind(answers, home):
    mine = [answer for answer in answers if answer.query.home == home and answer.query.kind != "initials"]

    assert mine
    assert lab.recall(mine, 10) >= 0.98


def test_apostrophes_never_hide_a_name():
    for query in lab.gold():
        if query.kind == "apostrophe":
            keys = names.stored_keys(query.target)
            assert any(key in keys for clause in names.query_clauses(query.text) for key, _weight in clause)


def test_hundreds_of_names_take_no_longer_than_a_breath():
    texts = [name.text for name in lab.distractors()[:500]]
    started = time.perf_counter()

    keys = [len(names.stored_keys(text)) for text in texts]

    assert time.perf_counter() - started < 3
    assert sum(keys) / len(keys) < 60
