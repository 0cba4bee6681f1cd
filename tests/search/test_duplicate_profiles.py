"""A second profile of the same person is suggested by the search for names, and only suggested."""

import pytest
from django.urls import reverse

from exchange.core.outbox import process_outbox
from profiles.domain import profile_merge
from profiles.models import ExpertProfile, ImportedExpert, PersonName, ProfileMerge
from search.domain.duplicate_profiles import duplicate_profiles_of
from tests.factories import ExpertFactory, UserFactory

pytestmark = pytest.mark.django_db


def person(given, family, kind="native", **fields):
    from profiles.domain.profiles import refresh_index
    from profiles.domain.visibility import with_parts

    profile = ExpertFactory(named=False, **fields)
    PersonName.objects.create(profile=profile, kind=kind, given=given, family=family)
    refresh_index(with_parts(ExpertProfile.objects.filter(pk=profile.pk)).get())
    return ExpertProfile.objects.get(pk=profile.pk)


@pytest.fixture
def own():
    return person("Шоқан", "Уәлиханов")


def duplicates(own):
    process_outbox()
    return [duplicate.profile for duplicate in duplicate_profiles_of(own, own.user)]


def test_like_names_of_the_same_country_in_any_script(own):
    latin = person("Chokan", "Valikhanov", "latin")
    person("Chokan", "Valikhanov", "latin", country="KZ")
    person("Sho", "Karimova", "latin")
    nobodys = person("Shoqan", "Ualikhanov", "latin", user=None)
    assert duplicates(own) == [latin]
    ImportedExpert.objects.create(profile=nobodys, source="country:UZ", external_id="1")
    assert set(duplicates(own)) == {latin, nobodys}


def test_hidden_ones_and_those_settled_are_not_suggested(own):
    hidden = person("Chokan", "Valikhanov", "latin", audience="only_me")
    other = person("Shoqan", "Walikhanov", "latin")
    assert duplicates(own) == [other]
    merge = profile_merge.propose_merge(own, other, by=own.user)
    assert duplicates(own) == []
    profile_merge.transition_merge(merge, "confirm", by=other.user)
    assert duplicates(own) == []
    assert hidden


def test_page_suggests_and_asks_the_other_side(client, own):
    other = person("Chokan", "Valikhanov", "latin")
    hidden = person("Chokan", "Valikhan", "latin", audience="only_me")
    duplicates(own)
    client.force_login(UserFactory())
    assert client.get(reverse("profile_duplicates")).status_code == 404
    client.force_login(own.user)

    assert reverse("profile_duplicate_propose", args=[other.pk]) in client.get(reverse("profile_duplicates")).content.decode()
    assert client.post(reverse("profile_duplicate_propose", args=[hidden.pk])).status_code == 404
    response = client.post(reverse("profile_duplicate_propose", args=[other.pk]))

    merge = ProfileMerge.objects.get()
    assert response.url == merge.get_absolute_url()
    assert (merge.target, merge.source, merge.state) == (own, other, "proposed")
