"""Sign-up, log-in, reset, second factor, from outside: and nothing of it tells whether an address has an account."""

import re

import pytest
from allauth.account import app_settings as account_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.domain.tokens import create_token
from accounts.models import User
from tests.accounts.conftest import letters
from tests.factories import PASSWORD, CoordinatorFactory, ExpertFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db

NEW = {"email": "new@example.org", "password1": "lattice-of-turquoise", "password2": "lattice-of-turquoise", "agree": "on"}


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


def link_in(letter):
    return re.search(r"https?://[^/\s]+(/accounts/\S+)", letter.body).group(1)


def sign_up(client, **changes):
    return client.post(reverse("account_signup"), NEW | changes)


def log_in(client, email, password=PASSWORD, **more):
    return client.post(reverse("account_login"), {"login": email, "password": password} | more)


def words(page):
    """What a reader sees of a page, without what differs in every answer."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|content="\w{64}"', "", page.content.decode())
    return re.sub(r"\S+@example\.org", "ADDRESS", text)


def test_sign_up_is_confirmed_by_mail_before_anything_else(client):
    answer = sign_up(client)
    assert answer.url == reverse("account_email_verification_sent")
    assert client.get(answer.url).status_code == 200
    assert client.get(reverse("settings")).url.startswith("/accounts/login/")
    assert log_in(client, NEW["email"], NEW["password1"]).url == reverse("account_email_verification_sent")
    assert client.get(reverse("settings")).url.startswith("/accounts/login/")

    client.post(link_in(letters()[0]))
    answer = log_in(client, NEW["email"], NEW["password1"])

    assert answer.url == reverse("profile_start")
    assert client.get(answer.url).status_code == 200


def test_sign_up_remembers_language_and_clock(client):
    client.cookies["time_zone"] = "Asia/Tashkent"
    with translation.override("ru"):
        client.get(reverse("account_signup"), {"lang": "ru"})
    sign_up(client, email="Ru@Example.org")

    user = User.objects.get()
    assert (user.email, user.language, user.time_zone) == ("ru@example.org", "ru", "Asia/Tashkent")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"password1": "short", "password2": "short"}, "password1"),
        ({"password1": "1234567890", "password2": "1234567890"}, "password1"),
        ({"password2": "another-of-turquoise"}, "password2"),
        ({"email": "not an address"}, "email"),
    ],
)
def test_sign_up_keeps_what_was_typed(client, changes, field):
    page = sign_up(client, **changes)

    assert field in page.context["form"].errors
    assert (NEW | changes)["email"] in page.content.decode()
    assert not User.objects.exists()


def test_sign_up_says_the_same_for_a_known_address():
    known = UserFactory()

    browsers = [Client(), Client()]
    answers = [sign_up(browser, email=email) for browser, email in zip(browsers, ("fresh@example.org", known.email), strict=True)]
    pages = [browser.get(answer.url) for browser, answer in zip(browsers, answers, strict=True)]

    assert answers[0].url == answers[1].url
    assert words(pages[0]) == words(pages[1])
    assert User.objects.count() == 2
    fresh, told = letters()
    assert (fresh.to, told.to) == (["fresh@example.org"], [known.email])
    assert "/accounts/confirm-email/" not in told.body
    known.refresh_from_db()
    assert known.check_password(PASSWORD)


def test_log_in_says_the_same_for_an_unknown_address_and_a_wrong_password():
    known = UserFactory()

    first, second = (log_in(Client(), email, "wrong-password-here") for email in ("nobody@example.org", known.email))

    assert first.status_code == second.status_code
    assert words(first) == words(second)


def test_a_closed_account_says_so_only_to_who_knows_its_password(client):
    closed = UserFactory(is_active=False)

    assert words(log_in(client, closed.email, "wrong-password-here")) == words(
        log_in(client, "x@example.org", "wrong-password-here")
    )
    log_in(client, closed.email)
    assert client.get(reverse("settings")).url.startswith("/accounts/login/")


def test_reset_says_the_same_for_an_unknown_address(client):
    known = UserFactory()
    answers = [Client().post(reverse("account_reset_password"), {"email": email}) for email in ("nobody@example.org", known.email)]

    assert answers[0].url == answers[1].url
    assert words(client.get(answers[0].url)) == words(client.get(answers[1].url))
    to_nobody, to_known = letters()
    assert "/accounts/password/reset/key/" not in to_nobody.body
    assert "/accounts/password/reset/key/" in to_known.body


def test_reset_sets_a_new_password_once(client):
    user = UserFactory(language="ru")
    client.post(reverse("account_reset_password"), {"email": user.email})
    link = link_in(letters()[0])
    form = client.get(link, follow=True).redirect_chain[-1][0]
    answer = client.post(form, {"password1": "new-turquoise-lattice", "password2": "new-turquoise-lattice"})

    assert answer.status_code == 302
    user.refresh_from_db()
    assert user.check_password("new-turquoise-lattice")
    client.get(reverse("account_logout"))
    again = client.get(link, follow=True)
    assert "password1" not in again.content.decode()


def test_reset_ends_api_tokens_and_says_so(client):
    user, other = UserFactory(), UserFactory()
    _token, text = create_token(user, name="script", scopes=["read"], by=user)
    _theirs, kept = create_token(other, name="script", scopes=["read"], by=other)
    client.post(reverse("account_reset_password"), {"email": user.email})
    page = client.get(link_in(letters()[0]), follow=True)
    assert "your API tokens are revoked" in page.content.decode()
    form = page.redirect_chain[-1][0]

    client.post(form, {"password1": "short", "password2": "short"})
    assert Client().get("/api/v1/me", headers={"authorization": f"Bearer {text}"}).status_code == 200
    client.post(form, {"password1": "new-turquoise-lattice", "password2": "new-turquoise-lattice"})

    assert Client().get("/api/v1/me", headers={"authorization": f"Bearer {text}"}).status_code == 401
    assert Client().get("/api/v1/me", headers={"authorization": f"Bearer {kept}"}).status_code == 200


def test_a_changed_password_keeps_tokens_and_says_where_they_end(client):
    user = UserFactory()
    _token, text = create_token(user, name="script", scopes=["read"], by=user)
    log_in(client, user.email)

    assert f'href="{reverse("tokens")}"' in client.get(reverse("account_change_password")).content.decode().partition("<h1>")[2]
    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "new-turquoise-lattice", "password2": "new-turquoise-lattice"},
    )

    assert Client().get("/api/v1/me", headers={"authorization": f"Bearer {text}"}).status_code == 200


@pytest.mark.parametrize(
    ("make", "where"),
    [
        (UserFactory, "profile_start"),
        (lambda: ExpertFactory().user, "home"),
        (lambda: MembershipFactory().user, "home"),
        (lambda: CoordinatorFactory().user, "home"),
        (lambda: UserFactory(is_secretariat=True), "home"),
    ],
)
def test_log_in_leads_newcomers_to_their_first_questions(client, make, where):
    assert log_in(client, make().email).url == reverse(where)


def test_log_in_goes_where_one_was_going_but_never_away(client):
    user = UserFactory()
    assert log_in(client, user.email, next="/settings/tokens/").url == "/settings/tokens/"
    client.post(reverse("account_logout"))

    assert log_in(client, user.email, next="https://evil.example/").url.startswith("/")


def test_log_in_takes_the_address_in_any_case(client):
    user = UserFactory(email="mixed@example.org")

    assert log_in(client, "MIXED@Example.org").status_code == 302
    assert int(client.session["_auth_user_id"]) == user.pk


# ---- second factor -----------------------------------------------------------------------------------------------------


def code_of(secret):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.fixture
def with_totp(client):
    """An account that set its second factor up through the pages; gives (user, secret, recovery codes)."""
    user = UserFactory()
    log_in(client, user.email)
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked.url.startswith(reverse("account_reauthenticate"))
    assert client.post(asked.url, {"password": "wrong-password-here"}).context["form"].errors
    page = client.post(asked.url, {"password": PASSWORD}, follow=True)
    secret = page.context["form"].secret
    assert "<svg" in page.content.decode()
    assert "data:image/svg" in page.content.decode() or secret in page.content.decode()
    assert client.post(reverse("mfa_activate_totp"), {"code": "000000"}).context["form"].errors
    assert client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)}).status_code == 302
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    client.post(reverse("account_logout"))
    cache.clear()  # a code may be used once; the next step of the clock is half a minute away
    return user, secret, codes


def test_second_factor_is_asked_for(client, with_totp):
    user, secret, _codes = with_totp

    assert log_in(client, user.email).url == reverse("mfa_authenticate")
    assert client.get(reverse("settings")).url.startswith("/accounts/login/")
    assert client.post(reverse("mfa_authenticate"), {"code": "123456"}).context["form"].errors
    assert client.get(reverse("settings")).url.startswith("/accounts/login/")

    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})

    assert client.get(reverse("settings")).status_code == 200


def test_a_recovery_code_opens_once(client, with_totp):
    user, _secret, codes = with_totp
    for expected in (200, 302):
        log_in(client, user.email)
        client.post(reverse("mfa_authenticate"), {"code": codes[0]})
        assert client.get(reverse("settings")).status_code == expected
        client.post(reverse("account_logout"))

    assert Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).exists()


@pytest.mark.parametrize("name", ["mfa_index", "mfa_list_webauthn", "mfa_add_webauthn", "account_email", "account_change_password"])
@pytest.mark.parametrize("language", ["en", "ru", "uz"])
def test_pages_of_the_account_render(client, name, language):
    user = UserFactory(language=language)
    log_in(client, user.email)

    page = client.get(reverse(name), follow=True)

    assert page.status_code == 200
    assert page.headers["Content-Language"] == language


def test_passkey_log_in_gives_a_challenge_to_anybody_alike(client):
    page = client.get(reverse("account_login"))
    assert "data-passkey" in page.content.decode()

    challenge = client.get(reverse("mfa_login_webauthn"), headers={"x-requested-with": "XMLHttpRequest"})
    assert challenge.status_code == 200


def test_change_of_address_is_confirmed_first(client):
    user = UserFactory()
    log_in(client, user.email)

    client.post(reverse("account_email"), {"email": "next@example.org", "action_add": ""})

    user.refresh_from_db()
    assert user.email != "next@example.org"
    client.post(link_in(next(letter for letter in letters() if letter.to == ["next@example.org"])))
    user.refresh_from_db()
    assert user.email == "next@example.org"


# ---- rate limits -------------------------------------------------------------------------------------------------------


@pytest.fixture
def limited(settings):
    del settings.ACCOUNT_RATE_LIMITS
    settings.ACCOUNT_RATE_LIMITS = {}


def test_log_in_is_limited_for_known_and_unknown_alike(client, limited):
    known = UserFactory()
    texts = []
    for email in (known.email, "nobody@example.org"):
        cache.clear()
        pages = [log_in(client, email, "wrong-password-here") for _ in range(6)]
        texts.append(words(pages[-1]))
        assert words(pages[-1]) != words(pages[0])

    assert texts[0] == texts[1]
    cache.clear()
    for _ in range(6):
        log_in(client, known.email, "wrong-password-here")
    assert log_in(client, known.email).status_code != 302  # the right one waits too


def test_sign_up_is_limited(client, limited):
    answers = [sign_up(client, email=f"a{n}@example.org") for n in range(22)]

    assert answers[-1].status_code == 429
    assert User.objects.count() == 20


def test_limits_are_on_by_default_for_everything_that_can_be_guessed(limited):
    limits = account_settings.RATE_LIMITS

    assert {"login", "login_failed", "signup", "reset_password", "reset_password_from_key", "reauthenticate"} <= {
        name for name, value in limits.items() if value
    }
    assert account_settings.PREVENT_ENUMERATION
    assert account_settings.EMAIL_VERIFICATION == "mandatory"
