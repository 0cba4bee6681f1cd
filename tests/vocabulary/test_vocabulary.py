"""The vocabulary in memory."""

import pytest
from django.db import connection
from django.utils import translation

from tests.factories import ConceptFactory
from vocabulary.domain import vocabulary as module
from vocabulary.domain.vocabulary import vocabulary
from vocabulary.models import Concept, ConceptLabel

pytestmark = pytest.mark.django_db


@pytest.fixture
def crafts():
    return ConceptFactory(slug="traditional-crafts", label={"en": "traditional crafts", "ru": "традиционные ремёсла"})


@pytest.fixture
def embroidery(crafts):
    return ConceptFactory(slug="embroidery", scheme="technique", broader=crafts, label={"en": "embroidery", "ru": "вышивка"})


@pytest.fixture
def suzani(embroidery):
    return ConceptFactory(slug="suzani", scheme="technique", broader=embroidery, label={"en": "suzani", "uz": "soʻzana"})


def test_vocabulary_knows_broader_and_narrower(crafts, embroidery, suzani):
    words = vocabulary()

    assert words.ancestors(suzani.pk) == (embroidery.pk, crafts.pk)
    assert words.descendants(crafts.pk) == {embroidery.pk, suzani.pk}
    assert words.within(suzani.pk) == {suzani.pk}
    assert words.field_of(suzani.pk) == {crafts.pk}
    assert words.field_of(crafts.pk) == {crafts.pk}
    assert [term.slug for term in words.fields()] == ["traditional-crafts"]


def test_vocabulary_speaks_the_readers_language(embroidery):
    with translation.override("ru"):
        assert (vocabulary().label(embroidery.pk), vocabulary().title(embroidery.pk)) == ("вышивка", "Вышивка")


def test_vocabulary_choices_stand_under_the_broadest(crafts, embroidery, suzani):
    mudbrick = ConceptFactory(slug="mudbrick", scheme="technique")

    assert vocabulary().choices("technique") == [
        ("General", [(mudbrick.pk, "Mudbrick")]),
        ("Traditional crafts", [(embroidery.pk, "Embroidery"), (suzani.pk, "Suzani")]),
    ]


def test_vocabulary_choices_put_the_head_of_a_group_first():
    textile = ConceptFactory(slug="textile", scheme="material")
    cotton = ConceptFactory(slug="cotton", scheme="material", broader=textile)

    assert vocabulary().choices("material") == [("Textile", [(textile.pk, "Textile"), (cotton.pk, "Cotton")])]


def test_vocabulary_finds_in_any_language_best_first(crafts, embroidery, suzani):
    gold = ConceptFactory(slug="gold-embroidery", scheme="technique", broader=embroidery, label={"en": "gold embroidery"})
    ConceptLabel.objects.create(concept=suzani, language="", kind="alt", text="сюзане")

    words = vocabulary()

    assert [term.slug for term in words.find("embroid")] == ["embroidery", "gold-embroidery"]
    assert [term.slug for term in words.find("Soʼzana")] == ["suzani"]
    assert [term.slug for term in words.find("СЮЗАНЕ")] == ["suzani"]
    assert words.find("embroid", schemes={"material"}) == []
    assert words.find("  ") == []
    assert gold.pk in {term.id for term in words.find("gold")}


def test_vocabulary_costs_three_queries_once(django_assert_num_queries, suzani):
    with django_assert_num_queries(3):
        vocabulary()
        vocabulary().title(suzani.pk)


def test_vocabulary_notices_what_another_process_wrote(monkeypatch, suzani):
    before = vocabulary()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE vocabulary_concept SET note = 'elsewhere' WHERE id = %s", [suzani.pk])
    assert vocabulary() is before

    monkeypatch.setattr(module, "CHECK_EVERY", -1.0)

    assert vocabulary().concept(suzani.pk).note == "elsewhere"
    assert vocabulary() is vocabulary()


def test_vocabulary_finds_a_concept_younger_than_its_copy(suzani):
    vocabulary()
    Concept.objects.bulk_create([Concept(slug="felt", scheme="material", label={"en": "felt"})])

    assert vocabulary().by_slug("felt").title == "Felt"


def test_unknown_concepts_are_refused():
    with pytest.raises(KeyError):
        vocabulary().by_slug("nothing")
    with pytest.raises(KeyError):
        vocabulary().concept(0)
    assert 0 not in vocabulary()
