"""The frame of every page, the account pages and the error pages, requested through the whole site."""

import re

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.exceptions import PermissionDenied
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation
from django.views import defaults

from messaging.domain.mail import send_waiting_mail
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

PUBLIC = [
    "account_login",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_email_verification_sent",
    "account_inactive",
]
MEMBERS = ["account_email", "account_change_password", "account_logout", "account_reauthenticate", "mfa_index", "mfa_list_webauthn"]


@pytest.fixture
def member(client):
    user = UserFactory()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return user


@pytest.mark.parametrize("name", PUBLIC)
def test_entrance_page_knows_languages_and_is_not_indexed(client, name):
    page = client.get(reverse(name)).content.decode()

    assert page.count(' lang="tg"') == 2  # the menu in the head and the list in the foot
    assert '<meta name="robots" content="noindex">' in page
    assert '<html lang="en">' in page
    assert page.count("<h1>") == 1


@pytest.mark.parametrize("name", MEMBERS)
def test_members_page_has_the_menu_and_the_log_out_button(client, member, name):
    page = client.get(reverse(name)).content.decode()

    assert 'class="bar"' in page
    assert f'action="{reverse("account_logout")}"' in page
    assert '<meta name="csrf-token"' in page
    assert page.count("<h1>") == 1


def test_log_in_speaks_our_words(client):
    page = client.get(reverse("account_login")).content.decode()

    assert "E-mail address" in page
    assert "placeholder=" not in page.split("<main")[1].split("</main>")[0]
    assert page.count("Forgot password?") == 1
    assert 'id="passkey_login"' in page


def test_wrong_password_is_said_once_and_keeps_the_address(client):
    user = UserFactory()

    page = client.post(reverse("account_login"), {"login": user.email, "password": "wrong"}).content.decode()

    assert page.count('role="alert"') == 2  # the word to the reader, and the sleeping one for htmx
    assert f'value="{user.email}"' in page
    assert page.count("Wrong e-mail address or password.") == 1


def test_second_factor_pages_carry_no_inline_script(client, member):
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    for name in ("mfa_activate_totp", "mfa_add_webauthn", "mfa_index"):
        page = client.get(reverse(name)).content.decode()

        for attributes in re.findall(r"<script\b([^>]*)>", page):
            assert "src=" in attributes or "application/" in attributes, (name, attributes)
        assert " style=" not in page


def test_recovery_codes_are_shown_as_a_list(client, member):
    TOTP.activate(member, generate_totp_secret())
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("mfa_generate_recovery_codes"))

    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()

    assert page.split('id="recovery-codes"')[1].split("</ul>")[0].count("<li>") == 10


def test_content_policy_forbids_inline_code(client):
    policy = client.get(reverse("account_login")).headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_chosen_theme_and_language_are_drawn_by_the_server(client):
    client.cookies["theme"] = "dark"
    client.cookies["language"] = "uz"

    assert '<html lang="uz" data-theme="dark">' in client.get(reverse("account_login")).content.decode()


def test_visitor_keeps_the_language_once_asked_for(client):
    client.get(reverse("account_login"), {"lang": "kk"})

    assert '<html lang="kk">' in client.get(reverse("account_login")).content.decode()


def test_unknown_language_is_not_kept(client):
    response = client.get(reverse("account_login"), {"lang": "xx"})

    assert "language" not in response.cookies


def test_public_page_names_itself_in_seven_languages(client):
    page = client.get("/").content.decode()

    assert page.count('rel="alternate"') == 8
    assert page.count('rel="canonical"') == 1


def test_missing_page_is_no_page_of_ours_for_robots(client):
    response = client.get("/no-such-page/")

    page = response.content.decode()
    assert response.status_code == 404
    assert "Page not found" in page
    assert 'rel="alternate"' not in page
    assert '<meta name="robots" content="noindex">' in page


def test_forbidden_page_gives_the_reason(rf):
    request = _request(rf)

    page = defaults.permission_denied(request, PermissionDenied("Only the sending country decides <this>."))

    assert page.status_code == 403
    assert "Only the sending country decides &lt;this&gt;." in page.content.decode()
    assert "several roles" in defaults.permission_denied(request, PermissionDenied()).content.decode()


def test_stale_form_is_explained(client):
    response = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "a@example.org"})

    assert response.status_code == 403
    assert "This form has expired" in response.content.decode()


def test_failure_pages_need_nothing_that_may_have_failed(rf, django_assert_num_queries):
    with django_assert_num_queries(0):
        broken = defaults.server_error(rf.get("/")).content.decode()
        bad = defaults.bad_request(rf.get("/"), ValueError()).content.decode()

    assert "Xatolik yuz berdi" in broken
    assert "Что-то пошло не так" in broken
    assert "could not read" in bad


def test_letters_are_written_in_the_language_that_is_active():
    context = {"site_url": "https://miras.example", "action_url": "https://miras.example/a/1/", "action_label": "Открыть <заявку>"}

    with translation.override("ru"):
        html = render_to_string("email/base.html", context)
        text = render_to_string("email/base.txt", context)

    assert '<html lang="ru">' in html
    assert "Открыть &lt;заявку&gt;" in html
    assert "Открыть <заявку>:\nhttps://miras.example/a/1/" in text


def test_letter_after_sign_up_leads_to_the_confirmation(client, mailoutbox):
    client.post(
        reverse("account_signup"),
        {"email": "new@example.org", "password1": "very-long-password-9", "password2": "very-long-password-9", "agree": "on"},
    )

    send_waiting_mail()
    (letter,) = mailoutbox
    html = letter.alternatives[0][0]
    link = re.search(r"http://testserver/accounts/confirm-email/[^/]+/", letter.body)[0]
    assert letter.subject == "Confirm your e-mail address"
    assert link in html
    assert "Press the button to confirm" in client.get(link).content.decode()


def test_letter_for_a_forgotten_password_leads_to_a_new_one(client, mailoutbox):
    user = UserFactory()

    client.post(reverse("account_reset_password"), {"email": user.email})

    send_waiting_mail()
    (letter,) = mailoutbox
    link = re.search(r"http://testserver/accounts/password/reset/key/\S+", letter.body)[0]
    assert "example.com" not in letter.body
    assert "New password" in client.get(link, follow=True).content.decode()


def test_emails_to_unknown_addresses_and_to_those_who_signed_up_twice(client, mailoutbox):
    user = UserFactory()

    client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})
    client.post(
        reverse("account_signup"),
        {"email": user.email, "password1": "very-long-password-9", "password2": "very-long-password-9", "agree": "on"},
    )

    send_waiting_mail()
    assert [letter.subject for letter in mailoutbox] == [
        "No account at Miras with this address",
        "You have an account at Miras already",
    ]


def _request(rf: RequestFactory):
    from django.contrib.auth.models import AnonymousUser

    request = rf.get("/")
    request.user = AnonymousUser()
    request.session = {}
    return request
