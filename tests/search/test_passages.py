"""Passages: the part of a text by which a hit was found, of texts that the reader may read."""

import pytest
from django.contrib.auth.models import AnonymousUser

from profiles.states import NameKind
from search.domain.passages import LENGTH
from search.domain.query import SearchRequest
from search.domain.ranking import search
from tests.factories import ConceptFactory, ProgramFactory, UserFactory
from tests.search.people import indexed, person

pytestmark = pytest.mark.django_db
NATIVE = NameKind.NATIVE


def passages(words, user=None, kind="expert"):
    """By id, the text and the marked words of each passage."""
    result = search(user or AnonymousUser(), SearchRequest(kind, words, with_passages=True))
    return {pk: (one.text, [one.text[start:end] for start, end in one.marks]) for pk, one in result.passages.items()}


def test_passage_is_the_sentence_with_most_of_the_words_and_marks_them():
    text = "She studied in Almaty. In Otrar she restored carpets of wool. Carpets she loves."
    one = person((NATIVE, "Айгүл", "Омарова"), biography=text, biography_language="en", audiences={"biography": "everyone"})
    indexed()

    assert passages("wool carpet") == {one.pk: ("In Otrar she restored carpets of wool.", ["carpets", "wool"])}
    assert search(AnonymousUser(), SearchRequest("expert", "wool carpet")).passages == {}


def test_passage_marks_a_concept_in_another_language():
    ConceptFactory(slug="carpets", label={"en": "carpets", "ru": "ковры"})
    one = person(
        (NATIVE, "Айгүл", "Омарова"),
        biography="Люблю горы. Реставрирую старые ковры.",
        biography_language="ru",
        audiences={"biography": "everyone"},
    )
    indexed()

    assert passages("carpet") == {one.pk: ("Реставрирую старые ковры.", ["ковры"])}


@pytest.mark.parametrize(("reader", "seen"), [("nobody", False), ("member", True)])
def test_passage_comes_from_what_the_reader_may_read(reader, seen):
    one = person((NATIVE, "Айгүл", "Омарова"), headline="Carpets", biography="Felt and carpets of Otrar.", biography_language="en")
    indexed()

    found = passages("carpets", UserFactory() if reader == "member" else None)

    assert found == ({one.pk: ("Felt and carpets of Otrar.", ["carpets"])} if seen else {})


def test_passage_is_in_the_language_of_the_reader_when_it_says_the_same_there():
    ConceptFactory(slug="felt", label={"en": "felt", "ru": "войлок", "uz": "kigiz"})
    program = ProgramFactory(title={"en": "School"}, summary={"en": "We make felt.", "ru": "Валяем войлок."})
    indexed()

    from django.utils import translation

    for language, text in (("ru", "Валяем войлок."), ("en", "We make felt."), ("uz", "We make felt.")):
        with translation.override(language):
            assert passages("kigiz", kind="program")[program.pk][0] == text


def test_long_sentence_is_cut_around_the_first_mark():
    text = "word " * 200 + "carpets of Otrar " + "more " * 200
    one = person((NATIVE, "Айгүл", "Омарова"), biography=text, biography_language="en", audiences={"biography": "everyone"})
    indexed()

    shown, marked = passages("carpets")[one.pk]

    assert marked == ["carpets"]
    assert shown.startswith("… word")
    assert shown.endswith("…")
    assert len(shown) < LENGTH + 10


def test_what_a_text_denies_is_neither_found_nor_shown():
    text = "I restore felt. I have never worked with carpets."
    person((NATIVE, "Айгүл", "Омарова"), biography=text, biography_language="en", audiences={"biography": "everyone"})
    indexed()

    assert passages("carpets") == {}
    assert search(AnonymousUser(), SearchRequest("expert", "carpets")).hits == []
    assert len(search(AnonymousUser(), SearchRequest("expert", "felt")).hits) == 1


def test_passages_cost_the_same_queries_for_one_and_three_hits(django_assert_num_queries):
    for number, word in enumerate(("felt", "stucco", "stucco", "stucco")):
        person(
            (NATIVE, "Айгүл", f"Омарова{number}"),
            biography=f"About {word}.",
            biography_language="en",
            audiences={"biography": "everyone"},
        )
    indexed()
    passages("warm")

    with django_assert_num_queries(100, exact=False) as queries:
        assert len(passages("felt")) == 1
    with django_assert_num_queries(len(queries)):
        assert len(passages("stucco")) == 3
