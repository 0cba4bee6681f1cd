"""What a document contains, and for whom."""

import datetime

import pytest
from django.utils import timezone

from profiles.models import Position, ProfileField, Publication
from profiles.states import Audience, NameKind, Part
from search.domain.documents import build_documents
from search.domain.tokens import name_tokens
from tests.factories import (
    CompetenceFactory,
    ConceptFactory,
    ExpertFactory,
    InstitutionFactory,
    LanguageSkillFactory,
    ProgramFactory,
    RequiredLanguageFactory,
    WindowFactory,
)
from tests.search.people import changed, person
from vocabulary.names import stored_keys
from vocabulary.words import asked_forms

pytestmark = pytest.mark.django_db


def said(word):
    """All tokens by which a word may be found: as a word of a text, or as a word of a name."""
    return asked_forms(word) | name_tokens(word)


def document_of(profile):
    changed(profile)
    return build_documents("expert", [profile.pk])[0]


def test_expert_shown_name_has_the_level_of_the_profile_and_other_spellings_that_of_their_part():
    profile = person(
        (NameKind.NATIVE, "Шоқан", "Уәлиханов"),
        (NameKind.FORMER, "Mukhammed", "Kanafiya"),
        (NameKind.PASSPORT, "SHOKAN", "UALIKHANOV"),
    )

    document = document_of(profile)

    assert {name.text: name.level for name in document.names} == {
        "Шоқан Уәлиханов": 0,
        "Mukhammed Kanafiya": 1,
        "SHOKAN UALIKHANOV": 2,
    }
    assert document.names[0].text == "Шоқан Уәлиханов"
    assert {document.keys[key] for key in stored_keys("Шоқан Уәлиханов")} == {0}
    assert max(document.keys[key] for key in stored_keys("Mukhammed Kanafiya")) == 1


def test_expert_narrow_profile_has_nothing_wider_than_itself():
    profile = person(
        (NameKind.NATIVE, "Айгүл", "Омарова"), audience=Audience.COORDINATORS, audiences={Part.CITY: Audience.EVERYONE}
    )

    document = document_of(profile)

    assert document.level == 2
    assert set(document.keys.values()) == {2}
    assert document.tags[0] == document.tags[1] == document.words[1] == frozenset()
    assert "city:bukhara" in document.tags[2]


def test_expert_nobody_may_see_has_no_document():
    hidden = person((NameKind.NATIVE, "Айгүл", "Омарова"), audience=Audience.ONLY_ME)
    nameless = ExpertFactory(named=False, shown_name="", audience=Audience.EVERYONE)

    assert build_documents("expert", [hidden.pk, nameless.pk, 10**6]) == []


def test_expert_part_only_for_its_person_is_nowhere():
    profile = person((NameKind.NATIVE, "Айгүл", "Омарова"), biography="Qumtepa", audiences={Part.BIOGRAPHY: Audience.ONLY_ME})

    assert not said("Qumtepa") & document_of(profile).words[2]


def test_expert_tags_carry_broader_concepts_levels_months_and_their_audience():
    textiles = ConceptFactory(slug="textiles")
    silk = ConceptFactory(slug="silk", broader=textiles)
    dyeing = ConceptFactory(slug="dyeing", scheme="technique")
    profile = person((NameKind.NATIVE, "Айгүл", "Омарова"), audiences={Part.LANGUAGES: Audience.EVERYONE})
    ProfileField.objects.create(profile=profile, concept=silk)
    CompetenceFactory(profile=profile, technique=dyeing)
    LanguageSkillFactory(profile=profile, language="ru", level=3, can_teach=True)
    WindowFactory(profile=profile, starts=datetime.date(2027, 12, 30), ends=datetime.date(2028, 1, 2))

    everyone, members, _coordinators = document_of(profile).tags

    assert everyone == {
        "country:UZ", f"field:{silk.pk}", f"field:{textiles.pk}", f"about:{silk.pk}", f"about:{textiles.pk}",
        "language:ru", "language:ru:1", "language:ru:2", "language:ru:3", "teaches:ru",
    }  # fmt: skip
    assert members - everyone == {"city:bukhara", f"technique:{dyeing.pk}", f"about:{dyeing.pk}", "free:2027-12", "free:2028-01"}


def test_expert_words_come_from_papers_too():
    profile = person((NameKind.NATIVE, "Айгүл", "Омарова"))
    Publication.objects.create(profile=profile, title="Adobe of Otrar")

    document = document_of(profile)

    assert said("Otrar") & document.words[1]
    assert not said("Otrar") & document.words[0]


def test_expert_confirmed_later_ranks_higher_than_one_with_a_fuller_profile_years_ago():
    fresh = person((NameKind.NATIVE, "Айгүл", "Омарова"), confirmed_on=datetime.date(2026, 6, 1))
    old = person((NameKind.NATIVE, "Айгүл", "Омарова"), confirmed_on=datetime.date(2020, 6, 1), completeness=100)

    documents = {document.object_id: document for document in build_documents("expert", [fresh.pk, old.pk])}

    assert documents[fresh.pk].quality > documents[old.pk].quality


def test_expert_documents_cost_the_same_queries_for_one_and_three(django_assert_num_queries):
    people = [person((NameKind.NATIVE, "Айгүл", f"Омарова {n}")) for n in range(3)]
    for profile in people:
        LanguageSkillFactory(profile=profile)
        Publication.objects.create(profile=profile, title="Adobe")
        Position.objects.create(profile=profile, title="Curator", institution=InstitutionFactory())
    build_documents("expert", [people[0].pk])

    with django_assert_num_queries(12) as queries:
        build_documents("expert", [people[0].pk])
    with django_assert_num_queries(len(queries)):
        assert len(build_documents("expert", [profile.pk for profile in people])) == 3


def test_program_says_all_its_languages_and_is_open_until_its_deadline():
    program = ProgramFactory(
        title={"en": "Silk road textiles", "ru": "Ткани шёлкового пути"}, funding={"en": "Flight"}, modality="hybrid"
    )
    RequiredLanguageFactory(program=program, language="en")

    document = build_documents("program", [program.pk])[0]

    assert [(name.text, name.language) for name in document.names] == [("Silk road textiles", "en"), ("Ткани шёлкового пути", "ru")]
    assert {
        "country:US",
        "city:newark",
        "kind:exchange",
        "modality:hybrid",
        "language:en",
        "funding:1",
        "verified:1",
    } <= document.tags[0]
    assert said("мастерской") & document.words[0]
    assert (document.opens, document.closes) == (program.published_at, program.deadline)


def test_program_rolling_stays_open_and_a_closed_one_is_not():
    rolling, closed = ProgramFactory(deadline=None), ProgramFactory(state="closed")

    documents = {document.object_id: document for document in build_documents("program", [rolling.pk, closed.pk])}

    assert documents[rolling.pk].closes > timezone.now() + datetime.timedelta(days=10_000)
    assert documents[closed.pk].closes is None


def test_program_draft_has_no_document():
    assert build_documents("program", [ProgramFactory(state="draft", was_published=False).pk]) == []


def test_institution_is_known_by_all_its_names_unless_suspended():
    museum = InstitutionFactory(name={"en": "Museum of Arts", "uz": "Sanʼat muzeyi"}, short_name="MOA", city="Nukus")
    gone = InstitutionFactory(state="suspended")

    (document,) = build_documents("institution", [museum.pk, gone.pk])

    assert {name.text for name in document.names} == {"Museum of Arts", "Sanʼat muzeyi", "MOA"}
    assert {"country:US", "city:nukus", "kind:museum", "state:verified", "verified:1"} == document.tags[0]
    assert said("Нукус") & document.words[0]
