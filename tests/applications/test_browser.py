"""The draft in a real Chromium: it is saved automatically, survives a lost connection and a reload, and two tabs never overwrite each other."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from applications.models import Application
from tests import factories as make
from tests.applications.conftest import an_expert
from tests.browsers import faults
from tests.factories import PASSWORD
from tests.helpers.files import PDF

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def context(chromium, live_server):
    context = chromium.new_context(viewport={"width": 360, "height": 800}, base_url=live_server.url, locale="en-GB")
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def complaints(context):
    """What the console says of errors; a lost line and a refused save are no errors of ours."""
    console_errors = []

    def listen(line):
        known = ("WebSocket", "ERR_INTERNET_DISCONNECTED", "409", "422", "favicon")
        if line.type == "error" and not any(word in line.text for word in known):
            console_errors.append(line.text)

    context.on("console", listen)
    context.on("weberror", lambda error: console_errors.append(str(error.error)))
    return console_errors


@pytest.fixture
def tab(context, complaints, draft):
    return open_tab(context, draft, log_in=True)


def open_tab(context, draft, *, log_in=False):
    page = context.new_page()
    if log_in:
        page.goto(reverse("account_login"))
        page.fill("[name=login]", draft.expert.user.email)
        page.fill("[name=password]", PASSWORD)
        page.click("main .button:not(.quiet)")
        page.wait_for_selector("summary.role-menu")
    page.goto(reverse("apply", args=[draft.program.slug]))
    page.wait_for_selector("form[data-bound]")
    return page


def line(page):
    return page.locator("[data-autosave-line]")


def kept(draft):
    draft.refresh_from_db()
    return draft.statement


def test_what_is_typed_is_saved_by_itself(tab, draft, complaints):
    tab.fill("#id_statement", "I restore suzani and ikat.")

    expect(line(tab)).to_contain_text("Saved at")

    assert kept(draft) == "I restore suzani and ikat."
    assert draft.version == 2
    assert tab.evaluate("Object.keys(localStorage).filter(k => k.startsWith('draft:'))") == []
    assert complaints == []


def test_what_is_typed_before_the_script_has_come_is_saved_too(tab, draft, complaints):
    locked = []
    tab.route("**/js/autosave*.js", lambda route: locked.append(route))  # noqa: PLW0108 -- the browser's library marks the handler
    with tab.expect_request("**/js/autosave*.js"):
        tab.reload()
    tab.fill("#id_statement", "Typed on a slow line.")

    for route in locked:
        route.continue_()

    expect(line(tab)).to_contain_text("Saved at")
    assert kept(draft) == "Typed on a slow line."
    assert complaints == []


def test_a_page_that_nobody_typed_in_saves_nothing(tab, draft, complaints):
    sent = []
    tab.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    tab.reload()
    tab.wait_for_selector("form[data-bound]")
    tab.wait_for_timeout(1_800)  # longer than the pause before a save

    assert sent == []
    assert draft.version == 1


def test_a_lost_line_keeps_the_text_on_the_device_and_sends_it_later(tab, context, draft):
    context.set_offline(True)
    tab.fill("#id_statement", "Written on the train to Khiva.")
    expect(line(tab)).to_contain_text("kept on this device")
    assert kept(draft) == "I restore suzani."

    context.set_offline(False)

    expect(line(tab)).to_contain_text("Saved at")
    assert kept(draft) == "Written on the train to Khiva."


def test_a_reload_brings_the_unsent_text_back(tab, context, draft):
    tab.route("**/apply/draft/", lambda route: route.abort())
    tab.fill("#id_statement", "Nearly lost.")
    expect(line(tab)).to_contain_text("kept on this device")
    tab.unroute("**/apply/draft/")

    tab.reload()

    expect(tab.locator("#id_statement")).to_have_value("Nearly lost.")
    expect(line(tab)).to_contain_text("Saved at")
    assert kept(draft) == "Nearly lost."


def test_what_is_typed_before_the_script_has_come_outlives_what_was_kept(tab, draft, complaints):
    tab.route("**/apply/draft/", lambda route: route.abort())
    tab.fill("#id_statement", "Kept from yesterday.")
    expect(line(tab)).to_contain_text("kept on this device")
    tab.unroute("**/apply/draft/")
    locked = []
    tab.route("**/js/autosave*.js", lambda route: locked.append(route))  # noqa: PLW0108 -- the browser's library marks the handler
    with tab.expect_request("**/js/autosave*.js"):
        tab.goto(tab.url)
    tab.fill("#id_statement", "Typed this morning.")

    for route in locked:
        route.continue_()

    expect(line(tab)).to_contain_text("Saved at")
    expect(tab.locator("#id_statement")).to_have_value("Typed this morning.")
    assert kept(draft) == "Typed this morning."


def test_two_tabs_never_overwrite_each_other(tab, context, draft, complaints):
    other = open_tab(context, draft)
    other.fill("#id_statement", "From the other tab.")
    expect(line(other)).to_contain_text("Saved at")

    tab.fill("#id_statement", "From the first tab.")
    expect(line(tab)).to_contain_text("newer text")
    tab.get_by_role("button", name="Compare the two texts").click()

    expect(tab.locator(".newer")).to_contain_text("From the other tab.")
    expect(tab.locator("#id_statement")).to_have_value("From the first tab.")
    assert Axe().run(tab).response["violations"] == []
    assert kept(draft) == "From the other tab."
    tab.get_by_role("button", name="Keep the text of this page").click()
    expect(tab.get_by_text("Saved", exact=True)).to_be_visible()
    assert kept(draft) == "From the first tab."
    assert complaints == []


def test_taking_the_newer_text_forgets_the_older_one(tab, context, draft):
    other = open_tab(context, draft)
    other.fill("#id_statement", "The better one.")
    expect(line(other)).to_contain_text("Saved at")
    tab.fill("#id_statement", "The worse one.")
    expect(line(tab)).to_contain_text("newer text")
    tab.get_by_role("button", name="Compare the two texts").click()

    tab.get_by_role("link", name="Use the newer text").click()

    expect(tab.locator("#id_statement")).to_have_value("The better one.")
    tab.wait_for_selector("form[data-bound]")
    assert tab.evaluate("Object.keys(localStorage).filter(k => k.startsWith('draft:'))") == []
    assert kept(draft) == "The better one."


def test_a_file_goes_on_its_own_and_can_be_taken_away(tab, draft, complaints, tmp_path):
    good, bad = tmp_path / "plan.pdf", tmp_path / "plan.exe"
    good.write_bytes(PDF)
    bad.write_bytes(b"MZ")
    field = tab.locator("[data-upload-field=document]")

    field.locator("input[type=file]").set_input_files(good)
    expect(field.get_by_role("link", name="plan.pdf")).to_be_visible()
    field.locator("input[type=file]").set_input_files(bad)
    expect(field.locator(".errors")).to_contain_text("cannot be used")
    field.get_by_role("button", name="Remove").click()

    expect(field.get_by_role("link", name="plan.pdf")).to_have_count(0)
    assert not draft.files.exists()
    assert complaints == []


def test_submitting_while_it_saves_sends_once(tab, draft, complaints):
    tab.locator("#id_statement").press_sequentially("!", delay=1)
    tab.wait_for_timeout(1100)
    tab.get_by_role("button", name="Submit application").click()

    tab.wait_for_url("**/applications/*/")
    draft.refresh_from_db()
    assert draft.state == "submitted"
    assert tab.evaluate("Object.keys(localStorage).filter(k => k.startsWith('draft:'))") == []
    assert complaints == []


def test_axe_finds_nothing_and_nothing_scrolls_sideways(chromium, live_server, host, draft):
    program = draft.program
    make.QuestionFactory(program=program, kind="some_of", choices=[{"en": "Silk"}, {"en": "Wool"}])
    make.QuestionFactory(program=program, kind="file")
    applicants = [make.ApplicationFactory(program=program, expert=an_expert(country)) for country in ("KZ", "UZ", "TJ")]
    for application, marks in zip(applicants, ((5, 1), (4, 4), (3, 3)), strict=True):
        for user, mark in zip((host.owner, host.editor), marks, strict=True):
            make.ReviewFactory(application=application, reviewer=user, mean=mark)
        Application.objects.filter(pk=application.pk).update(mean_score=sum(marks) / 2, review_count=2)
    offered = make.ApplicationFactory(expert=draft.expert, state="offered", offer_expires_at=program.deadline)
    urls = {
        draft.expert.user: [reverse("apply", args=[program.slug]), reverse("applications"), offered.get_absolute_url()],
        host.owner: [reverse("program_applications", args=[program.slug]), applicants[0].get_absolute_url(), reverse("desk_host")],
    }
    for user, pages in urls.items():
        context = chromium.new_context(base_url=live_server.url, locale="en-GB")
        page = context.new_page()
        page.goto(reverse("account_login"))
        page.fill("[name=login]", user.email)
        page.fill("[name=password]", PASSWORD)
        page.click("main .button:not(.quiet)")
        page.wait_for_selector("summary.role-menu")
        for url in pages:
            page.goto(url)
            assert faults(page) == []
        context.close()


KEYBOARD = """
() => {
  const seen = new EventTarget();
  Object.assign(seen, { height: window.innerHeight - 300, offsetTop: 0, scale: 1 });
  Object.defineProperty(window, "visualViewport", { value: seen, configurable: true });
}
"""
"""A phone's keyboard of 300 px: the page itself keeps its height."""


def test_what_is_saved_stays_in_sight_while_one_types_at_the_top(tab, context, complaints):
    tab.set_viewport_size({"width": 360, "height": 640})
    tab.evaluate("window.scrollTo(0, 0)")
    tab.locator("#id_statement").press_sequentially("I restore ")

    expect(line(tab)).to_contain_text("Saved at")
    expect(line(tab)).to_be_in_viewport(ratio=1)

    context.set_offline(True)
    tab.locator("#id_statement").press_sequentially("suzani.")
    expect(line(tab)).to_contain_text("kept on this device")
    expect(line(tab)).to_be_in_viewport(ratio=1)
    expect(tab.locator("#id_statement")).to_be_focused()
    lowest = "Math.round(document.querySelector('.in-sight').getBoundingClientRect().bottom)"
    assert tab.evaluate(f"{lowest} <= document.querySelector('nav.bar').getBoundingClientRect().top + 1")
    assert complaints == []


def test_what_is_saved_stands_above_the_keyboard(tab):
    tab.add_init_script(f"({KEYBOARD})()")
    tab.reload()
    tab.wait_for_selector("html.typing")
    tab.fill("#id_statement", "Typed on a phone.")

    expect(line(tab)).to_contain_text("Saved at")

    assert tab.evaluate("document.querySelector('.in-sight').getBoundingClientRect().bottom <= window.innerHeight - 299")


def test_conflict_is_told_where_one_types(tab, context, draft):
    tab.set_viewport_size({"width": 360, "height": 640})
    Application.objects.filter(pk=draft.pk).update(version=5, statement="From another device")
    tab.evaluate("window.scrollTo(0, 0)")

    tab.locator("#id_statement").press_sequentially("From this one")

    expect(line(tab)).to_contain_text("A newer text was saved")
    expect(line(tab)).to_be_in_viewport(ratio=1)
    expect(tab.get_by_role("button", name="Compare the two texts")).to_be_in_viewport(ratio=1)


def test_error_of_a_field_goes_when_it_is_corrected_and_comes_back_with_the_refused_text(tab):
    tab.fill("#id_statement", "")
    with tab.expect_navigation():
        tab.locator("button[name=do][value=submit]").click()
    wrong = tab.locator(".field.wrong:has(#id_statement)")
    told = tab.locator(".summary li").filter(has_text="Write your statement")
    shown = (wrong.count(), told.count())

    tab.fill("#id_statement", "I restore suzani.")

    assert shown[0] + shown[1] > 0
    expect(tab.locator(".field.wrong:has(#id_statement)")).to_have_count(0)
