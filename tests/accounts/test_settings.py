"""Settings, switches, tokens, the command that makes one."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext

from accounts.domain.tokens import create_token, digest_of
from accounts.models import ApiToken
from institutions.domain.roles import active_roles_of, active_roles_of_request
from profiles.models import ExpertProfile
from tests.factories import ConceptFactory, CoordinatorFactory, ExpertFactory, InstitutionFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db

TITLES = {
    "settings": "Settings",
    "tokens": "API tokens",
    "invitations": "Invitations",
    "institution_create": "Add your institution",
    "profile_start": "Create my profile",
}


@pytest.fixture
def me(client, member):
    client.force_login(member)
    return member


@pytest.mark.parametrize("page", TITLES)
def test_pages_are_closed_to_anonymous_users(client, page):
    assert client.get(reverse(page)).url.startswith("/accounts/login/")


@pytest.mark.parametrize("language", ["en", "ru", "kk", "ky", "uz", "tg", "tk"])
@pytest.mark.parametrize("page", TITLES)
def test_pages_in_every_language(client, me, page, language):
    me.language = language
    me.save()

    text = client.get(reverse(page)).content.decode()

    assert f'<html lang="{language}"' in text
    with translation.override(language):
        assert f"<h1>{escape(gettext(TITLES[page]))}</h1>" in text


def test_settings_are_saved(client, me):
    data = {"name": " Aziza \u202e Karimova ", "language": "uz", "time_zone": "Asia/Tashkent"}

    assert client.post(reverse("settings"), data).url == reverse("settings")

    me.refresh_from_db()
    assert (me.name, me.language, me.time_zone) == ("Aziza Karimova", "uz", "Asia/Tashkent")


def test_cities_of_time_zones_are_in_the_language_of_the_reader(client, me):
    me.language = "ru"
    me.save()

    page = client.get(reverse("settings")).content.decode()

    assert '<option value="Asia/Samarkand">Самарканд, Бухара, Хива, UTC+5<' in page
    assert re.search('<option value="Europe/Paris">Париж, UTC[+][12]<', page)


def test_settings_refuse_what_is_unknown_and_keep_what_was_typed(client, me):
    page = client.post(reverse("settings"), {"name": "Typed", "language": "xx", "time_zone": "../../etc/passwd"})

    assert page.status_code == 422
    assert {"language", "time_zone"} == set(page.context["form"].errors)
    assert "Typed" in page.content.decode()


# ---- switches --------------------------------------------------------------------------------------------------------


def test_language_of_an_account_is_saved(client, me):
    answer = client.post(reverse("language_switch"), {"language": "kk", "next": "/settings/?lang=ru&tab=1"})

    me.refresh_from_db()
    assert (me.language, answer.url) == ("kk", "/settings/?tab=1")
    assert client.get("/settings/").headers["Content-Language"] == "kk"


def test_language_of_a_visitor_is_kept_in_a_cookie(client):
    client.post(reverse("language_switch"), {"language": "tg"})

    assert client.cookies["language"].value == "tg"
    assert client.get(reverse("experts")).headers["Content-Language"] == "tg"


@pytest.mark.parametrize("switch", ["language_switch", "theme_switch"])
@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example", ""])
def test_switches_never_lead_away(client, switch, where):
    answer = client.post(reverse(switch), {"language": "ru", "theme": "dark", "next": where})

    assert answer.url == "/"


@pytest.mark.parametrize("wanted", ["", "xx", "../..", "en\r\nSet-Cookie: a=b"])
def test_unknown_choices_change_nothing(client, me, wanted):
    client.post(reverse("language_switch"), {"language": wanted})
    client.post(reverse("theme_switch"), {"theme": wanted})
    client.post(reverse("role_switch"), {"role": wanted})

    me.refresh_from_db()
    assert me.language == "en"
    assert "theme" not in client.cookies
    assert "active_role" not in client.session


def test_theme_is_kept_and_given_back_to_the_device(client):
    client.post(reverse("theme_switch"), {"theme": "dark"})
    assert 'data-theme="dark"' in client.get(reverse("experts")).content.decode()

    client.post(reverse("theme_switch"), {"theme": "auto"})
    assert "data-theme=" not in client.get(reverse("experts")).content.decode().partition("<head>")[0]


@pytest.mark.parametrize("switch", ["language_switch", "theme_switch", "role_switch"])
def test_switches_take_a_post(client, me, switch):
    assert client.get(reverse(switch)).status_code == 405


def test_roles_are_what_an_account_may_act_as(django_assert_num_queries):
    user = ExpertFactory().user
    museum = InstitutionFactory(name={"en": "Winterthur"}, short_name="")
    MembershipFactory(user=user, institution=museum, role="reviewer")
    MembershipFactory(user=user, institution=museum, role="owner")
    CoordinatorFactory(user=user, country="UZ")
    user.is_secretariat = True

    with django_assert_num_queries(2):
        active_roles = active_roles_of(user, "expert")

    assert [(active_role.key, active_role.label, active_role.current) for active_role in active_roles] == [
        ("secretariat", "Secretariat", False),
        ("coordinator:UZ", "Uzbekistan · coordinator", False),
        (f"host:{museum.pk}", "Winterthur · owner", False),
        ("expert", "Expert", True),
    ]


def test_role_of_another_cannot_be_chosen(client, me):
    ExpertFactory(user=me)
    client.post(reverse("role_switch"), {"role": "coordinator:UZ"})
    assert "active_role" not in client.session

    CoordinatorFactory(user=me, country="UZ")
    client.post(reverse("role_switch"), {"role": "expert"})
    assert client.session["active_role"] == "expert"


def test_every_page_offers_the_roles_and_reads_them_once(client, me):
    ExpertFactory(user=me)
    CoordinatorFactory(user=me, country="UZ")
    page = client.get(reverse("experts")).content.decode()

    assert 'name="role" value="coordinator:UZ" aria-pressed="true"' in page
    assert 'name="role" value="expert" aria-pressed="false"' in page

    request = RequestFactory().get("/")
    request.user, request.session = me, {}
    assert active_roles_of_request(request) is active_roles_of_request(request)


def test_a_lost_role_gives_way_to_the_next(client, me):
    appointment = CoordinatorFactory(user=me, country="UZ")
    ExpertFactory(user=me)
    client.post(reverse("role_switch"), {"role": "coordinator:UZ"})
    appointment.delete()

    assert [
        active_role.key
        for active_role in active_roles_of(type(me).objects.get(pk=me.pk), client.session["active_role"])
        if active_role.current
    ] == ["expert"]


def test_anonymous_users_have_no_roles(client):
    assert active_roles_of(None) == []
    assert client.get(reverse("experts")).status_code == 200


# ---- tokens ----------------------------------------------------------------------------------------------------------


def test_token_is_shown_once(client, me):
    page = client.post(reverse("tokens"), {"name": "My script", "scopes": ["read"]})

    text = page.context["text"]
    token = ApiToken.objects.get()
    assert text in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert (token.digest, token.scopes, token.hint) == (digest_of(text), ["read"], text[:8])
    again = client.get(reverse("tokens")).content.decode()
    assert "My script" in again
    assert text not in again
    assert text not in str(dict(client.session))


def test_token_form_keeps_what_was_typed(client, me):
    page = client.post(reverse("tokens"), {"name": "My script", "scopes": ["everything"]})

    assert page.status_code == 422
    assert "My script" in page.content.decode()
    assert not ApiToken.objects.exists()


def test_tokens_are_limited(member):
    from exchange.core.errors import DomainError

    for _ in range(20):
        create_token(member, name="x", scopes=["read"], by=member)
    with pytest.raises(DomainError):
        create_token(member, name="x", scopes=["read"], by=member)


def test_token_of_another_is_neither_seen_nor_revoked(client, me, host):
    token, _text = create_token(host, name="Secret script", scopes=["read"], by=host)

    assert "Secret script" not in client.get(reverse("tokens")).content.decode()
    assert client.post(reverse("token_revoke", args=[token.pk])).status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None


def test_token_is_revoked_at_once(client, me):
    token, text = create_token(me, name="x", scopes=["read"], by=me)
    bearer = {"authorization": f"Bearer {text}"}
    client.logout()
    assert client.get("/api/v1/me", headers=bearer).status_code == 200
    client.force_login(me)
    client.post(reverse("token_revoke", args=[token.pk]))
    client.logout()

    assert client.get("/api/v1/me", headers=bearer).status_code == 401


@pytest.mark.parametrize("count", [1, 3])
def test_tokens_page_is_flat(client, me, count, django_assert_num_queries):
    for _ in range(count):
        create_token(me, name="x", scopes=["read"], by=me)
    client.get(reverse("tokens"))

    with django_assert_num_queries(4):
        client.get(reverse("tokens"))


def test_command_prints_the_token_alone_on_its_last_line(capsys, member):
    call_command("create_token", member.email.upper(), "--scope", "read", "--scope", "write")

    text = capsys.readouterr().out.splitlines()[-1]
    token = ApiToken.objects.get(digest=digest_of(text))
    assert (token.user, set(token.scopes)) == (member, {"read", "write"})


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nobody@example.org"], "no account has the address nobody@example.org"),
        (["member", "--scope", "all"], "unknown scope: all (known: read, write)"),
        (["closed"], "is closed"),
    ],
)
def test_command_says_what_is_wrong(member, arguments, says):
    closed = UserFactory(is_active=False)
    known = {"member": member.email, "closed": closed.email}

    with pytest.raises(CommandError, match=says.replace("(", r"\(").replace(")", r"\)")):
        call_command("create_token", *[known.get(word, word) for word in arguments])
    assert not ApiToken.objects.exists()


def test_refresh_command_follows_the_vocabulary(profile, textiles, capsys):
    textiles.broader = ConceptFactory(slug="fabric-care")
    textiles.save()
    assert not ExpertProfile.objects.filter(field_ids__contains=[textiles.broader_id]).exists()

    call_command("refresh_profiles")

    assert ExpertProfile.objects.filter(field_ids__contains=[textiles.broader_id]).get() == profile
    assert "1 profiles are up to date." in capsys.readouterr().out
