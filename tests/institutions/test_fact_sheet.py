"""Further names, fact sheets, and why an institution may not post yet."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from exchange.core.errors import DomainError
from exchange.core.history import history_of
from institutions.domain import fact_sheet
from institutions.models import FactSheet, Institution
from institutions.signals import institution_changed
from tests.factories import ConceptFactory, CoordinatorFactory, MembershipFactory, UserFactory
from tests.helpers.search import index
from tests.search.people import found

pytestmark = pytest.mark.django_db


def rows_of(museum):
    return sorted(museum.names.values_list("text", "language", "kind"))


@pytest.fixture
def changed():
    ids = []

    def hear(sender, institution_id, **kwargs):
        ids.append(institution_id)

    institution_changed.connect(hear)
    yield ids
    institution_changed.disconnect(hear)


# ---- names -----------------------------------------------------------------------------------------------------------


def test_names_are_set_once_each_and_searches_find_them(museum, owner, changed):
    rows = [
        {"text": "  House of  silk ", "language": "en", "kind": "former"},
        {"text": "House of silk", "language": "", "kind": "alias"},
        {"text": "Ипак уйи", "language": "uz", "kind": ""},
        {"text": "Museum of silk", "language": "en", "kind": "alias"},
        {"text": "", "language": "", "kind": ""},
    ]

    fact_sheet.save_names(museum, rows, by=owner)
    fact_sheet.save_names(museum, rows, by=owner)

    assert rows_of(museum) == [("House of silk", "en", "former"), ("Ипак уйи", "uz", "alias")]
    assert [row.transition for row in history_of(museum)] == ["names"]
    assert changed == [museum.pk]
    index(museum)
    assert found("ипак", kind="institution") == [museum.pk]

    fact_sheet.save_names(museum, [{"text": "Ипак уйи", "language": "uz", "kind": "short"}], by=owner)

    assert rows_of(museum) == [("Ипак уйи", "uz", "short")]
    assert history_of(museum).last().data == {"added": [], "removed": ["House of silk"]}


def test_names_are_for_owners_and_editors_and_not_without_end(museum, owner, member):
    reviewer = MembershipFactory(institution=museum, role="reviewer").user

    for reader in (member, reviewer):
        with pytest.raises(PermissionDenied):
            fact_sheet.save_names(museum, [{"text": "X"}], by=reader)
    with pytest.raises(DomainError):
        fact_sheet.save_names(museum, [{"text": f"Name {n}"} for n in range(41)], by=owner)
    assert rows_of(museum) == []


def test_names_page_saves_adds_and_removes(client, museum, owner, member):
    address = reverse("institution_names", args=[museum.slug])
    form = {"n-TOTAL_FORMS": "2", "n-INITIAL_FORMS": "0", "n-0-text": "Silk house", "n-0-kind": "former", "n-0-language": "en"}
    form |= {"n-1-text": "Gone", "n-1-DELETE": "on"}
    client.force_login(member)
    assert (client.get(address).status_code, client.post(address, form).status_code) == (403, 403)

    client.force_login(owner)
    assert client.post(address, form | {"add": "n"}).url == f"{address}?add=n#new"

    assert rows_of(museum) == [("Silk house", "en", "former")]
    assert "Silk house" in client.get(f"{address}?add=n").content.decode()
    text = client.get(museum.get_absolute_url()).content.decode()
    assert "Also known as" in text
    assert '<span lang="en">Silk house</span> (former)' in text
    twice = form | {"n-1-text": "Silk house", "n-1-DELETE": ""}
    assert client.post(address, twice).status_code == 422


# ---- several editors ---------------------------------------------------------------------------------------------------

RECORD = {"name_en": "Museum of silk", "kind": "museum", "city": "Margilan", "f-TOTAL_FORMS": "0", "f-INITIAL_FORMS": "0"}
ONE_NAME = {"n-TOTAL_FORMS": "1", "n-INITIAL_FORMS": "0", "n-0-kind": "alias"}
FORMS = {
    "edit": (RECORD | {"description_en": "Theirs"}, RECORD | {"description_en": "Mine"}),
    "names": (ONE_NAME | {"n-0-text": "Theirs"}, ONE_NAME | {"n-0-text": "Mine"}),
    "facts": ({"labs_en": "Theirs"}, {"labs_en": "Mine"}),
}


@pytest.mark.parametrize("section", FORMS)
def test_an_editor_does_not_undo_what_a_colleague_saved_meanwhile(client, museum, owner, section):
    """Refused with what was typed and what to do; saved again, it replaces what the colleague wrote."""
    address = reverse(f"institution_{section}", args=[museum.slug])
    theirs, mine = FORMS[section]
    client.force_login(owner)
    opened = {"version": client.get(address).context["version"]}
    assert client.post(address, theirs | opened).status_code == 302

    refused = client.post(address, mine | opened)

    assert refused.status_code == 409
    assert "Mine" in refused.content.decode()
    assert "Nothing was saved" in refused.content.decode()
    assert "Theirs" in client.get(address).content.decode()
    assert client.post(address, mine | {"version": refused.context["version"]}).status_code == 302
    assert "Theirs" not in client.get(address).content.decode()


def test_forms_about_one_institution_do_not_disturb_each_other(client, museum, owner):
    client.force_login(owner)
    opened = {name: client.get(reverse(f"institution_{name}", args=[museum.slug])).context["version"] for name in FORMS}

    saved = [
        client.post(reverse(f"institution_{name}", args=[museum.slug]), FORMS[name][1] | {"version": version})
        for name, version in opened.items()
    ]

    assert [response.status_code for response in saved] == [302, 302, 302]


# ---- the fact sheet --------------------------------------------------------------------------------------------------


def test_fact_sheet_is_saved_shown_in_sections_and_remembered(client, museum, owner, changed):
    client.force_login(owner)
    address = reverse("institution_facts", args=[museum.slug])
    assert client.get(address).status_code == 200
    form = {"housing_places": "12", "work_languages": ["en", "uz"]}
    form |= {"labs_en": "Textile laboratory", "housing_en": "A guest house", "housing_price_en": "20 a night"}
    form |= {"facilities_en": "Bring warm clothes"}

    response = client.post(address, form)

    assert response.url == museum.get_absolute_url()
    sheet = FactSheet.objects.get()
    assert (dict(sheet.labs), sheet.housing_places, sheet.work_languages) == ({"en": "Textile laboratory"}, 12, ["en", "uz"])
    assert changed == [museum.pk]
    assert history_of(museum).get().data["changed"] == [
        "labs",
        "housing",
        "housing_price",
        "housing_places",
        "work_languages",
        "facilities",
    ]
    text = client.get(museum.get_absolute_url()).content.decode()
    for words in ("Textile laboratory", "A guest house", "20 a night", "Languages of work", "Bring warm clothes", "Places to stay"):
        assert words in text
    assert "Accessibility" not in text


def test_fact_sheet_is_for_owners_and_editors(client, museum, member):
    client.force_login(member)
    address = reverse("institution_facts", args=[museum.slug])

    assert (client.get(address).status_code, client.post(address, {}).status_code) == (403, 403)
    with pytest.raises(PermissionDenied):
        fact_sheet.save_sheet(museum, by=member, labs={"en": "X"})


def test_unknown_languages_of_work_are_refused(client, museum, owner):
    client.force_login(owner)

    assert client.post(reverse("institution_facts", args=[museum.slug]), {"work_languages": ["xx"]}).status_code == 422
    assert not FactSheet.objects.exists()


def test_api_gives_names_and_fact_sheet(client, museum, owner, django_assert_num_queries):
    fact_sheet.save_names(museum, [{"text": "Ипак уйи", "language": "uz", "kind": "former"}], by=owner)
    fact_sheet.save_sheet(museum, by=owner, labs={"en": "Textile laboratory"}, housing_places=3, work_languages=["en"])
    client.force_login(owner)

    found = client.get(f"/api/v1/institutions/{museum.slug}").json()

    assert found["also_known_as"] == [{"text": "Ипак уйи", "language": "uz", "kind": "former"}]
    assert found["fact_sheet"]["labs"] == {"en": "Textile laboratory"}
    assert found["fact_sheet"]["housing_places"] == 3
    assert client.get("/api/v1/institutions").json()["items"][0]["fact_sheet"]["work_languages"] == ["en"]


# ---- why not yet -----------------------------------------------------------------------------------------------------


def test_host_desk_says_why_an_institution_may_not_post_yet(client, museum, owner):
    client.force_login(owner)
    text = client.get(reverse("desk_host")).content.decode()

    assert "cannot post programmes yet" in text
    for words in ("A website", "A few sentences", "The fields it works in", "Nobody is appointed"):
        assert words in text
    assert "A name in English" not in text

    Institution.objects.update(website="https://silk.example", description={"en": "Silk since 1900"})
    museum.fields.add(ConceptFactory())
    CoordinatorFactory(country="UZ")
    text = client.get(reverse("desk_host")).content.decode()
    assert "Nothing is missing on your side" in text
    assert "have been notified" in text


def test_host_desk_is_quiet_for_verified_and_plain_about_suspended_ones(client, museum, owner):
    client.force_login(owner)
    Institution.objects.update(state="verified")
    assert "cannot post" not in client.get(reverse("desk_host")).content.decode()
    Institution.objects.update(state="suspended")
    assert "is suspended and cannot post" in client.get(reverse("desk_host")).content.decode()


def test_verification_issues_name_a_missing_owner_and_a_name_others_can_read(museum):
    Institution.objects.update(name={"uz": "Ipak"})
    MembershipFactory(institution=museum, user=UserFactory(is_active=False))

    codes = [row.code for row in fact_sheet.verification_issues(Institution.objects.get())]

    assert codes == ["name", "website", "description", "fields", "owner"]
