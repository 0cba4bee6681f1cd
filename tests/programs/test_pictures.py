"""The picture of a programme: who may add it, what happens to its files, where it is shown."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from exchange.core.access import Refusal
from exchange.core.errors import DomainError, StaleError
from exchange.core.history import history_of
from exchange.core.jobs.outbox import process_outbox
from exchange.core.pictures import NewPicture, make_sizes
from programs.domain.pictures import picture_of, remove_picture, save_picture
from programs.models import ProgramPicture
from programs.states import ProgramState
from tests.factories import ConceptFactory, ProgramFactory
from tests.helpers.files import picture

pytestmark = pytest.mark.django_db

TEXTS = {"alt": "A hall of looms", "holder": "The museum", "licence": "cc-by"}
OTHER = {"alt": "A dyer", "holder": "Somebody", "licence": "cc0"}


def new(content=None, texts=TEXTS, **more):
    return NewPicture(texts, upload=ContentFile(content or picture(), name="a.jpg"), **more)


@pytest.fixture
def run_worker(django_capture_on_commit_callbacks):
    """Do something, then what the workers do after it; files are deleted as after a commit."""

    def run(action=lambda: None):
        with django_capture_on_commit_callbacks(execute=True):
            result = action()
        with django_capture_on_commit_callbacks(execute=True):
            process_outbox()
        return result

    return run


@pytest.fixture
def stored(program, owner, run_worker):
    run_worker(lambda: save_picture(program, new(), by=owner))
    return picture_of(program)


def address(program):
    return reverse("program_picture", args=[program.slug])


def send(client, program, content=None, name="a.jpg", **changed):
    data = TEXTS | changed
    if content is not None:
        data["picture"] = SimpleUploadedFile(name, content)
    return client.post(address(program), data)


def test_editor_adds_a_picture_and_a_worker_makes_its_sizes(client, program, editor, run_worker):
    client.force_login(editor)
    page = run_worker(lambda: send(client, program, picture(size=(2400, 1200)), "../Фото.JPG"))

    assert (page.status_code, page.url) == (302, address(program))
    row = picture_of(program)
    # the photograph lay on its side: it is upright now
    assert (row.upload.name, row.width, row.height, row.failed) == ("", 1200, 2400, False)
    client.logout()
    shown = client.get(program.get_absolute_url()).content.decode()
    assert 'alt="A hall of looms"' in shown
    assert "© The museum · CC BY 4.0" in shown
    for size in ("small", "medium", "large"):
        answer = client.get(reverse("program_picture_file", args=[program.slug, size]))
        assert (answer.status_code, answer.headers["Content-Type"], answer.headers["X-Content-Type-Options"]) == (
            200,
            "image/webp",
            "nosniff",
        )
        assert b"SecretCamera" not in b"".join(answer.streaming_content)
    last = history_of(program).last()
    assert (last.actor, last.data) == (editor, {"section": "picture"})


@pytest.mark.parametrize("who", ["anonymous", "reviewer", "other_host", "other_user"])
def test_nobody_else_reaches_the_form(client, program, stored, who, request):
    reader = None if who == "anonymous" else request.getfixturevalue(who)
    if reader:
        client.force_login(reader)
    answers = [
        client.get(address(program)),
        send(client, program, picture(), alt="stolen"),
        client.post(reverse("program_picture_remove", args=[program.slug])),
    ]

    if reader is None:
        assert all(answer.url.startswith("/accounts/login/") for answer in answers)
    else:
        assert {answer.status_code for answer in answers} == {403}
        with pytest.raises(Refusal):
            save_picture(program, new(), by=reader)
        with pytest.raises(Refusal):
            remove_picture(program, by=reader)
    stored.refresh_from_db()
    assert (stored.alt, stored.ready) == ("A hall of looms", True)


def test_picture_of_a_draft_is_for_its_team_alone(client, draft, owner, other_host, run_worker):
    run_worker(lambda: save_picture(draft, new(), by=owner))

    def status(reader):
        client.logout()
        if reader:
            client.force_login(reader)
        return client.get(reverse("program_picture_file", args=[draft.slug, "small"])).status_code

    assert [status(reader) for reader in (None, other_host, owner)] == [404, 404, 200]


def test_unknown_sizes_and_pictures_are_not_found(client, program, stored):
    assert client.get(f"{address(program)}upload/").status_code == 404
    assert client.get(reverse("program_picture_file", args=[ProgramFactory().slug, "small"])).status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "changed"),
    [
        (None, "", {}),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.png", {}),
        (b"", "a.jpg", {}),
        (picture()[:300], "a.jpg", {}),
        (picture(), "a.gif", {}),
        (picture(), "a.jpg", {"alt": ""}),
        (picture(), "a.jpg", {"holder": " "}),
        (picture(), "a.jpg", {"licence": "stolen"}),
    ],
)
def test_picture_that_cannot_be_kept_is_refused_in_words(client, program, owner, content, name, changed):
    client.force_login(owner)

    page = send(client, program, content, name, **changed)

    assert page.status_code == 422
    assert page.context["form"].errors
    assert "The museum" in page.content.decode() or "holder" in changed
    assert picture_of(program) is None


def test_picture_with_too_many_pixels_is_refused(client, program, owner, monkeypatch):
    monkeypatch.setattr("exchange.core.images.MAX_PIXELS", 1000)
    client.force_login(owner)

    assert send(client, program, picture()).status_code == 422
    assert picture_of(program) is None


def test_first_picture_needs_a_file(program, owner):
    with pytest.raises(DomainError, match="Choose a picture"):
        save_picture(program, NewPicture(TEXTS), by=owner)


def test_programme_that_is_over_keeps_its_picture(program, owner, stored):
    program.state = ProgramState.COMPLETED
    program.save()

    with pytest.raises(DomainError, match="over"):
        remove_picture(program, by=owner)

    assert picture_of(program).ready


def test_texts_are_changed_without_a_file(client, program, owner, stored):
    client.force_login(owner)

    assert send(client, program, **OTHER).status_code == 302

    row = picture_of(program)
    assert (row.alt, row.holder, row.licence, row.small.name) == (*OTHER.values(), stored.small.name)


def test_newer_picture_replaces_the_older_once_its_sizes_are_made(client, program, owner, stored, run_worker):
    older = Path(stored.small.path)
    client.force_login(owner)
    save_picture(program, new(picture(size=(700, 300)), OTHER), by=owner)
    row = picture_of(program)

    # until then the older one is shown with its own texts
    assert (row.small.name, row.alt, row.holder) == (stored.small.name, TEXTS["alt"], TEXTS["holder"])
    page = client.get(address(program)).content.decode()
    assert "replaces this one" in page
    assert 'value="A dyer"' in page
    assert 'alt="A hall of looms"' in client.get(program.get_absolute_url()).content.decode()
    assert older.exists()

    upload = Path(row.upload.path)
    run_worker()

    row = picture_of(program)
    assert (row.alt, row.holder, row.licence, row.next_texts) == (*OTHER.values(), {})
    assert (row.width, row.height) == (300, 700)
    assert not older.exists()
    assert not upload.exists()
    assert Path(row.small.path).exists()


def test_replacing_twice_before_the_worker_comes_leaves_the_last(
    program, owner, stored, run_worker, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        save_picture(program, new(texts=OTHER), by=owner)
    first = Path(picture_of(program).upload.path)
    run_worker(lambda: save_picture(program, new(texts=OTHER | {"alt": "Third"}), by=owner))

    assert picture_of(program).alt == "Third"
    assert not first.exists()


def test_replacement_that_turns_out_broken_leaves_the_older_picture(client, program, owner, stored, run_worker):
    save_picture(program, new(picture()[:2000], OTHER), by=owner)
    run_worker()

    row = picture_of(program)
    assert (row.failed, row.small.name, row.alt, row.upload.name) == (True, stored.small.name, TEXTS["alt"], "")
    client.force_login(owner)
    assert "could not be read, so this picture stays" in client.get(address(program)).content.decode()
    assert 'alt="A hall of looms"' in client.get(program.get_absolute_url()).content.decode()


def test_first_picture_that_turns_out_broken_is_said_to_its_editors_alone(client, program, owner, run_worker):
    save_picture(program, new(picture()[:2000]), by=owner)
    run_worker()

    client.force_login(owner)
    assert "could not be read" in client.get(address(program)).content.decode()
    assert "figure" not in client.get(program.get_absolute_url()).content.decode()
    assert client.get(f"/api/v1/programs/{program.slug}").json()["picture"] is None


def test_sizes_are_made_once(stored):
    before = (stored.small.name, stored.large.name)

    make_sizes(ProgramPicture, stored.pk)
    make_sizes(ProgramPicture, stored.pk + 1)

    stored.refresh_from_db()
    assert (stored.small.name, stored.large.name) == before


def test_older_form_overwrites_nothing(client, program, owner, stored):
    client.force_login(owner)
    version = client.get(address(program)).context["form"]["version"].value()
    save_picture(program, NewPicture(OTHER), by=owner)
    with pytest.raises(StaleError):
        save_picture(program, NewPicture(TEXTS, version=version), by=owner)

    page = send(client, program, alt="Mine", version=version)

    assert page.status_code == 409
    assert 'value="Mine"' in page.content.decode()
    assert picture_of(program).alt == "A dyer"
    assert send(client, program, alt="Mine", version=page.context["form"]["version"].value()).status_code == 302
    assert picture_of(program).alt == "Mine"


def test_removed_picture_takes_its_files_along(client, program, owner, stored, run_worker):
    files = [Path(getattr(stored, size).path) for size in ("small", "medium", "large")]
    assert all(file.exists() for file in files)
    client.force_login(owner)

    for _ in range(2):
        answer = run_worker(lambda: client.post(reverse("program_picture_remove", args=[program.slug])))

    assert answer.status_code == 302
    assert picture_of(program) is None
    assert not any(file.exists() for file in files)


def test_editor_finds_the_form_in_the_overview(client, program, owner, stored):
    client.force_login(owner)

    page = client.get(reverse("program_edit", args=[program.slug])).content.decode()

    assert f'href="{address(program)}"' in page
    assert "A hall of looms" in page


def test_api_says_whose_picture_it_is(client, program, stored, other_user):
    client.force_login(other_user)
    item = client.get(f"/api/v1/programs/{program.slug}").json()["picture"]

    assert (item["alt"], item["holder"], item["licence"]) == ("A hall of looms", "The museum", "CC BY 4.0")
    assert [size["width"] for size in item["sizes"]] == [480, 600, 600]
    assert client.get(item["url"].partition("://")[2].partition("/")[2].join(["/", ""])).status_code == 200


def test_cards_show_the_picture_or_the_ornament_of_country_and_field(client, institution, program, stored):
    ProgramFactory(institution=institution, field_ids=[ConceptFactory(slug="museology").pk])
    ProgramFactory(institution=institution, country="UZ")

    page = client.get(reverse("programs")).content.decode()

    assert f'src="/programs/{program.slug}/picture/small/?v=' in page
    assert 'alt="A hall of looms"' in page
    assert 'src="/ornaments/us-museology.svg"' in page
    assert 'src="/ornaments/uz-heritage.svg"' in page
    assert page.count('loading="lazy"') == page.count('class="band') == 3


@pytest.mark.parametrize("rows", [1, 3])
def test_list_with_pictures_costs_the_same_for_one_row_and_three(client, rows, fresh_vocabulary, django_assert_num_queries):
    for program in ProgramFactory.create_batch(rows):
        ProgramPicture.objects.create(program=program, small="programs/x.webp", width=10, height=10, **TEXTS)
    client.get(reverse("programs"))

    with django_assert_num_queries(2):
        page = client.get(reverse("programs")).content.decode()

    assert page.count('alt="A hall of looms"') == rows
