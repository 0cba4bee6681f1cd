"""The programme one came for is kept from "Apply" through sign-up, the e-mail, log-in and the first page of the profile, and back."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.accounts.conftest import letters
from tests.accounts.test_accounts import NEW
from tests.factories import PASSWORD, ExpertFactory, ProgramFactory, RequiredLanguageFactory, UserFactory

pytestmark = pytest.mark.django_db
FOREIGN = [
    "https://evil.example/x",
    "//evil.example/x",
    "/\\evil.example",
    "javascript:alert(1)",
    "http:evil.example",
    "evil",
    "/" + "x" * 600,
]


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


@pytest.fixture
def program():
    return ProgramFactory()


def next_of(url):
    return parse_qs(urlsplit(url).query).get("next", [""])[0]


def links(response, path):
    """Addresses on the page that lead to `path`."""
    return [url.replace("&amp;", "&") for url in re.findall(r'href="([^"]+)"', response.content.decode()) if url.startswith(path)]


def hidden_next(response):
    return re.findall(r'<input type="hidden" name="next" value="([^"]+)"', response.content.decode())


def confirmation():
    return re.search(r"https?://[^/\s]+(/accounts/\S+)", letters()[-1].body).group(1)


def test_apply_leads_back_to_the_programme_through_sign_up_in_two_browsers(client, program):
    apply = reverse("apply", args=[program.slug])
    assert links(client.get(program.get_absolute_url()), apply) == [apply]

    login = client.get(apply).headers["Location"]
    assert next_of(login) == apply
    sign_up = links(client.get(login), reverse("account_signup"))[0]
    assert next_of(sign_up) == apply
    form = client.get(sign_up)
    assert set(hidden_next(form)) == {apply}
    sent = client.post(reverse("account_signup"), NEW | {"next": apply})
    assert {next_of(url) for url in links(client.get(sent.headers["Location"]), reverse("account_login"))} == {apply}

    phone = Client()  # the e-mail is opened elsewhere
    link = confirmation()
    assert next_of(link) == apply
    assert set(hidden_next(phone.get(link))) == {apply}
    confirmed = phone.post(urlsplit(link).path, {"next": apply})
    assert confirmed.headers["Location"] == apply
    login = phone.get(apply).headers["Location"]
    assert phone.post(login, {"login": NEW["email"], "password": NEW["password1"], "next": apply}).headers["Location"] == apply

    before = phone.get(apply)
    start = next(url for url in links(before, reverse("profile_start")) if "?" in url)
    assert next_of(start) == apply
    assert apply in hidden_next(phone.get(start))
    names = {"country": "UZ", "native_family": "Karimova", "native_given": "Dilnoza"}
    made = phone.post(start, names | {"next": apply})
    assert made.status_code == 302, made.content.decode()
    assert made.headers["Location"] == apply


def test_the_editor_of_the_profile_leads_back_until_the_application_is_begun(client, program):
    RequiredLanguageFactory(program=program, language="en", level=4)
    expert = ExpertFactory()
    apply = reverse("apply", args=[program.slug])
    client.force_login(expert.user)
    client.get(apply)

    for name in ("profile_edit", "profile_languages", "profile_work"):
        assert apply in links(client.get(reverse(name)), apply)
    expert.languages.create(language="en", level=5)
    client.post(apply, {"do": "start"})
    assert links(client.get(reverse("profile_edit")), apply) == []


def test_the_editor_says_nothing_to_who_was_not_applying(client, program):
    client.force_login(ExpertFactory().user)

    assert "/apply/" not in client.get(reverse("profile_edit")).content.decode()


def test_a_login_before_the_confirmation_sends_a_link_that_keeps_the_page(client, program):
    client.post(reverse("account_signup"), NEW)
    letters().clear()
    cache.clear()

    sent = client.post(
        reverse("account_login"), {"login": NEW["email"], "password": NEW["password1"], "next": program.get_absolute_url()}
    )

    assert next_of(sent.headers["Location"]) == program.get_absolute_url()
    assert next_of(confirmation()) == program.get_absolute_url()


@pytest.mark.parametrize("address", FOREIGN)
def test_only_addresses_of_this_site_are_kept(client, address):
    client.post(reverse("account_signup"), NEW | {"next": address})
    assert next_of(confirmation()) == ""
    page = client.get(reverse("account_email_verification_sent"), {"next": address})
    assert {next_of(url) for url in links(page, reverse("account_login"))} == {""}
    user = UserFactory()
    client.force_login(user)
    made = client.post(
        reverse("profile_start"), {"country": "UZ", "native_family": "Karimova", "native_given": "Dilnoza", "next": address}
    )
    assert made.headers["Location"] == reverse("profile_edit")
    client.logout()
    answer = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD, "next": address})
    assert "evil.example" not in answer.headers.get("Location", "")


def test_login_links_of_the_account_pages_keep_the_page_one_came_for(client, program):
    url = program.get_absolute_url()
    for name in ("account_login", "account_signup"):
        page = client.get(f"{reverse(name)}?next={url}")
        assert {next_of(found) for found in links(page, reverse("account_login"))} == {url}
