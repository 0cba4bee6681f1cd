"""CV, card and code: what they say to whom."""

import io

import pytest
import vobject
from django.urls import reverse
from django.utils import translation

from profiles.domain.documents import cv_data, draw_code, write_card, write_cv
from profiles.domain.profiles import save_audiences, save_work
from profiles.domain.record import record_for_reader
from profiles.domain.visibility import profile_for_reader
from profiles.models import ExpertProfile
from profiles.states import Audience, Part

pytestmark = pytest.mark.django_db
NAMES = ("expert_cv_made", "expert_card", "expert_code")


def texts_of(profile, reader):
    """Everything the three would say to this reader, as text."""
    shown, record = profile_for_reader(profile, reader), record_for_reader(profile, reader)
    return f"{cv_data(shown, record)} {write_card(shown, record)}"


def test_papers_are_closed_where_the_page_is(client, profile):
    for name in NAMES:
        assert client.get(reverse(name, args=[profile.pk])).status_code == 404


def test_papers_say_what_their_reader_sees(profile, readers):
    for name in ("member", "host"):
        text = texts_of(profile, readers[name])
        assert "Secret post" in text, name
        for hidden in ("NUMBER-77", "PASSPORT", "5550199", profile.user.email):
            assert hidden not in text, (name, hidden)

    save_audiences(profile, by=profile.user, audience=Audience.EVERYONE, audiences=dict.fromkeys(Part.values, Audience.ONLY_ME))
    profile.refresh_from_db()
    for name, reader in readers.items():
        assert "ecret" not in texts_of(profile, reader).replace("secretariat", ""), name
    assert "NUMBER-77" in texts_of(profile, profile.user)
    assert profile.user.email in texts_of(profile, profile.user)


@pytest.mark.parametrize("language", ["en", "ru", "kk", "ky", "uz", "tg", "tk"])
def test_cv_is_a_pdf_in_every_language(client, profile, member, language):
    client.force_login(member)

    answer = client.get(reverse("expert_cv_made", args=[profile.pk]), {"in": language})

    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_cv_in_a_language_nobody_knows_is_not_there(client, profile, member):
    client.force_login(member)

    assert client.get(reverse("expert_cv_made", args=[profile.pk]), {"in": "../en"}).status_code == 404


def test_cv_holds_no_markup_of_people(profile):
    evil = '#panic("x") $ \\ #read("/etc/passwd") *a* = \n// " #{'
    save_work(profile, by=profile.user, headline=evil, biography=evil * 20, city=evil)
    profile.publications.create(title=evil, authors=evil)
    fresh = ExpertProfile.objects.get(pk=profile.pk)

    assert write_cv(profile_for_reader(fresh, fresh.user), record_for_reader(fresh, fresh.user), "en").startswith(b"%PDF-")


def test_cv_speaks_the_language_asked_for(profile):
    with translation.override("ru"):
        words = cv_data(profile_for_reader(profile, profile.user), record_for_reader(profile, profile.user))

    assert words["sections"][0]["rows"][0][1] == "Реставрация текстиля"


def test_cv_of_an_empty_profile_is_made(client, member):
    from tests.factories import ExpertFactory

    bare = ExpertFactory()
    client.force_login(member)
    assert client.get(reverse("expert_cv_made", args=[bare.pk])).content.startswith(b"%PDF-")


def test_card_is_read_by_an_address_book(client, profile, member):
    save_work(profile, by=profile.user, headline="Silk; \r\nBEGIN:VCARD\nFN:evil, wool")
    client.force_login(member)

    answer = client.get(reverse("expert_card", args=[profile.pk]))

    cards = list(vobject.readComponents(answer.content.decode()))
    assert len(cards) == 1
    assert (cards[0].fn.value, cards[0].n.value.family, cards[0].n.value.given) == ("Дилноза Раҳимова", "Раҳимова", "Дилноза")
    assert cards[0].url.value.endswith(profile.get_absolute_url())
    assert answer.headers["Content-Type"].startswith("text/vcard")


def test_code_is_a_drawing_without_scripts(client, profile, member):
    client.force_login(member)

    answer = client.get(reverse("expert_code", args=[profile.pk]))

    assert answer.content.startswith(b"<svg")
    assert b"<script" not in answer.content
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert io.BytesIO(draw_code("https://example.org/experts/1/")).read() != answer.content


def test_page_offers_them(client, profile, member):
    client.force_login(member)
    text = client.get(profile.get_absolute_url()).content.decode()

    for name in NAMES:
        assert reverse(name, args=[profile.pk]) in text
