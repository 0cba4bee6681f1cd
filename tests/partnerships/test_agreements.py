import datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from exchange.core.errors import DomainError, Refusal, StaleError
from exchange.core.history import history_of
from partnerships.domain.agreements import create_agreement, edit_agreement
from partnerships.domain.queries import covering_agreement, expiring_agreements
from partnerships.models import Agreement
from partnerships.rules import validity
from tests.factories import AgreementFactory, CoordinatorFactory, InstitutionFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = datetime.date(2027, 6, 1)


def days(n):
    return timezone.now().date() + datetime.timedelta(days=n)


@pytest.mark.parametrize(
    ("starts", "ends", "state", "left"),
    [
        (DAY, None, "valid", None),
        (DAY, DAY, "expiring", 0),
        (DAY - datetime.timedelta(days=1), DAY + datetime.timedelta(days=90), "expiring", 90),
        (DAY - datetime.timedelta(days=1), DAY + datetime.timedelta(days=91), "valid", 91),
        (DAY - datetime.timedelta(days=9), DAY - datetime.timedelta(days=1), "expired", -1),
        (DAY + datetime.timedelta(days=1), None, "future", None),
    ],
)
def test_validity_says_how_an_agreement_stands(starts, ends, state, left):
    how = validity(starts, ends, DAY)

    assert (how.state, how.days) == (state, left)
    assert how.label


@pytest.mark.parametrize("state", ["future", "valid", "expiring", "expired"])
def test_filter_by_state_agrees_with_the_badge(state):
    rows = [
        AgreementFactory(valid_from=days(start), valid_until=end if end is None else days(end))
        for start, end in [
            (1, None),
            (0, None),
            (-5, 91),
            (-5, 90),
            (-5, 0),
            (-5, -1),
            (5, 10),
        ]
    ]

    found = set(Agreement.objects.in_state(state, days(0)))

    assert found == {row for row in rows if row.validity.state == state}


def test_covering_agreement_is_of_both_institutions_in_either_order_and_in_force():
    one, other = InstitutionFactory(country="US"), InstitutionFactory(country="TJ")
    AgreementFactory(first=one, second=InstitutionFactory(), valid_until=None)
    AgreementFactory(first=one, second=other, valid_from=days(-20), valid_until=days(-1))
    short = AgreementFactory(first=one, second=other, valid_from=days(-20), valid_until=days(10))
    long = AgreementFactory(first=other, second=one, valid_from=days(-20), valid_until=days(20))

    assert covering_agreement(one.pk, other.pk, days(0)) == long
    assert covering_agreement(other.pk, one.pk, days(20)) == long
    assert covering_agreement(one.pk, other.pk, days(21)) is None
    assert covering_agreement(one.pk, None, days(0)) is None
    long.delete()
    assert covering_agreement(other.pk, one.pk, days(0)) == short


def test_an_agreement_without_end_covers_before_one_that_ends():
    one, other = InstitutionFactory(), InstitutionFactory()
    AgreementFactory(first=one, second=other, valid_until=days(1000))
    endless = AgreementFactory(first=one, second=other, valid_until=None)

    assert covering_agreement(one.pk, other.pk, days(0)) == endless


def test_visible_to_parties_coordinators_of_both_countries_and_secretariat_only():
    agreement = AgreementFactory(first__country="US", second__country="TJ")
    seers = [
        MembershipFactory(institution=agreement.first, role="signatory").user,
        MembershipFactory(institution=agreement.second, role="reviewer").user,
        CoordinatorFactory(country="TJ").user,
        CoordinatorFactory(country="US").user,
        UserFactory(is_secretariat=True),
    ]
    others = [
        UserFactory(),
        MembershipFactory().user,
        CoordinatorFactory(country="KZ").user,
        CoordinatorFactory(country="TJ", ends=days(-1)).user,
        CoordinatorFactory(country="TJ", starts=days(1)).user,
        UserFactory(is_secretariat=True, is_active=False),
    ]

    assert all(Agreement.objects.visible_to(user).exists() for user in seers)
    assert not any(Agreement.objects.visible_to(user).exists() for user in others)


def unsaved(**kwargs):
    return AgreementFactory.build(first=InstitutionFactory(country="US"), second=InstitutionFactory(country="TJ"), **kwargs)


def test_create_agreement_is_for_coordinators_of_either_country_and_writes_history():
    for user in (CoordinatorFactory(country="TJ").user, CoordinatorFactory(country="US").user, UserFactory(is_secretariat=True)):
        agreement = create_agreement(unsaved(), by=user)
        assert history_of(agreement).get().actor == user
    owner = MembershipFactory().user
    for user in (UserFactory(), owner, CoordinatorFactory(country="KG").user):
        with pytest.raises(Refusal):
            create_agreement(unsaved(), by=user)
    assert Agreement.objects.count() == 3


@pytest.mark.parametrize("role", ["owner", "editor", "signatory"])
@pytest.mark.parametrize("party", ["first", "second"])
def test_a_party_registers_its_own_agreement(role, party):
    agreement = unsaved()
    user = MembershipFactory(institution=getattr(agreement, party), role=role).user

    assert history_of(create_agreement(agreement, by=user)).get().actor == user
    with pytest.raises(Refusal):
        create_agreement(unsaved(), by=user)


def test_a_reviewer_of_a_party_registers_nothing():
    agreement = unsaved()

    with pytest.raises(Refusal):
        create_agreement(agreement, by=MembershipFactory(institution=agreement.first, role="reviewer").user)
    assert not Agreement.objects.exists()


def test_a_host_enters_an_agreement_by_the_form_that_names_its_institution(client):
    member = MembershipFactory(institution__country="US", role="signatory")
    partner = InstitutionFactory(country="TJ")
    client.force_login(member.user)

    page = client.get("/agreements/new/").content.decode()
    assert f'<option value="{member.institution.pk}" selected>' in page
    assert client.post("/agreements/new/", form_of(member.institution, partner)).status_code == 302
    assert client.post("/agreements/new/", form_of(partner, InstitutionFactory(), reference="M-2")).status_code == 403
    assert Agreement.objects.get().first == member.institution


@pytest.mark.parametrize("role", [None, "reviewer"])
def test_others_find_no_form(client, role):
    assert client.get("/agreements/new/").status_code == 302
    client.force_login(MembershipFactory(role=role).user if role else UserFactory())
    assert client.get("/agreements/new/").status_code == 403


def test_create_agreement_refuses_a_reference_that_is_taken():
    AgreementFactory(reference="M-1")

    with pytest.raises(DomainError, match="reference"):
        create_agreement(unsaved(reference="M-1"), by=CoordinatorFactory(country="TJ").user)


def test_edit_agreement_keeps_what_changed_and_refuses_an_older_version():
    agreement = AgreementFactory(first__country="TJ", valid_until=days(30), warned_days=30)
    user = CoordinatorFactory(country="TJ").user

    edit_agreement(agreement, {"valid_until": days(400)}, by=user, version=1)

    agreement.refresh_from_db()
    assert (agreement.version, agreement.warned_days) == (2, None)
    assert history_of(agreement).get().data == {"fields": {"valid_until": [days(30).isoformat(), days(400).isoformat()]}}
    with pytest.raises(StaleError):
        edit_agreement(agreement, {"valid_until": days(1)}, by=user, version=1)
    edit_agreement(agreement, {"valid_until": days(400)}, by=user, version=2)
    assert history_of(agreement).count() == 1


def test_edit_agreement_is_refused_to_parties_and_other_users():
    agreement = AgreementFactory(first__country="TJ")
    owner = MembershipFactory(institution=agreement.first).user

    for user in (owner, UserFactory(), CoordinatorFactory(country="KZ").user):
        with pytest.raises(Refusal):
            edit_agreement(agreement, {"reference": "X"}, by=user, version=1)


def test_expiring_agreements_are_those_of_the_countries_that_end_soon():
    soon = AgreementFactory(first__country="TJ", second__country="US", valid_until=days(40))
    AgreementFactory(first__country="TJ", valid_until=days(400))
    AgreementFactory(first__country="TJ", valid_until=days(-1))
    AgreementFactory(first__country="KZ", second__country="US", valid_until=days(3))

    assert list(expiring_agreements(CoordinatorFactory(country="TJ").user)) == [soon]
    assert list(expiring_agreements(UserFactory(is_secretariat=True), {"TJ"})) == [soon]
    assert not expiring_agreements(UserFactory()).exists()


# ---- pages -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def coordinator(client):
    user = CoordinatorFactory(country="TJ").user
    client.force_login(user)
    return user


def test_pages_of_an_agreement_are_not_found_for_other_users(client):
    agreement = AgreementFactory(first__country="TJ", scan=ContentFile(b"%PDF-1.4 secret", name="a.pdf"))
    for user in (UserFactory(), CoordinatorFactory(country="KZ").user):
        client.force_login(user)
        for address in ("", "scan/", "edit/"):
            assert client.get(f"/agreements/{agreement.pk}/{address}").status_code == 404
        page = client.get("/agreements/")
        assert page.status_code == 200
        assert agreement.reference not in page.content.decode()
        assert page.context["total"] == 0
        assert page.context["countries"] == []


def test_scan_is_a_download_for_those_who_see_the_agreement(client, coordinator):
    agreement = AgreementFactory(first__country="TJ", reference="M/7", scan=ContentFile(b"%PDF-1.4 paper", name="a.pdf"))

    response = client.get(f"/agreements/{agreement.pk}/scan/")

    assert b"".join(response.streaming_content) == b"%PDF-1.4 paper"
    assert response.headers["Content-Disposition"] == 'attachment; filename="M-7.pdf"'
    agreement.scan.delete()
    assert client.get(f"/agreements/{agreement.pk}/scan/").status_code == 404


def test_a_party_reads_and_may_not_edit(client):
    agreement = AgreementFactory(first__country="TJ")
    client.force_login(MembershipFactory(institution=agreement.first).user)

    page = client.get(f"/agreements/{agreement.pk}/")

    assert page.status_code == 200
    assert "/edit/" not in page.content.decode()
    assert client.get(f"/agreements/{agreement.pk}/edit/").status_code == 403
    assert client.post(f"/agreements/{agreement.pk}/edit/", {"reference": "Z"}).status_code == 403
    assert client.get("/agreements/new/").status_code == 200


def form_of(first, second, **more):
    return {
        "reference": "M-2027",
        "title_en": "Memorandum",
        "first": first.pk,
        "second": second.pk,
        "valid_from": "2027-01-01",
        "valid_until": "2029-12-31",
        "yearly_places": "4",
        **more,
    }


def test_form_enters_an_agreement_with_its_scan(client, coordinator):
    first, second = InstitutionFactory(country="TJ"), InstitutionFactory(country="US")
    scan = SimpleUploadedFile("memo.pdf", b"%PDF-1.4 paper")

    response = client.post("/agreements/new/", form_of(first, second, scan=scan))

    agreement = Agreement.objects.get()
    assert response.headers["Location"] == f"/agreements/{agreement.pk}/"
    assert (agreement.first, agreement.second, agreement.yearly_places) == (first, second, 4)
    assert agreement.scan.read() == b"%PDF-1.4 paper"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"valid_until": "2026-12-31"}, "The end date is before the start date."),
        ({"second": "same"}, "An agreement is made between two institutions."),
        ({"title_en": ""}, "This field is required."),
        ({"scan": SimpleUploadedFile("memo.pdf", b"MZ not a pdf")}, "does not match its file type"),
        ({"reference": "TAKEN"}, "already exists"),
    ],
)
def test_form_refuses_and_keeps_what_was_typed(client, coordinator, changes, words):
    AgreementFactory(reference="TAKEN")
    first, second = InstitutionFactory(country="TJ"), InstitutionFactory(country="US")
    if changes.get("second"):
        changes = {"second": first.pk}

    page = client.post("/agreements/new/", form_of(first, second) | changes)

    assert page.status_code == 422
    assert words in page.content.decode()
    assert 'value="2027-01-01"' in page.content.decode()
    assert Agreement.objects.count() == 1


def test_form_of_another_country_is_refused(client, coordinator):
    page = client.post("/agreements/new/", form_of(InstitutionFactory(country="KZ"), InstitutionFactory(country="US")))

    assert page.status_code == 403
    assert not Agreement.objects.exists()


def test_stale_form_changes_nothing(client, coordinator):
    agreement = AgreementFactory(first__country="TJ", version=2)
    shown = form_of(agreement.first, agreement.second, version="1")

    page = client.post(f"/agreements/{agreement.pk}/edit/", shown)

    assert page.status_code == 422
    assert "Somebody changed this agreement" in page.content.decode()
    agreement.refresh_from_db()
    assert agreement.reference != "M-2027"
    assert client.post(f"/agreements/{agreement.pk}/edit/", shown | {"version": "2"}).status_code == 302


@pytest.mark.parametrize("rows", [1, 3])
def test_list_is_flat(client, coordinator, rows, django_assert_num_queries):
    AgreementFactory.create_batch(rows, first__country="TJ")
    client.get("/agreements/")

    with django_assert_num_queries(LIST_QUERIES):
        assert len(client.get("/agreements/").context["page"].items) == rows


LIST_QUERIES = 6


def test_list_is_narrowed_by_state_and_country(client, coordinator):
    valid = AgreementFactory(first__country="TJ", second__country="KZ", valid_until=None)
    expired = AgreementFactory(first__country="TJ", second__country="US", valid_until=days(-1))

    def shown(query):
        return client.get(f"/agreements/{query}").context["page"].items

    assert shown("") == [expired, valid] or shown("") == [valid, expired]
    assert shown("?state=valid") == [valid]
    assert shown("?state=expired") == [expired]
    assert shown("?country=US") == [expired]
    assert shown("?state=valid&country=US") == []
    assert "No agreement matches" in client.get("/agreements/?state=future").content.decode()


# ---- API ---------------------------------------------------------------------------------------------------------------


def test_api_lists_what_the_reader_sees(client, coordinator):
    agreement = AgreementFactory(first__country="TJ", valid_until=None)
    hidden = AgreementFactory(first__country="KZ", second__country="US")

    answer = client.get("/api/v1/agreements").json()

    assert [(item["id"], item["state"], item["url"]) for item in answer["items"]] == [
        (agreement.pk, "valid", f"/agreements/{agreement.pk}/")
    ]
    assert client.get(f"/api/v1/agreements/{agreement.pk}").json()["parties"][0]["country"] == "TJ"
    assert client.get(f"/api/v1/agreements/{hidden.pk}").status_code == 404
    assert client.get("/api/v1/agreements?state=expired").json() == {"items": [], "next": None}
