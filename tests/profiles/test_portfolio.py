"""Works and their pictures: made small once, without what the camera wrote, served to those who may see them."""

import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from exchange.core.images import resize_picture
from exchange.core.jobs.outbox import process_outbox
from exchange.core.pictures import WIDTHS, make_sizes
from profiles.domain.completeness import completeness_of
from profiles.domain.profiles import own_profile, save_audiences
from profiles.domain.record import record_for_reader
from profiles.models import CasePicture, PortfolioCase
from profiles.states import Audience, Part
from tests.factories import ConceptFactory, UserFactory
from tests.helpers.files import picture

pytestmark = pytest.mark.django_db

WORDS = {"new-alt": "A felt rug", "new-caption": "Before", "new-holder": "Museum", "new-licence": "cc-by"}


@pytest.fixture
def me(client, profile):
    profile.cases.all().delete()
    client.force_login(profile.user)
    return profile


@pytest.fixture
def case(me):
    return me.cases.create(title="Rug", story="Washed")


def upload(client, case, content, name="a.jpg", **words):
    data = WORDS | words | {"new-picture": SimpleUploadedFile(name, content)}
    return client.post(reverse("picture_add", args=[case.pk]), data)


def test_work_is_added_changed_and_removed(client, me):
    felt = ConceptFactory(slug="felt", scheme="material")
    client.post(reverse("case_new"), {"title": "Rug", "story": "a\r\nb", "material_id": felt.pk, "year": 2019})
    case = me.cases.get()
    assert (case.story, case.material_id, own_profile(me.user).filled_sections.count("portfolio")) == ("a\nb", felt.pk, 1)

    client.post(reverse("case_edit", args=[case.pk]), {"title": "Rug II"})
    assert [(row.title, row.material_id) for row in me.cases.all()] == [("Rug II", None)]
    client.post(reverse("case_remove", args=[case.pk]))
    assert not me.cases.exists()
    assert [item.code for item in completeness_of(own_profile(me.user)).missing] == ["case"]


@pytest.mark.parametrize(
    "data",
    [
        {"title": ""},
        {"title": "x" * 200, "story": "x" * 4001},
        {"title": "a", "year": 2095},
        {"title": "a", "material_id": "999999"},
    ],
)
def test_work_says_what_is_wrong_and_keeps_what_was_typed(client, me, data):
    page = client.post(reverse("case_new"), {"story": "kept words"} | data)

    assert page.status_code == 422
    assert "kept words" in page.content.decode() or "story" in data
    assert not me.cases.exists()


def test_works_change_places(client, me):
    first, second, third = (me.cases.create(title=title, place=n) for n, title in enumerate("abc"))

    client.post(reverse("case_move", args=[third.pk, "up"]))
    client.post(reverse("case_move", args=[first.pk, "up"]))
    client.post(reverse("case_move", args=[second.pk, "down"]))

    assert "".join(me.cases.values_list("title", flat=True)) == "acb"


def test_picture_is_made_at_three_sizes_without_what_the_camera_wrote(client, me, case, member, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert upload(client, case, picture(size=(2400, 1200)), "../Фото.JPG").url == reverse("case_edit", args=[case.pk])
    row = CasePicture.objects.get(case=case)
    original = Path(row.upload.path)
    assert original.exists()
    assert client.get(reverse("expert_picture", args=[me.pk, row.pk, "small"])).status_code == 404

    with django_capture_on_commit_callbacks(execute=True):
        process_outbox()
    row.refresh_from_db()
    before = [row.small.name, row.medium.name, row.large.name]
    make_sizes(CasePicture, row.pk)
    row.refresh_from_db()

    assert [row.small.name, row.medium.name, row.large.name] == before
    assert not original.exists()
    for name, width in [("small", 480), ("medium", 960), ("large", 1200)]:
        stored = getattr(row, name).open("rb").read()
        with Image.open(io.BytesIO(stored)) as image:
            # it was turned upright: 1200 wide, 2400 high
            assert (image.format, image.size, dict(image.getexif())) == ("WEBP", (width, width * 2), {})
        assert b"SecretCamera" not in stored
    client.force_login(member)
    page = client.get(me.get_absolute_url()).content.decode()
    assert 'alt="A felt rug"' in page
    assert "480w" in page
    assert "1200w" in page
    shown = record_for_reader(own_profile(me.user), member).cases[0].pictures[0]
    answer = client.get(shown.src)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")


def test_pictures_follow_the_visibility(client, profile, readers):
    row = CasePicture.objects.get()
    address = reverse("expert_picture", args=[profile.pk, row.pk, "small"])

    def status(reader):
        client.logout()
        if reader.is_authenticated:
            client.force_login(reader)
        return client.get(address).status_code

    assert {name: status(reader) for name, reader in readers.items()} == {
        "anonymous": 404,
        "member": 200,
        "host": 200,
        "coordinator": 200,
        "secretariat": 200,
    }
    save_audiences(profile, by=profile.user, audience=Audience.EVERYONE, audiences={Part.PORTFOLIO: Audience.ONLY_ME})
    assert {status(reader) for reader in readers.values()} == {404}
    assert status(profile.user) == 200


def test_a_picture_is_not_handed_out_under_somebody_elses_profile(client, profile, member):
    other = UserFactory()
    mine = own_profile(profile.user)
    from tests.factories import ExpertFactory

    open_one = ExpertFactory(user=other, audience=Audience.EVERYONE, audiences={Part.PORTFOLIO: Audience.EVERYONE})
    save_audiences(mine, by=mine.user, audience=Audience.ONLY_ME, audiences={})

    assert client.get(reverse("expert_picture", args=[open_one.pk, CasePicture.objects.get().pk, "small"])).status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.png", {}),
        (b"", "a.jpg", {}),
        (picture()[:300], "a.jpg", {}),
        (picture(), "a.gif", {}),
        (picture(), "a.jpg", {"new-alt": ""}),
        (picture(), "a.jpg", {"new-holder": " "}),
        (picture(), "a.jpg", {"new-licence": "stolen"}),
    ],
)
def test_picture_that_cannot_be_kept_is_refused_in_words(client, case, content, name, words):
    page = upload(client, case, content, name, **words)

    assert page.status_code == 422
    assert page.context["picture_form"].errors
    assert "Museum" in page.content.decode() or "new-holder" in words
    assert not case.pictures.exists()


def test_picture_with_more_pixels_than_anybody_needs_is_refused(client, case, monkeypatch):
    monkeypatch.setattr("exchange.core.images.MAX_PIXELS", 1000)
    assert upload(client, case, picture()).status_code == 422
    with pytest.raises(ValueError, match="pixels"):
        resize_picture(io.BytesIO(picture()), WIDTHS)


def test_picture_that_turns_out_broken_is_said_to_its_owner_alone(client, me, case, member):
    row = case.pictures.create(alt="Broken", holder="x")
    row.upload.save("a.jpg", SimpleUploadedFile("a.jpg", picture()[:2000]))

    make_sizes(CasePicture, row.pk)

    row.refresh_from_db()
    assert (row.failed, row.upload.name) == (True, "")
    assert "could not be read" in client.get(reverse("case_edit", args=[case.pk])).content.decode()
    assert record_for_reader(own_profile(me.user), member).cases[0].pictures == []


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("PNG", "LA"),
        ("PNG", "1"),
        ("PNG", "I;16"),
        ("WEBP", "RGBA"),
        ("JPEG", "CMYK"),
        ("JPEG", "L"),
    ],
)
def test_picture_of_any_kind_gets_its_sizes(kind, mode):
    out = io.BytesIO()
    Image.new(mode, (700, 350)).save(out, kind)
    drawn, size = resize_picture(out, WIDTHS)

    assert size == (700, 350)
    assert set(drawn) == {"small", "medium", "large"}


def test_words_of_a_picture_are_changed_and_kept_when_wrong(client, me, case):
    row = case.pictures.create(alt="Old", holder="Museum")
    address = reverse("picture_edit", args=[row.pk])

    page = client.post(
        address, {f"w{row.pk}-alt": "", f"w{row.pk}-caption": "kept words", f"w{row.pk}-holder": "Me", f"w{row.pk}-licence": "cc0"}
    )
    assert page.status_code == 422
    assert "kept words" in page.content.decode()

    client.post(address, {f"w{row.pk}-alt": "New", f"w{row.pk}-holder": "Me", f"w{row.pk}-licence": "cc0"})
    row.refresh_from_db()
    assert (row.alt, row.holder, row.licence) == ("New", "Me", "cc0")


def test_files_go_with_the_work(client, profile, django_capture_on_commit_callbacks):
    client.force_login(profile.user)
    path = Path(CasePicture.objects.get().small.path)
    assert path.exists()

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("case_remove", args=[profile.cases.get().pk]))

    assert not path.exists()


def test_works_of_others_are_out_of_reach(client, profile, member):
    case, row = profile.cases.get(), CasePicture.objects.get()
    from tests.factories import ExpertFactory

    for reader in (member, ExpertFactory().user):
        client.force_login(reader)
        for name, pk in [
            ("case_edit", case.pk),
            ("case_remove", case.pk),
            ("picture_add", case.pk),
            ("picture_edit", row.pk),
            ("picture_remove", row.pk),
        ]:
            client.post(reverse(name, args=[pk]), {"title": "stolen"} | WORDS)
        client.post(reverse("case_move", args=[case.pk, "up"]))
    assert PortfolioCase.objects.get().title == "Secret work"
    assert CasePicture.objects.get().alt == "Secret alt"


def test_portfolio_is_capped(client, me, case, monkeypatch):
    monkeypatch.setattr("profiles.domain.portfolio.MAX_CASES", 1)
    monkeypatch.setattr("profiles.domain.portfolio.MAX_PICTURES", 0)

    client.post(reverse("case_new"), {"title": "One more"})
    assert upload(client, case, picture()).status_code == 422
    assert (me.cases.count(), case.pictures.count()) == (1, 0)


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_for_one_work_and_three(client, me, member, count, django_assert_num_queries):
    for n in range(count):
        made = me.cases.create(title=f"Work {n}")
        for _ in range(count):
            made.pictures.create(alt="a", holder="b", small="cases/x.webp", width=10, height=10)
        me.positions.create(title="x")
        me.publications.create(title=f"p{n}")
    client.force_login(member)
    client.get(me.get_absolute_url())

    with django_assert_num_queries(QUERIES_OF_PAGE):
        page = client.get(me.get_absolute_url()).content.decode()

    assert [f"Work {n}" in page for n in range(3)] == [n < count for n in range(3)]


QUERIES_OF_PAGE = 15
