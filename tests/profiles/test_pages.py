"""Pages of people: who gets in, and what they read there."""

import re
from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image

from exchange.core.images import SMALL_SIDE
from profiles.domain.files import save_photo
from profiles.domain.profiles import save_audiences
from profiles.models import ExpertProfile
from profiles.states import Audience, Part
from tests.factories import ExpertFactory
from tests.helpers.files import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def public(profile):
    save_audiences(profile, by=profile.user, audience=Audience.EVERYONE, audiences={})
    profile.refresh_from_db()
    return profile


def test_expert_page_is_closed_to_anonymous_users(client, profile):
    assert client.get(profile.get_absolute_url()).status_code == 404


def test_expert_page_of_a_public_profile_shows_anonymous_users_the_head_alone(client, public):
    page = client.get(public.get_absolute_url())

    text = page.content.decode()
    assert page.status_code == 200
    assert "Дилноза Раҳимова" in text
    assert "Textile conservation" in text
    assert "application/ld+json" in text
    for secret in (
        "ecretville",
        "ecret museum",
        "ecret biography",
        "5550199",
        "ecret cleaning",
        "PASSPORT",
        "ecret CV",
        public.user.email,
    ):
        assert secret not in text, secret


def test_expert_page_shows_a_member_what_members_see(client, profile, member):
    client.force_login(member)

    text = client.get(profile.get_absolute_url()).content.decode()

    for shown in ("Secretville", "Secret museum", "Secret biography", "Secret cleaning", "Дилноза Секретова"):
        assert shown in text, shown
    for secret in ("5550199", "PASSPORT", "Secret CV", profile.user.email, "ld+json"):
        assert secret not in text, secret


def test_expert_page_is_flat(client, profile, member, django_assert_max_num_queries):
    client.force_login(member)
    client.get(profile.get_absolute_url())

    with django_assert_max_num_queries(25):
        client.get(profile.get_absolute_url())


@pytest.mark.parametrize("part", ["photo", "cv"])
def test_files_follow_the_visibility(client, profile, member, coordinator, part):
    address = reverse(f"expert_{part}", args=[profile.pk])
    sees = {"photo": {"member", "coordinator", "self"}, "cv": {"coordinator", "self"}}[part]

    assert client.get(address).status_code == 404
    for name, reader in {"member": member, "coordinator": coordinator, "self": profile.user}.items():
        client.force_login(reader)
        page = client.get(address)
        assert page.status_code == (200 if name in sees else 404), name
        if page.status_code == 200:
            assert page.headers["X-Content-Type-Options"] == "nosniff"
            assert "sandbox" in page.headers["Content-Security-Policy"]


def test_small_photograph_is_small_and_follows_the_visibility(client, profile, member):
    save_photo(profile, BytesIO(picture()), by=profile.user)
    address = reverse("expert_photo", args=[profile.pk]) + "?size=small"
    assert client.get(address).status_code == 404

    client.force_login(member)
    page = client.get(address)

    assert max(Image.open(BytesIO(page.content)).size) == SMALL_SIDE
    assert len(page.content) < 6_000
    assert (page.headers["Content-Type"], page.headers["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert "private" in page.headers["Cache-Control"]


def test_small_photograph_that_is_damaged_is_not_there(client, profile, member):
    client.force_login(member)

    assert client.get(reverse("expert_photo", args=[profile.pk]) + "?size=small").status_code == 404


def test_list_shows_the_photograph_to_those_who_may_see_it(client, profile, member):
    save_photo(profile, BytesIO(picture()), by=profile.user)
    save_audiences(profile, by=profile.user, audience=Audience.EVERYONE, audiences={Part.PHOTO: Audience.MEMBERS})
    address = f"{reverse('expert_photo', args=[profile.pk])}?v="
    assert address not in client.get(reverse("experts")).content.decode()

    client.force_login(member)
    page = client.get(reverse("experts")).content.decode()

    shown = re.search(r"<img class=\"avatar\"[^>]+>", page)[0]
    assert address in shown
    assert "size=small" in shown
    assert 'loading="lazy"' in shown
    assert f'alt="Photograph: {profile.shown_name}"' in shown


def test_files_of_a_profile_without_any_are_not_there(client, member):
    client.force_login(member)
    bare = ExpertFactory()

    assert client.get(reverse("expert_photo", args=[bare.pk])).status_code == 404
    assert client.get(reverse("expert_cv", args=[bare.pk])).status_code == 404


def test_cv_comes_as_a_download_under_its_own_name(client, profile):
    client.force_login(profile.user)

    page = client.get(reverse("expert_cv", args=[profile.pk]))

    assert page.headers["Content-Disposition"] == 'attachment; filename="Secret CV.pdf"'
    assert page.headers["Content-Type"] == "application/octet-stream"


def test_hidden_at_once(client, profile, member):
    client.force_login(member)
    assert client.get(profile.get_absolute_url()).status_code == 200

    save_audiences(profile, by=profile.user, audience=Audience.ONLY_ME, audiences={})

    assert client.get(profile.get_absolute_url()).status_code == 404
    assert client.get(reverse("expert_photo", args=[profile.pk])).status_code == 404


@pytest.mark.parametrize(("reader", "shows"), [("everyone", False), ("members", True), ("coordinators", True), ("nonsense", True)])
def test_preview_shows_what_others_see(client, profile, reader, shows):
    client.force_login(profile.user)

    text = client.get(reverse("profile_preview"), {"reader": reader}).content.decode()

    assert ("Secret biography" in text) is shows
    assert ("Secret CV" in text) is (reader == "coordinators")
    assert "5550199" not in text


def test_preview_without_a_profile_is_not_there(client, member):
    client.force_login(member)

    assert client.get(reverse("profile_preview")).status_code == 404


def test_expert_page_escapes_what_people_write(client, member):
    evil = "<script>alert(1)</script>"
    profile = ExpertFactory(
        shown_name=evil, latin_name=evil, headline=evil, biography=f"</script>{evil}", city=evil, audience=Audience.EVERYONE
    )
    ExpertProfile.objects.filter(pk=profile.pk).update(audiences=dict.fromkeys(Part.values, Audience.EVERYONE))

    for text in (client.get(profile.get_absolute_url()).content.decode(),):
        assert evil not in text
        assert "alert(1)" in text


@pytest.mark.parametrize("language", ["en", "ru", "kk", "ky", "uz", "tg", "tk"])
def test_expert_page_in_every_language(client, profile, member, language):
    member.language = language
    member.save()
    client.force_login(member)

    page = client.get(profile.get_absolute_url())

    assert page.status_code == 200
    assert page.headers["Content-Language"] == language


def test_rows_of_the_list_say_when_somebody_could_travel_to_those_who_may_know(client, profile, member):
    ExpertProfile.objects.update(longest_stay_days=21)
    client.force_login(member)
    text = client.get(reverse("experts")).content.decode()
    assert "1 May – 1 Sep 2031" in text
    assert "At most 21 days at a stretch" in text

    save_audiences(profile, by=profile.user, audience=Audience.EVERYONE, audiences={Part.AVAILABILITY: Audience.COORDINATORS})
    text = client.get(reverse("experts")).content.decode()
    assert not re.search(r"(?<!data-live=.)\b2031\b(?!/)", text)  # an account or a profile may have that number
    assert "21 days" not in text
