"""Institutions with similar names on the coordinator's desk: suggested, compared, merged, declared distinct."""

from urllib.parse import quote

import pytest
from django.urls import reverse

from institutions.domain.duplicates import similar_pairs, suggestion_count
from institutions.models import DistinctInstitutions, Institution, InstitutionName
from placements.domain.duplicates import suggestions
from tests.factories import CoordinatorFactory, InstitutionFactory, MembershipFactory, ProgramFactory, UserFactory

pytestmark = pytest.mark.django_db


def institution(slug, *, city="Bukhara", country="UZ", **names):
    return InstitutionFactory(slug=slug, name=names, city=city, country=country)


@pytest.fixture
def register():
    """A register in which reserves share their common words and two records are one body."""
    institution("bukhara", en="Bukhara State Museum-Reserve", uz="Buxoro davlat muzey-qoʻriqxonasi")
    institution("samarkand", city="Samarkand", en="Samarkand State Museum-Reserve", uz="Samarqand davlat muzey-qoʻriqxonasi")
    institution("kokand", city="Kokand", en="Kokand State Museum-Reserve", uz="Qoʻqon davlat muzey-qoʻriqxonasi")
    institution("library", city="Tashkent", en="National Library of Uzbekistan")
    institution("copy", ru="Бухарский музей-заповедник", uz="Бухоро давлат музей-қўриқхонаси")
    institution("abroad", country="KZ", en="Bukhara State Museum-Reserve")


@pytest.fixture
def coordinator():
    return CoordinatorFactory(country="UZ").user


def pairs(countries=("UZ",)):
    return [(pair.first.slug, pair.second.slug) for pair in suggestions(countries)]


def test_like_names_of_one_country_are_suggested_in_any_script(register):
    assert pairs() == [("bukhara", "copy")]
    assert pairs(("KZ",)) == []
    assert suggestion_count(("UZ", "KZ")) == 1


def test_a_further_name_is_compared_too_and_an_edit_shows_at_once(register):
    library = Institution.objects.get(slug="library")
    institution("navoi", city="Tashkent", en="Alisher Navoi Book House")
    assert pairs() == [("bukhara", "copy")]

    InstitutionName.objects.create(institution=library, text="Book House of Alisher Navoi", kind="alias")

    assert ("library", "navoi") in pairs()


def test_those_declared_distinct_are_not_suggested_again(client, register, coordinator):
    client.force_login(coordinator)

    response = client.post(reverse("duplicate_dismiss"), {"first": "copy", "second": "bukhara"})

    assert response.url == reverse("duplicates")
    assert pairs() == []
    assert DistinctInstitutions.objects.get().by == coordinator


def test_desk_suggests_compares_and_merges(client, register, coordinator):
    owner = MembershipFactory(institution=Institution.objects.get(slug="copy")).user
    program = ProgramFactory(institution=Institution.objects.get(slug="copy"))
    client.force_login(coordinator)

    assert reverse("duplicates") in client.get(reverse("desk_coordinator")).content.decode()
    text = client.get(reverse("duplicates")).content.decode()
    assert "first=bukhara&amp;second=copy" in text
    text = client.get(reverse("duplicate_compare"), {"first": "bukhara", "second": "copy"}).content.decode()
    assert owner.email in text
    response = client.post(reverse("duplicate_merge"), {"kept": "bukhara", "gone": "copy"})

    assert response.url == reverse("institution", args=["bukhara"])
    program.refresh_from_db()
    assert program.institution.slug == "bukhara"
    assert client.get(reverse("institution", args=["copy"])).status_code == 301
    assert pairs() == []
    assert client.post(reverse("duplicate_merge"), {"kept": "bukhara", "gone": "copy"}).status_code == 404


def test_desk_is_for_those_who_answer_for_the_country(client, register):
    member, other = UserFactory(), CoordinatorFactory(country="KZ").user
    secretariat = UserFactory(is_secretariat=True)
    pair = {"first": "bukhara", "second": "copy"}
    addresses = (reverse("duplicate_merge"), reverse("duplicate_dismiss"))

    assert client.get(reverse("duplicates")).url.startswith("/accounts/login/")
    for reader, desk in ((member, 403), (other, 200)):
        client.force_login(reader)
        assert client.get(reverse("duplicates")).status_code == desk
        assert client.get(reverse("duplicate_compare"), pair).status_code == 403
        for address in addresses:
            assert client.post(address, pair | {"kept": "bukhara", "gone": "copy"}).status_code == 403
        assert client.get("/api/v1/institution-duplicates").status_code == desk
    client.force_login(other)
    assert "copy" not in client.get(reverse("duplicates")).content.decode()
    client.force_login(secretariat)
    assert "second=copy" in client.get(reverse("duplicates")).content.decode()
    assert Institution.objects.filter(slug="copy").exists()


def test_one_with_itself_is_sent_back(client, register, coordinator):
    client.force_login(coordinator)
    response = client.get(reverse("duplicate_compare"), {"first": "bukhara", "second": "bukhara"})
    assert response.url == reverse("duplicates")


def test_a_page_says_why_one_side_cannot_be_kept(client, register, coordinator):
    Institution.objects.filter(slug="copy").update(state="unverified")
    client.force_login(coordinator)

    text = client.get(reverse("duplicate_compare"), {"first": "bukhara", "second": "copy"}).content.decode()

    assert "Keep the one that is verified" in text
    assert text.count('name="kept"') == 1


def test_api_suggests_merges_and_declares_distinct(client, register, coordinator):
    institution("copy-2", uz="Бухоро давлат музей-қўриқхонаси")
    client.force_login(coordinator)

    found = client.get("/api/v1/institution-duplicates").json()["items"]
    assert {(row["first"], row["second"]) for row in found} >= {("bukhara", "copy"), ("copy", "copy-2")}

    def post(path, **body):
        return client.post(f"/api/v1/{path}", body, content_type="application/json", headers={"X-CSRFToken": token})

    client.get(reverse("duplicates"))
    token = client.cookies["csrftoken"].value if "csrftoken" in client.cookies else ""
    assert post("institution-distinctions", first="copy", second="copy-2").status_code == 204
    assert post("institution-merges", kept="bukhara", gone="copy").json()["id"] == "bukhara"
    assert post("institution-merges", kept="bukhara", gone="nobody").status_code == 404


@pytest.mark.parametrize("slug", ["\x00", "'; --", "x" * 5000, "ұ", ""])
def test_nonsense_is_not_found(client, register, coordinator, slug):
    client.force_login(coordinator)
    assert client.get(reverse("duplicate_compare"), {"first": slug, "second": "copy"}).status_code == 404
    assert client.post(reverse("duplicate_merge"), {"kept": slug, "gone": "copy"}).status_code == 404
    body = {"kept": slug, "gone": "copy"}
    assert client.post("/api/v1/institution-merges", body, content_type="application/json").status_code in {404, 422}
    assert client.get(f"/api/v1/track-records/{quote(slug)}").status_code in {404, 405}


def test_desk_is_flat_for_one_and_three_pairs(client, coordinator, django_assert_num_queries):
    client.force_login(coordinator)
    for number in range(4):
        institution(f"a{number}", city="Bukhara", en="House of Silk Weavers")
        if number in {1, 3}:
            client.get(reverse("duplicates"))
            with django_assert_num_queries(QUERIES):
                client.get(reverse("duplicates"))
    assert len(similar_pairs("UZ")) == 6


QUERIES = 7
