"""The picture of an institution: who may add it, where it is shown, what a merge does with it."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from exchange.core.access import Refusal
from exchange.core.history import history_of
from exchange.core.jobs.outbox import process_outbox
from exchange.core.pictures import NewPicture
from institutions.domain.institution_merge import merge_institutions
from institutions.domain.pictures import picture_of, remove_picture, save_picture
from institutions.models import InstitutionPicture
from tests.factories import ConceptFactory, CoordinatorFactory, InstitutionFactory, MembershipFactory, UserFactory
from tests.helpers.files import picture

pytestmark = pytest.mark.django_db

TEXTS = {"alt": "A courtyard", "holder": "The museum", "licence": "cc-by"}


@pytest.fixture
def museum(db):
    return InstitutionFactory(country="UZ", city="Khiva")


@pytest.fixture
def owner(museum):
    return MembershipFactory(institution=museum, role="owner").user


def add_picture(museum, **texts):
    row = InstitutionPicture(institution=museum, width=10, height=10, **(TEXTS | texts))
    for size in ("small", "medium", "large"):
        getattr(row, size).save(f"{size}.webp", ContentFile(b"RIFF"), save=False)
    row.save()
    return row


@pytest.mark.parametrize("role", ["owner", "editor"])
def test_team_adds_a_picture_that_everyone_sees(client, museum, role, django_capture_on_commit_callbacks):
    user = MembershipFactory(institution=museum, role=role).user
    client.force_login(user)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(
            reverse("institution_picture", args=[museum.slug]), TEXTS | {"picture": SimpleUploadedFile("a.jpg", picture())}
        )
    with django_capture_on_commit_callbacks(execute=True):
        process_outbox()

    assert answer.status_code == 302
    client.force_login(UserFactory())
    item = client.get(f"/api/v1/institutions/{museum.slug}").json()["picture"]
    client.logout()
    assert 'alt="A courtyard"' in client.get(museum.get_absolute_url()).content.decode()
    answer = client.get(reverse("institution_picture_file", args=[museum.slug, "large"]))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")
    assert (item["alt"], item["holder"], item["licence"], len(item["sizes"])) == ("A courtyard", "The museum", "CC BY 4.0", 3)
    assert history_of(museum).last().data == {"changed": ["picture"]}


def make_readers(museum):
    return {
        "reviewer": MembershipFactory(institution=museum, role="reviewer").user,
        "other host": MembershipFactory(role="owner").user,
        "coordinator": CoordinatorFactory(country="UZ").user,
        "member": UserFactory(),
    }


def test_others_change_nothing(client, museum):
    row = add_picture(museum)
    urls = [reverse("institution_picture", args=[museum.slug]), reverse("institution_picture_remove", args=[museum.slug])]
    assert all(client.post(url, TEXTS).url.startswith("/accounts/login/") for url in urls)
    for name, reader in make_readers(museum).items():
        client.force_login(reader)
        assert [client.post(url, TEXTS | {"alt": "stolen"}).status_code for url in urls] == [403, 403], name
        assert client.get(urls[0]).status_code == 403, name
        with pytest.raises(Refusal):
            save_picture(museum, NewPicture(TEXTS), by=reader)

    row.refresh_from_db()
    assert row.alt == "A courtyard"


def test_picture_of_a_suspended_institution_is_hidden_like_its_page(client, museum, owner):
    add_picture(museum)
    museum.state = "suspended"
    museum.save()
    address = reverse("institution_picture_file", args=[museum.slug, "small"])

    assert client.get(address).status_code == 404
    client.force_login(owner)
    assert client.get(address).status_code == 200


def test_hostile_upload_is_refused(client, museum, owner):
    client.force_login(owner)
    for content in (b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"", picture()[:300]):
        page = client.post(
            reverse("institution_picture", args=[museum.slug]), TEXTS | {"picture": SimpleUploadedFile("a.png", content)}
        )
        assert (page.status_code, bool(page.context["form"].errors["picture"])) == (422, True)
    assert picture_of(museum) is None


def test_picture_is_removed_with_its_files_and_twice_is_no_error(museum, owner, django_capture_on_commit_callbacks):
    path = Path(add_picture(museum).small.path)
    with django_capture_on_commit_callbacks(execute=True):
        remove_picture(museum, by=owner)
        remove_picture(museum, by=owner)

    assert not path.exists()
    assert history_of(museum).count() == 1


def test_form_is_found_on_the_page_and_on_the_form_of_the_record(client, museum, owner):
    client.force_login(owner)
    link = f'href="{reverse("institution_picture", args=[museum.slug])}"'

    assert link in client.get(museum.get_absolute_url()).content.decode()
    assert link in client.get(reverse("institution_edit", args=[museum.slug])).content.decode()


@pytest.mark.parametrize("has_own", [False, True])
def test_merge_keeps_a_picture(museum, has_own, django_capture_on_commit_callbacks):
    source = InstitutionFactory(country="UZ", city="Khiva")
    path = Path(add_picture(source, alt="The source").small.path)
    if has_own:
        add_picture(museum, alt="The target")

    with django_capture_on_commit_callbacks(execute=True):
        merge_institutions(museum, source, by=CoordinatorFactory(country="UZ").user)

    assert picture_of(museum).alt == ("The target" if has_own else "The source")
    assert InstitutionPicture.objects.count() == 1
    assert path.exists() is not has_own


@pytest.mark.parametrize("rows", [1, 3])
def test_list_with_pictures_and_ornaments_costs_the_same_for_one_row_and_three(client, rows, django_assert_num_queries):
    field = ConceptFactory(slug="museology")
    for _ in range(rows):
        add_picture(InstitutionFactory())
        InstitutionFactory(country="KZ").fields.add(field)
    client.get(reverse("institutions"))

    with django_assert_num_queries(2):
        page = client.get(reverse("institutions")).content.decode()

    assert page.count('alt="A courtyard"') == rows
    assert page.count('src="/ornaments/kz-museology.svg"') == rows
