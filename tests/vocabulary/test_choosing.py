"""Long lists that are typed in: what is found in any script, what comes first, and who may ask."""

import json

import pytest
from django.urls import reverse
from django.utils import translation

from institutions.models import InstitutionName
from institutions.states import InstitutionState
from profiles.models.experts import ProfileField
from tests.factories import ConceptFactory, ExpertFactory, InstitutionFactory, MembershipFactory, UserFactory
from vocabulary.domain.choosing import MAX_FOUND, offered

pytestmark = pytest.mark.django_db


def values(kind, text, user=None, **kwargs):
    return [
        option.value for group in offered(user, kind, text, limits=kwargs.pop("limits", {}), **kwargs) for option in group.options
    ]


@pytest.fixture
def suzani():
    return ConceptFactory(slug="suzani", scheme="technique", label={"en": "suzani", "ru": "сюзане", "uz": "soʻzana"})


@pytest.mark.parametrize("typed", ["suz", "Suzani", "сюз", "СУЗАНИ", "so'zana", "сўзана", "uzan"])
def test_concept_is_found_in_any_script_and_spelling(suzani, typed):
    ConceptFactory(slug="metal", scheme="technique", label={"en": "metal work", "ru": "обработка металла"})

    assert values("concepts", typed) == [str(suzani.pk)]


@pytest.mark.parametrize("typed", ["", " ", "'", "\x00", "%", "😀", "zzzz", "x" * 5000])
def test_nothing_comes_of_nothing(suzani, typed):
    assert values("concepts", typed) == []


def test_schemes_limit_the_concepts(suzani):
    assert values("concepts", "suz", limits={"schemes": "material,object-type"}) == []
    assert values("concepts", "suz", limits={"schemes": "material,technique"}) == [str(suzani.pk)]


def test_whole_names_come_before_beginnings_and_inner_words():
    inner = ConceptFactory(slug="c", label={"en": "painted silk"})
    begins = ConceptFactory(slug="b", label={"en": "silk road"})
    whole = ConceptFactory(slug="a", label={"en": "silk"})

    assert values("concepts", "silk") == [str(row.pk) for row in (whole, begins, inner)]


def test_no_more_than_a_screen_is_found():
    for number in range(MAX_FOUND + 3):
        ConceptFactory(slug=f"glass-{number}", label={"en": f"glass {number}"})

    assert len(values("concepts", "glass")) == MAX_FOUND


@pytest.mark.parametrize(
    ("typed", "code"), [("укра", "uk"), ("Ukrain", "uk"), ("o'zbek", "uz"), ("узбе", "uz"), ("karakalp", "kaa"), ("wbl", "wbl")]
)
def test_language_is_found_by_its_name_in_any_language(typed, code):
    with translation.override("ru"):
        assert values("languages", typed)[0] == code


@pytest.mark.parametrize(
    ("typed", "zone"),
    [("Ташк", "Asia/Tashkent"), ("toshkent", "Asia/Tashkent"), ("Вашингтон", "America/New_York"), ("berlin", "Europe/Berlin")],
)
def test_time_zone_is_found_by_its_city(typed, zone):
    assert values("zones", typed)[0] == zone


def test_institution_is_found_by_any_of_its_names():
    museum = InstitutionFactory(name={"en": "Registan Museum", "ru": "Музей Регистана"})
    InstitutionName.objects.create(institution=museum, text="Samarqand davlat muzeyi", kind="former")
    InstitutionFactory()

    for typed in ("регист", "Registon", "Самарканд", "samarqand dav"):
        assert values("institutions", typed) == [str(museum.pk)], typed


def test_suspended_institution_is_offered_to_its_team_alone():
    hidden = InstitutionFactory(name={"en": "Closed House"}, state=InstitutionState.SUSPENDED)
    member = MembershipFactory(institution=hidden).user

    assert values("institutions", "closed h", UserFactory()) == []
    assert values("institutions", "closed h", None) == []
    assert values("institutions", "closed h", member) == [str(hidden.pk)]


def test_recent_comes_first_then_what_is_likely_each_once():
    expert = ExpertFactory()
    first, second, third = (ConceptFactory(slug=slug, scheme="field") for slug in ("one", "two", "three"))
    for concept in (second, first):
        ProfileField.objects.create(profile=expert, concept=concept)

    groups = offered(expert.user, "concepts", "", recent=[str(first.pk), "999999", "x"], limits={})

    assert [[option.value for option in group.options] for group in groups] == [[str(first.pk)], [str(second.pk)]]
    assert str(third.pk) not in values("concepts", "", expert.user)


def test_persons_own_place_and_team_are_likely():
    expert = ExpertFactory(affiliation=InstitutionFactory(country="KZ"))
    near = InstitutionFactory(country=expert.country)
    own = MembershipFactory(user=expert.user).institution
    InstitutionFactory(country="KG")

    assert values("institutions", "", expert.user) == [str(own.pk), str(expert.affiliation_id), str(near.pk)]


def test_page_answers_in_the_readers_language_and_only_after_logging_in(client, suzani):
    address = reverse("choices", args=["concepts"])
    assert client.get(address, {"q": "suz"}).status_code == 302

    client.force_login(UserFactory(language="ru"))
    found = json.loads(client.get(address, {"q": "suz"}).content)

    assert found["groups"] == [{"title": "", "options": [{"value": str(suzani.pk), "label": "Сюзане", "note": ""}]}]
    assert "1" in found["said"]
    assert client.get(reverse("choices", args=["people"])).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_institutions_take_two_queries(rows, django_assert_num_queries):
    for _row in range(rows):
        InstitutionFactory()
    user = UserFactory()
    user.access  # noqa: B018 -- every page has read it

    with django_assert_num_queries(2):
        offered(user, "institutions", "museum", limits={})
