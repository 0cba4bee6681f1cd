"""The graded queries of the word bench: they name documents that exist, and the figures made of them."""

import csv
import hashlib
from collections import Counter

import pytest

from bench import words
from exchange.reference.importing import DATA


def ids_of(path, column):
    with path.open(encoding="utf-8", newline="") as file:
        return [row[column] for row in csv.DictReader(file)]


def query(grades, **groups):
    return words.Query("felt", "program", grades, groups)


def test_every_graded_document_exists():
    known = {
        "program": set(ids_of(DATA / "programs.csv", "id")),
        "institution": set(ids_of(DATA / "institutions.csv", "id")),
        "expert": set(ids_of(words.EXPERTS, "external_id")),
    }

    unknown = [(each.text, key) for each in words.read_queries() for key in each.grades if key not in known[each.kind]]

    assert unknown == []


def test_no_query_of_a_kind_appears_twice():
    twice = [key for key, number in Counter((each.kind, each.text) for each in words.read_queries()).items() if number > 1]

    assert twice == []


def test_the_text_of_a_query_decides_its_half():
    for each in words.read_queries():
        half = "held" if hashlib.sha256(each.text.encode()).digest()[0] % 2 else "dev"
        assert each.groups["split"] == half, each.text


def test_only_queries_of_type_none_have_no_answer():
    for each in words.read_queries():
        assert (not each.grades) == (each.groups["type"] == "none"), each.text
        assert set(each.grades.values()) <= {1, 2, 3}, each.text


@pytest.mark.parametrize(("grades", "right"), [({"a": 3, "b": 3, "c": 2}, {"a", "b"}), ({"a": 2, "b": 1}, {"a"}), ({}, set())])
def test_the_best_grade_is_the_right_one(grades, right):
    assert query(grades).right == right


def test_recall_counts_the_useful_that_fit_on_the_page():
    many = query({f"p{number}": 2 for number in range(12)})

    assert words.Answer(many, tuple(f"p{number}" for number in range(10))).recall == 1
    assert words.Answer(query({"a": 3, "b": 2, "c": 1}), ("c", "a")).recall == 0.5


def test_figures_leave_out_queries_without_an_answer():
    asked = query({"a": 3, "b": 2})
    answers = [
        words.Answer(asked, ("a", "b")),
        words.Answer(asked, ("b",)),
        words.Answer(asked, ()),
        words.Answer(query({}), ("b",)),
    ]

    assert words.figures(answers) == words.Figures(3, pytest.approx(1 / 3), pytest.approx(0.5), pytest.approx(1 / 3))


def test_what_only_comes_near_is_counted_apart(monkeypatch):
    shown = []
    monkeypatch.setattr(words.rig, "table", lambda _title, rows: shown.extend(rows) or True)
    ours = [words.Answer(query({"a": 3}), ("a",)), words.Answer(query({}), ("a", "b", "c"), near=2)]

    words.report(
        [each._replace(query=each.query._replace(groups=dict.fromkeys(words.GROUPS, "x"))) for each in ours],
        [each._replace(query=each.query._replace(groups=dict.fromkeys(words.GROUPS, "x")), near=0) for each in ours],
    )

    assert [row[1:3] for row in shown[1:3]] == [("1.00", "3.00"), ("2.00", "")]
