"""Who approves a placement reads the application and its files from it; never the host's reviews and notes."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from applications.models import ApplicationFile
from tests.factories import CoordinatorFactory, ReviewFactory
from tests.helpers.files import PDF

pytestmark = pytest.mark.django_db
APPROVERS = ("sender", "receiver", "secretary")


@pytest.fixture
def filed(cast):
    cast.application.statement = "Suzani of the nineteenth century."
    cast.application.note = "Note of the host."
    cast.application.save(update_fields=["statement", "note"])
    ReviewFactory(application=cast.application, comment="Comment of a reviewer.")
    cast.file = ApplicationFile.objects.create(
        application=cast.application, file=SimpleUploadedFile("cv.pdf", PDF), name="cv.pdf", size=len(PDF), sha256="0" * 64
    )
    cast.page = f"/placements/{cast.placement.pk}/application/"
    cast.file_url = f"{cast.page}files/{cast.file.pk}/"
    return cast


@pytest.mark.parametrize("who", APPROVERS)
def test_who_approves_reads_the_application_from_the_placement(client, filed, who):
    client.force_login(getattr(filed, who))

    placement = client.get(f"/placements/{filed.placement.pk}/").content.decode()
    page = client.get(filed.page)
    file = client.get(filed.file_url)

    assert f'href="{filed.page}"' in placement
    assert "Suzani of the nineteenth century." in page.content.decode()
    assert f'href="{filed.file_url}"' in page.content.decode()
    assert b"".join(file.streaming_content) == PDF


@pytest.mark.parametrize("who", APPROVERS)
def test_reviews_and_notes_are_never_shown_to_who_approves(client, filed, who):
    client.force_login(getattr(filed, who))

    for address in (filed.page, f"/api/v1/placements/{filed.placement.pk}/application"):
        body = client.get(address).content.decode()
        assert "Comment of a reviewer." not in body
        assert "Note of the host." not in body
    assert client.get(f"/applications/{filed.application.pk}/").status_code == 404


def test_a_coordinator_of_a_third_country_and_outsiders_get_404(client, filed):
    for who in ("other_country", "outsider"):
        client.force_login(getattr(filed, who))
        for address in (filed.page, filed.file_url, f"/api/v1/placements/{filed.placement.pk}/application"):
            assert client.get(address).status_code == 404


def test_an_ended_appointment_closes_the_application(client, filed):
    filed.sender.appointments.update(starts="2020-01-01", ends="2020-02-01")
    client.force_login(filed.sender)

    assert client.get(filed.page).status_code == 404


def test_an_anonymous_user_is_asked_to_log_in(client, filed):
    for address in (filed.page, filed.file_url):
        response = client.get(address)
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/accounts/login/")


def test_expert_and_host_are_sent_to_the_page_of_the_application(client, filed):
    for who in ("expert", "owner", "reviewer"):
        client.force_login(getattr(filed, who))
        assert client.get(filed.page).headers["Location"] == f"/applications/{filed.application.pk}/"
        assert client.get(filed.file_url).status_code == 404


def test_a_file_of_another_application_is_not_found(client, filed):
    another = CoordinatorFactory(country="UZ").user
    client.force_login(another)

    assert client.get(f"{filed.page}files/{filed.file.pk + 1}/").status_code == 404


def test_who_approves_reads_the_application_by_the_api(client, filed):
    client.force_login(filed.receiver)

    found = client.get(f"/api/v1/placements/{filed.placement.pk}/application").json()

    assert found["statement"] == "Suzani of the nineteenth century."
    assert [one["url"] for one in found["files"]] == [filed.file_url]
