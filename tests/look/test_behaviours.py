"""The small modules in a real Chromium, under the real content policy: what a click does, and that the policy blocks nothing."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from tests.factories import PASSWORD, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(chromium, live_server):
    context = chromium.new_context(viewport={"width": 360, "height": 800}, base_url=live_server.url, locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.complaints = []
    page.on("console", lambda line: page.complaints.append(line.text) if serious(line) else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    context.close()


def serious(line):
    """Errors and warnings, but not that this plain test server has no sockets."""
    return line.type in {"error", "warning"} and "WebSocket" not in line.text


def log_in(page, user):
    page.goto(reverse("account_login"))
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.click("main .button:not(.quiet)")
    page.wait_for_selector("summary.role-menu")


def give_it_a_key(page):
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_page_loads_without_a_complaint_and_axe_finds_nothing(page):
    for name in ("home", "account_login", "account_signup", "terms", "privacy"):
        page.goto(reverse(name))
        page.wait_for_load_state("networkidle")

        found = Axe().run(page).response["violations"]
        assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.complaints == []


def test_theme_is_remembered_by_the_server(page):
    page.emulate_media(color_scheme="light")
    page.goto(reverse("account_login"))
    page.locator(".foot [data-theme-switch]").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"

    page.goto(reverse("account_login"))

    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.locator(".foot [data-theme-switch]").click()
    page.locator(".foot [data-theme-switch]").click()
    assert page.locator("html").get_attribute("data-theme") is None


def test_menu_closes_on_escape_and_on_a_press_elsewhere(page):
    page.goto(reverse("account_login"))
    page.wait_for_load_state("networkidle")
    menu = page.locator("details[data-menu]").first

    menu.locator("summary").click()
    assert menu.get_attribute("open") is not None
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    menu.locator("summary").click()
    page.mouse.click(10, 700)
    assert menu.get_attribute("open") is None


def test_form_sent_twice_goes_once(page):
    page.goto(reverse("account_signup"))
    page.wait_for_load_state("networkidle")
    sent = []
    page.route(
        "**/accounts/signup/",
        lambda route: (sent.append(1), route.abort()) if route.request.method == "POST" else route.continue_(),
    )

    page.evaluate(
        """() => {
            const form = document.querySelector("main form[data-once]");
            form.noValidate = true;
            const button = form.querySelector("button");
            button.click(); button.click();
            setTimeout(() => button.click(), 20);
        }"""
    )
    page.wait_for_timeout(300)

    assert len(sent) == 1


def test_error_summary_is_focused(page):
    page.goto(reverse("account_login"))
    page.fill("[name=login]", "nobody@example.org")
    page.fill("[name=password]", "wrong")
    page.click("main .button:not(.quiet)")
    page.wait_for_selector(".summary")
    page.wait_for_load_state("networkidle")

    assert page.evaluate("document.activeElement.classList.contains('summary')")


def test_passkey_is_added_and_opens_the_door(page):
    user = UserFactory()
    give_it_a_key(page)
    log_in(page, user)
    page.goto(reverse("mfa_add_webauthn"))
    page.fill("[name=password]", PASSWORD)
    page.click("main form .button")
    page.fill("[name=name]", "Телефон")
    page.check("[name=passwordless]")
    page.click("#mfa_webauthn_add")
    page.wait_for_selector("#recovery-codes")
    page.click("summary.role-menu")
    page.click(".sheet form[action$='logout/'] button")
    page.wait_for_selector(".head .button")

    page.goto(reverse("account_login"))
    page.click("#passkey_login")
    page.wait_for_selector("summary.role-menu")

    assert page.complaints == []


def test_passkey_that_fails_says_so_in_words(page):
    page.goto(reverse("account_login"))
    page.wait_for_load_state("networkidle")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError')); }")

    page.click("#passkey_login")
    page.wait_for_selector("[data-passkey]:not([hidden])")

    assert "Try again" in page.locator("[data-passkey]").inner_text()
    assert page.complaints == []
