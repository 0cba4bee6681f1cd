"""The pages about one's own data in a real Chromium, on a phone: archive, log of consents, the end of the account and the way back."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from accounts.domain.consents import record_sign_up
from accounts.models import User
from privacy.domain.exports import make_export
from privacy.models import DataExport
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(chromium, live_server):
    context = chromium.new_context(viewport={"width": 360, "height": 800}, base_url=live_server.url, locale="en-GB")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def log_in(page, user):
    page.goto(reverse("account_login"))
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.click("main .button:not(.quiet)")


def check(page):
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in Axe().run(page).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_from_archive_to_goodbye_and_back(page, member):
    record_sign_up(member)
    log_in(page, member)
    page.wait_for_selector("summary.role-menu")
    page.goto(reverse("privacy_settings"))
    check(page)

    page.goto(reverse("my_data"))
    check(page)
    page.fill("[name=password]", PASSWORD)
    page.click("main form .button")
    expect(page.locator("#progress")).to_contain_text("Being created")
    check(page)
    assert make_export(DataExport.objects.get().pk)
    with page.expect_download() as download:  # the page notices by itself
        page.get_by_role("link", name="Download the archive").click()
    assert download.value.suggested_filename.endswith(".zip")
    check(page)

    page.goto(reverse("account_delete"))
    check(page)
    page.fill("[name=address]", member.email)
    page.fill("main [name=password]", PASSWORD)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete my account").click()
    expect(page.get_by_role("heading", name="Your account is closed")).to_be_visible()
    check(page)

    log_in(page, member)
    expect(page.get_by_role("heading", name="This account is about to be deleted")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Keep my account").click()
    page.wait_for_selector("summary.role-menu")
    assert User.objects.get(pk=member.pk).is_active
