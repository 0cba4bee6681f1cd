"""Access control: every address, file and API call, requested by users without permission."""

import base64
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, reverse

from applications import urls
from applications.domain.drafts import attach_file
from applications.domain.reviews import save_review
from applications.models import Application, ApplicationFile
from tests import factories as make
from tests.applications.conftest import an_expert
from tests.helpers.files import PDF


@pytest.fixture
def filed(draft, expert):
    """A submitted application with a file."""
    attach_file(draft, by=expert.user, upload=SimpleUploadedFile("passport-scan.pdf", PDF))
    Application.objects.filter(pk=draft.pk).update(state="submitted", submitted_at=draft.created_at)
    draft.refresh_from_db()
    return draft


@pytest.fixture
def outsiders(db, host, program):
    """Everybody who has nothing to do with it."""
    other_host = make.MembershipFactory().user
    twice = make.UserFactory()
    make.ProgramFactory(institution=make.MembershipFactory(user=twice, role="reviewer").institution)
    return {
        "outsider": make.UserFactory(),
        "expert of another country": an_expert("KZ").user,
        "expert of the same country": an_expert("UZ").user,
        "coordinator of another country": make.CoordinatorFactory(country="TJ").user,
        "coordinator of the country": make.CoordinatorFactory(country="UZ").user,
        "owner of another host": other_host,
        "reviewer of another host": twice,
        "signatory of the host": host.signatory,
        "secretariat": make.UserFactory(is_secretariat=True),
    }


def addresses(application, stored):
    slug, pk = application.program.slug, application.pk
    return {
        "application": reverse("application", args=[pk]),
        "application_review": reverse("application_review", args=[pk]),
        "application_file": reverse("application_file", args=[pk, stored.pk]),
        "application_move": reverse("application_move", args=[pk, "select"]),
        "apply": reverse("apply", args=[slug]),
        "apply_autosave": reverse("apply_autosave", args=[slug]),
        "apply_file": reverse("apply_file", args=[slug]),
        "program_applications": reverse("program_applications", args=[slug]),
        "program_applications_export": reverse("program_applications_export", args=[slug, "csv"]),
    }


def secrets(application):
    return [application.expert.shown_name, application.expert.latin_name, application.statement, "passport-scan"]


def test_every_address_is_in_the_list(filed):
    named = {pattern.name for pattern in urls.urlpatterns if isinstance(pattern, URLPattern)}

    assert named == set(addresses(filed, filed.files.get())) | {"applications", "desk_host"}


def test_nobody_gets_in_without_a_login(client, filed):
    for url in addresses(filed, filed.files.get()).values():
        for method in (client.get, client.post):
            answer = method(url)
            assert answer.status_code == 302, url
            assert answer.url.startswith(reverse("account_login")), url


def test_outsiders_get_nothing_by_page(client, filed, outsiders):
    stored = filed.files.get()
    for who, user in outsiders.items():
        client.force_login(user)
        for name, url in addresses(filed, stored).items():
            for answer in (client.get(url), client.post(url, {"statement": "x", "version": 1})):
                case = (who, name, answer.status_code)
                if name == "apply":  # a public page of one's own: theirs, not his
                    assert filed.statement not in answer.content.decode(), case
                    continue
                assert answer.status_code in (403, 404, 405), case
                text = answer.content.decode()
                assert not [secret for secret in secrets(filed) if secret in text], case
    filed.refresh_from_db()
    assert filed.state == "submitted"


def test_outsiders_get_nothing_by_api(client, filed, outsiders):
    stored = filed.files.get()
    base = f"/api/v1/applications/{filed.pk}"
    for who, user in outsiders.items():
        client.force_login(user)
        listed = client.get("/api/v1/applications").json()
        answers = [
            client.get(base),
            client.put(base, {"version": 1, "statement": "x"}, content_type="application/json"),
            client.post(f"{base}/select", {}, content_type="application/json"),
            client.post(f"{base}/review", {"scores": {}}, content_type="application/json"),
            client.post(f"{base}/files", {"file": SimpleUploadedFile("a.pdf", PDF)}),
            client.get(f"{base}/files/{stored.pk}"),
            client.delete(f"{base}/files/{stored.pk}"),
        ]
        assert listed["items"] == [], who
        assert [answer.status_code for answer in answers] == [404] * len(answers), who
        for answer in answers:
            assert not [secret for secret in secrets(filed) if secret in answer.content.decode()], who
    assert ApplicationFile.objects.count() == 1


def test_api_without_login_is_closed(client, filed):
    for url in ("/api/v1/applications", f"/api/v1/applications/{filed.pk}"):
        assert client.get(url).status_code == 401


def test_the_host_sees_no_draft(client, draft, host):
    stored = attach_file(draft, by=draft.expert.user, upload=SimpleUploadedFile("a.pdf", PDF))
    client.force_login(host.owner)

    table = client.get(reverse("program_applications", args=[draft.program.slug])).content.decode()

    assert client.get(draft.get_absolute_url()).status_code == 404
    assert client.get(reverse("application_file", args=[draft.pk, stored.pk])).status_code == 404
    assert client.get(f"/api/v1/applications/{draft.pk}").status_code == 404
    assert draft.expert.shown_name not in table
    assert "0 applications" in table


def test_a_discarded_draft_never_reaches_the_host(client, draft, host):
    client.force_login(draft.expert.user)
    client.post(reverse("application_move", args=[draft.pk, "withdraw"]))
    client.force_login(host.owner)

    assert client.get(draft.get_absolute_url()).status_code == 404


def test_a_file_is_not_had_under_another_application(client, filed, expert):
    other = make.ApplicationFactory(expert=expert)
    client.force_login(expert.user)

    assert client.get(reverse("application_file", args=[other.pk, filed.files.get().pk])).status_code == 404
    assert client.get(reverse("application_file", args=[filed.pk, filed.files.get().pk])).status_code == 200


def test_files_leave_as_downloads_that_no_browser_opens(client, filed, expert):
    client.force_login(expert.user)

    answer = client.get(reverse("application_file", args=[filed.pk, filed.files.get().pk]))

    assert answer.headers["Content-Disposition"] == 'attachment; filename="passport-scan.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_the_applicant_never_reads_a_review(client, filed, host, program):
    scores = {str(row.pk): 2 for row in program.criteria.all()}
    save_review(filed, by=host.reviewer, scores=scores, comment="Hardly any silk.")
    client.force_login(filed.expert.user)

    page = client.get(filed.get_absolute_url()).content.decode()
    item = client.get(f"/api/v1/applications/{filed.pk}").json()

    assert "Hardly any silk" not in page
    assert "2.00" not in page
    assert (item["reviews"], item["mean_score"], item["review_count"]) == ([], None, None)


def test_a_reviewer_who_left_the_team_is_out_at_once(client, filed, host):
    client.force_login(host.reviewer)
    assert client.get(filed.get_absolute_url()).status_code == 200

    host.reviewer.memberships.all().delete()

    assert client.get(filed.get_absolute_url()).status_code == 404


def test_hostile_numbers_in_addresses_are_not_found(client, host):
    client.force_login(host.owner)

    for pk in ("0", "9" * 30):
        assert client.get(f"/applications/{pk}/").status_code == 404
        assert client.get(f"/api/v1/applications/{pk}").status_code == 404
    assert client.get("/applications/abc/").status_code == 404


def made_up(*values):
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def test_hostile_filters_are_ignored(client, program, host):
    client.force_login(host.owner)
    url = reverse("program_applications", args=[program.slug])

    for query in (
        "show=%00",
        "show=' or 1=1",
        "country=XX",
        "sort=expert__user__password",
        "sort=-mean_key",
        "show=split&show=review",
    ):
        assert client.get(f"{url}?{query}").status_code == 200, query
    for cursor in ("zzz", made_up("\x00", 1), made_up("\ud800", 1), made_up("x", "y"), made_up([], 1)):
        assert client.get(f"{url}?sort=name&cursor={cursor}").status_code == 400, cursor


def test_desk_is_for_host_teams(client, outsiders, host):
    for who in ("outsider", "coordinator of the country", "signatory of the host", "expert of the same country"):
        client.force_login(outsiders[who])
        assert client.get(reverse("desk_host")).status_code == 403, who
    client.force_login(host.reviewer)
    assert client.get(reverse("desk_host")).status_code == 200


def test_a_read_token_writes_nothing(client, filed, expert):
    from accounts.api_auth import digest_of
    from accounts.models import ApiToken

    ApiToken.objects.create(user=expert.user, name="t", scopes=["read"], digest=digest_of("secret"), hint="se")
    headers = {"Authorization": "Bearer secret"}

    read = client.get(f"/api/v1/applications/{filed.pk}", headers=headers)
    write = client.post(
        f"/api/v1/applications/{filed.pk}/withdraw", json.dumps({}), content_type="application/json", headers=headers
    )

    assert (read.status_code, write.status_code) == (200, 403)
    filed.refresh_from_db()
    assert filed.state == "submitted"
