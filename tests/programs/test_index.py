import pytest

from programs.domain.programs import refresh_index, refresh_indexes
from programs.signals import program_changed
from tests.factories import ConceptFactory, InstitutionFactory, ProgramFactory, RequiredLanguageFactory
from tests.helpers.search import index
from tests.search.people import found
from vocabulary.domain.vocabulary import vocabulary
from vocabulary.models import ConceptLabel

pytestmark = pytest.mark.django_db


@pytest.fixture
def suzani():
    field = ConceptFactory(slug="textiles", scheme="field", label={"en": "textiles", "ru": "текстиль", "uz": "toʻqimachilik"})
    material = ConceptFactory(slug="embroidery", scheme="material", broader=field, label={"en": "embroidery", "kk": "кесте"})
    ConceptLabel.objects.create(concept=material, language="tg", kind="alt", text="сӯзанӣ")
    return material


@pytest.mark.parametrize(
    "typed", ["semester", "Семестр", "кесте", "сӯзанӣ", "toʻqimachilik", "to'qimachilik", "текстиль", "museum", "Newark", "TEXTILE"]
)
def test_a_programme_is_found_by_every_word_in_every_language(suzani, typed):
    program = ProgramFactory(
        title={"en": "Semester"}, summary={"ru": "Семестр"}, institution=InstitutionFactory(name={"en": "Museum"})
    )
    other = ProgramFactory(title={"en": "Else"}, summary={}, city="Boston", institution__name={"en": "Library"})
    program.concepts.add(suzani)

    index(program, other)

    assert found(typed, kind="program") == [program.pk]


def test_fields_and_languages_are_those_above_its_concepts(suzani):
    program = ProgramFactory()
    program.concepts.add(suzani)
    RequiredLanguageFactory(program=program, language="ru")
    RequiredLanguageFactory(program=program, language="en")

    refresh_index(program)

    assert program.field_ids == [suzani.broader_id]
    assert program.language_codes == ["en", "ru"]


def test_what_is_taken_away_is_no_longer_found(suzani):
    program = ProgramFactory()
    program.concepts.add(suzani)
    refresh_index(program)
    index(program)
    assert found("кесте", kind="program") == [program.pk]
    program.concepts.clear()

    refresh_index(program)
    index(program)

    assert program.field_ids == []
    assert found("кесте", kind="program") == []


def test_many_are_refreshed_in_few_queries_and_each_is_told(django_assert_num_queries):
    told = []
    program_changed.connect(listener := lambda **kwargs: told.append(kwargs["program_id"]))
    programs = [ProgramFactory() for _ in range(3)]
    vocabulary()

    try:
        # A savepoint round four queries, and the notifications, which matching and search write down for each.
        with django_assert_num_queries(6 + 3 + 3):
            refresh_indexes(program.pk for program in programs)
    finally:
        program_changed.disconnect(listener)

    assert told == [program.pk for program in programs]
