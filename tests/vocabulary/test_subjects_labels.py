"""Concepts named in seven languages, as people really type them."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import subjects_lab
from vocabulary.subjects import Labels, Match


@pytest.fixture(scope="module")
def labels():
    return Labels.build(subjects_lab.rows())


def named(labels, query):
    return [span.concept_id for span in labels.resolve(query).spans]


@pytest.mark.parametrize("distortion", subjects_lab.DISTORTIONS)
def test_a_mistyped_label_still_finds_its_concept(labels, distortion):
    queries = list(subjects_lab.distorted(distortion))[::23]

    found = [labels.rank(query, 1)[0].concept_id == term.concept for query, term in queries]

    assert sum(found) / len(found) >= 0.98


@pytest.mark.parametrize(
    ("query", "concept"),
    [
        ("ceramics conservation", "ceramics-conservation"),
        ("реставрации керамики", "ceramics-conservation"),
        ("restavratsiya keramiki", "ceramics-conservation"),
        ("qo'lyozma", "manuscript"),
        ("кагаз", "paper"),
        ("gold embroidry", "gold-embroidery"),
        ("zardo`zlik", "gold-embroidery"),
        ("нумизматикани", "numismatics"),
    ],
)
def test_a_subject_is_found(labels, query, concept):
    assert labels.rank(query, 1)[0].concept_id == concept


def test_of_equal_labels_the_concept_shown_by_it_comes_first():
    labels = Labels.build([("ceramics", "en", "ceramics"), ("ceramics", "en", "pottery"), ("pottery", "en", "pottery")])

    assert labels.rank("pottery", 2) == [Match("pottery", 1.0, "pottery", "en"), Match("ceramics", 1.0, "pottery", "en")]


def test_a_concept_is_ranked_once_by_its_best_label():
    labels = Labels.build([(7, "en", "felt"), (7, "ru", "войлок"), (7, "kk", "киіз"), (8, "en", "felt making")])

    assert [match.concept_id for match in labels.rank("felt")] == [7, 8]
    assert labels.rank("woylok", 1)[0].language == "ru"


def test_resolving_takes_the_longest_run_and_leaves_the_rest(labels):
    resolution = labels.resolve("Иванов реставрация керамики Ташкент")

    assert [(span.start, span.end, span.concept_id) for span in resolution.spans] == [(1, 3, "ceramics-conservation")]
    assert resolution.rest == ["иванов", "ташкент"]


def test_resolving_takes_no_unrelated_word(labels):
    assert labels.resolve("ceramics conservation samarkand").rest == ["samarkand"]


def test_several_concepts_resolve_in_the_order_of_the_query(labels):
    assert named(labels, "textile and leather conservation") == ["textile", "leather-conservation"]


@pytest.mark.parametrize("name", ["Ахмет Байтұрсынұлы", "Gʻafur Gʻulom", "Saparmyrat Nyýazow", "Sadriddin Ayni", "Душанбе"])
def test_names_name_no_concept(labels, name):
    assert named(labels, name) == []


def test_every_label_of_every_language_resolves_to_its_concept(labels):
    missed = [term for term in subjects_lab.terms()[::61] if named(labels, term.text) != [term.concept]]

    assert missed == []


def test_no_labels_and_no_words_name_nothing(labels):
    assert Labels.build([]).rank("felt") == []
    assert labels.rank("") == []
    assert labels.resolve("…").rest == []


@given(st.text(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_text_is_ranked_and_resolved(text):
    labels = Labels.build([(1, "en", "felt"), (2, "ru", "золотое шитьё")])

    assert all(0 < match.score <= 1 for match in labels.rank(text))
    resolution = labels.resolve(text)
    places = [place for span in resolution.spans for place in range(span.start, span.end)]
    assert len(places) == len(set(places))


@pytest.mark.parametrize("text", ["'" * 10_000, "керамика " * 2_000, "\u0301" * 10_000, "a" * 10_000, "👩‍👩‍👧‍👦" * 500])
def test_hostile_queries_are_answered_at_once(labels, text):
    started = time.perf_counter()

    labels.rank(text)
    labels.resolve(text)

    assert time.perf_counter() - started < 2
