"""Concepts of one's own text: read with care for denial, confirmed into the profile, or dismissed for good."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exchange.core.errors import DomainError, Refusal
from exchange.core.models import OutboxEvent
from matching.domain.text_concepts import (
    concepts_to_confirm,
    confirm_concept,
    dismiss_concept,
    dismissed_concepts,
    restore_concept,
)
from matching.models import DismissedConcept
from profiles.models import ExpertProfile
from tests.factories import CompetenceFactory, ConceptFactory, ExpertFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def gilding():
    return ConceptFactory(slug="gilding", scheme="technique", label={"en": "gilding", "ru": "золочение", "uz": "tillakorlik"})


@pytest.fixture
def ganch():
    return ConceptFactory(slug="ganch", scheme="material", label={"en": "ganch", "ru": "ганч", "uz": "ganch"})


@pytest.fixture
def murals():
    return ConceptFactory(slug="wall-painting", scheme="field", label={"en": "wall painting", "ru": "монументальная живопись"})


@pytest.fixture
def writer(gilding, ganch, murals):
    return ExpertFactory(biography="I work in wall painting and gilding. I have never worked with ganch.", biography_language="en")


def read(expert):
    return [found.term.slug for found in concepts_to_confirm(ExpertProfile.objects.get(pk=expert.pk))]


def test_what_the_text_denies_is_not_read(writer):
    assert read(writer) == ["wall-painting", "gilding"]


@pytest.mark.parametrize(
    ("language", "text", "slugs"),
    [
        ("ru", "Занимаюсь золочением, с ганчем не работал.", ["gilding"]),
        ("uz", "Men tillakorlik bilan shug‘ullanaman.", ["gilding"]),
    ],
)
def test_texts_are_read_in_their_language(writer, language, text, slugs):
    writer.biography, writer.biography_language = text, language
    writer.save()

    assert read(writer) == slugs


def test_the_headline_is_read_too(writer, ganch):
    writer.headline, writer.biography = "Мастер: ганч", ""
    writer.save()

    [found] = concepts_to_confirm(writer)

    assert (found.term.id, found.words, found.becomes_field) == (ganch.pk, "ганч", False)


def test_what_is_declared_is_not_asked_again(writer, gilding, murals):
    CompetenceFactory(profile=writer, technique=gilding)
    writer.profile_fields.create(concept=murals)

    assert read(writer) == []


def test_confirming_adds_a_row_or_a_field_and_keeps_the_others(writer, gilding, murals):
    kept = CompetenceFactory(profile=writer, technique=ConceptFactory(slug="weaving", scheme="technique"), level=4, last_year=2020)

    for concept in (gilding, murals):
        confirm_concept(writer, concept.pk, by=writer.user)

    rows = {row.technique.slug: (row.level, row.last_year) for row in writer.competences.select_related("technique")}
    assert rows == {kept.technique.slug: (4, 2020), "gilding": (2, None)}
    assert [(row.concept, row.primary) for row in writer.profile_fields.all()] == [(murals, False)]
    assert read(writer) == []
    with pytest.raises(DomainError):
        confirm_concept(writer, gilding.pk, by=writer.user)


def test_what_the_text_does_not_name_cannot_be_confirmed(writer, ganch):
    with pytest.raises(DomainError, match="does not name"):
        confirm_concept(writer, ganch.pk, by=writer.user)


def test_dismissed_for_good_until_restored(writer, gilding):
    OutboxEvent.objects.all().delete()
    dismiss_concept(writer, gilding.pk, by=writer.user)
    dismiss_concept(writer, gilding.pk, by=writer.user)

    assert read(writer) == ["wall-painting"]
    assert dismissed_concepts([writer.pk, ExpertFactory().pk]) == {writer.pk: {gilding.pk}}
    assert OutboxEvent.objects.filter(kind="match-expert", payload__expert_id=writer.pk).count() == 1
    writer.biography += " Gilding again."
    writer.save()
    assert read(writer) == ["wall-painting"]

    restore_concept(writer, gilding.pk, by=writer.user)
    assert "gilding" in read(writer)
    with pytest.raises(DomainError):
        dismiss_concept(writer, 10**9, by=writer.user)


def test_only_the_owner_answers(writer, gilding):
    for action in (confirm_concept, dismiss_concept, restore_concept):
        with pytest.raises(Refusal):
            action(writer, gilding.pk, by=ExpertFactory().user)
    assert not DismissedConcept.objects.exists()


def test_page_is_for_its_owner(client, writer, gilding):
    answer = f"/profile/from-text/{gilding.pk}/dismiss/"

    assert client.get("/profile/from-text/").url.startswith("/accounts/login/")
    assert client.post(answer).url.startswith("/accounts/login/")
    client.force_login(UserFactory())
    assert client.get("/profile/from-text/").url == "/profile/start/"
    assert client.post(answer).status_code == 404
    client.force_login(ExpertFactory().user)
    assert "Gilding" not in client.get("/profile/from-text/").content.decode()

    client.force_login(writer.user)
    assert "Gilding" in client.get("/profile/").content.decode()
    assert "Gilding" in client.get("/profile/from-text/").content.decode()
    client.post(answer)
    assert "Gilding" in client.get("/profile/from-text/").content.decode(), "among those not read any more"
    assert client.post(f"/profile/from-text/{gilding.pk}/nonsense/").status_code == 404
    client.post(f"/profile/from-text/{gilding.pk}/restore/")
    client.post(f"/profile/from-text/{gilding.pk}/confirm/")
    assert writer.competences.get().technique == gilding


def test_page_costs_the_same_for_one_concept_and_three(client, writer):
    counts = []
    client.force_login(writer.user)
    for text in ("Gilding.", "Gilding, ganch and wall painting."):
        writer.biography = text
        writer.save()
        client.get("/profile/from-text/")
        with CaptureQueriesContext(connection) as caught:
            client.get("/profile/from-text/")
        counts.append(len(caught))

    assert counts[0] == counts[1]
