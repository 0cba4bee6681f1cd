"""The secretariat edits the vocabulary in pages of its own."""

import pytest
from django.urls import reverse

from exchange.core.errors import DomainError, Refusal, StaleError
from exchange.core.history import history_of
from tests.factories import ConceptFactory, CoordinatorFactory, ExpertFactory, MembershipFactory, UserFactory
from vocabulary.domain.editing import ConceptTexts, concept_version, create_concept, edit_concept
from vocabulary.domain.vocabulary import vocabulary
from vocabulary.models import Concept, ConceptLabel
from vocabulary.signals import concepts_moved

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary():
    return UserFactory(is_secretariat=True)


def texts(**more):
    return ConceptTexts(**({"scheme": "material", "label": {"en": "felt", "ru": "войлок"}} | more))


def form(**more):
    return {
        "slug": "felt",
        "scheme": "material",
        "label_en": "felt",
        "names_en": "wool felt\nkiyiz",
        "broader": "",
        "note": "",
        **more,
    }


def posted(page, **more):
    """The form of a page, with changes."""
    bound = page.context["form"]
    values = {name: bound[name].value() for name in ("version", "scheme", "broader", "note")}
    return {key: value for key, value in (values | form() | values | more).items() if value is not None and key != "slug"}


def test_a_new_concept_is_found_by_all_its_names_at_once(secretary):
    concept = create_concept("felt", texts(names={"ru": ["кошма"]}), by=secretary)

    for words in ("felt", "войлок", "кошма"):
        assert [term.pk for term in vocabulary().find(words)] == [concept.pk]
    assert history_of(concept).get().actor == secretary


def test_an_edit_replaces_names_and_keeps_those_of_other_kinds_and_languages(secretary):
    concept = create_concept("felt", texts(names={"ru": ["кошма"]}), by=secretary)
    ConceptLabel.objects.create(concept=concept, language="", kind="hidden", text="namad")
    ConceptLabel.objects.create(concept=concept, language="de", kind="alt", text="Filz")

    edit_concept(concept, texts(label={"en": "felt cloth"}, names={"kk": ["киіз"]}), by=secretary)

    assert set(concept.labels.values_list("language", "kind", "text")) == {
        ("en", "pref", "felt cloth"),
        ("kk", "alt", "киіз"),
        ("", "hidden", "namad"),
        ("de", "alt", "Filz"),
    }
    assert vocabulary().find("войлок") == []
    assert [row.transition for row in history_of(concept)] == ["create", "edit"]


def test_only_a_move_is_announced(secretary):
    concept, broader = create_concept("felt", texts(), by=secretary), ConceptFactory(slug="textile", scheme="material")
    moved = []

    def hear(concept_ids, **kwargs):
        moved.append(concept_ids)

    concepts_moved.connect(hear)
    try:
        edit_concept(concept, texts(note="Pressed wool."), by=secretary)
        assert moved == []
        edit_concept(concept, texts(broader=broader), by=secretary)
        assert moved == [[concept.pk]]
    finally:
        concepts_moved.disconnect(hear)


def test_a_concept_is_never_narrower_than_itself(secretary):
    top = create_concept("textile", texts(), by=secretary)
    middle = create_concept("felt", texts(broader=top), by=secretary)
    low = create_concept("fine-felt", texts(broader=middle), by=secretary)

    for broader in (top, middle, low):
        with pytest.raises(DomainError) as refused:
            edit_concept(top, texts(broader=broader), by=secretary)
        assert refused.value.code == "circle"
    assert Concept.objects.get(pk=top.pk).broader is None


def test_an_edit_of_an_older_version_is_refused(secretary):
    concept = create_concept("felt", texts(), by=secretary)
    version = concept_version(concept)
    edit_concept(concept, texts(note="Mine."), by=secretary, version=version)

    with pytest.raises(StaleError):
        edit_concept(concept, texts(note="Yours."), by=secretary, version=version)
    assert Concept.objects.get().note == "Mine."


def test_a_taken_id_and_a_long_name_are_refused(secretary):
    create_concept("felt", texts(), by=secretary)

    with pytest.raises(DomainError, match="id"):
        create_concept("felt", texts(), by=secretary)
    with pytest.raises(DomainError, match="200"):
        create_concept("wool", texts(names={"en": ["x" * 201]}), by=secretary)
    assert Concept.objects.count() == 1


def test_the_pages_write_and_show(client, secretary):
    client.force_login(secretary)

    assert client.post(reverse("concept_create"), form()).status_code == 302
    concept = Concept.objects.get()
    assert list(concept.labels.filter(kind="alt").values_list("text", flat=True)) == ["kiyiz", "wool felt"]
    page = client.get(reverse("concept", args=["felt"]))
    assert "wool felt" in page.content.decode()
    answer = client.post(reverse("concept", args=["felt"]), posted(page, label_en="felts"))
    assert answer.status_code == 302, answer.content.decode()
    stale = client.post(reverse("concept", args=["felt"]), posted(page, label_en="other"))
    assert stale.status_code == 422
    assert str(Concept.objects.get().label) == "felts"
    assert client.post(reverse("concept_create"), form()).status_code == 422
    assert "felts" in client.get(reverse("concepts"), {"q": "kiyiz"}).content.decode().lower()
    assert "No concept matches" in client.get(reverse("concepts"), {"q": "zzzz"}).content.decode()
    assert "No concept matches" in client.get(reverse("concepts"), {"scheme": "field"}).content.decode()


def test_the_vocabulary_is_closed_to_all_others(client):
    ConceptFactory(slug="felt")
    addresses = [reverse("concepts"), reverse("concept_create"), reverse("concept", args=["felt"])]
    for address in addresses:
        assert client.get(address).headers["Location"].startswith("/accounts/login/")
    for user in (CoordinatorFactory().user, MembershipFactory().user, ExpertFactory().user, UserFactory()):
        client.force_login(user)
        assert [client.get(address).status_code for address in addresses] == [403, 403, 403]
        assert [client.post(address, form()).status_code for address in addresses[1:]] == [403, 403]
        with pytest.raises(Refusal):
            create_concept("wool", texts(), by=user)
    assert Concept.objects.count() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_is_flat(client, secretary, rows, django_assert_num_queries):
    for number in range(rows):
        ConceptFactory(slug=f"c-{number}", broader=ConceptFactory(slug=f"b-{number}"))
    client.force_login(secretary)
    client.get(reverse("concepts"))

    with django_assert_num_queries(5):
        client.get(reverse("concepts"))
