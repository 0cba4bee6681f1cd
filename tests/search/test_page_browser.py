"""The search in a real Chromium at 360 px: the combobox by keyboard, folding filters, axe, and the page without JavaScript."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.factories import CompetenceFactory, ConceptFactory, InstitutionFactory, ProgramFactory
from tests.helpers.search import expert, index

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def opened(chromium, live_server, **options):
    context = chromium.new_context(viewport={"width": 360, "height": 800}, base_url=live_server.url, locale="en-GB", **options)
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.complaints = []
    page.on("console", lambda line: page.complaints.append(line.text) if line.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    return page


@pytest.fixture
def page(chromium, live_server):
    page = opened(chromium, live_server)
    yield page
    page.context.close()


@pytest.fixture
def people():
    ceramics = ConceptFactory(slug="rahim-ware", scheme="material", label={"en": "Rahim ware", "ru": "рахимская керамика"})
    first = expert(sort_name="rahimova dilnoza", audiences={"competences": "everyone", "city": "everyone"})
    CompetenceFactory(profile=first, technique=None, material=ceramics)
    place = InstitutionFactory(name={"en": "Rahim Museum"})
    everyone = [first, expert(given="Азиза"), place, ProgramFactory(institution=place, title={"en": "Rahimova residency"})]
    index(*everyone)
    return everyone


def sound(page):
    found = Axe().run(page).response["violations"]
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_combobox_is_worked_by_keyboard(page, people):
    page.goto("/search/")
    page.wait_for_selector("form[data-suggests]")
    box = page.get_by_role("combobox")
    assert box.get_attribute("aria-expanded") == "false"

    box.press_sequentially("rahim", delay=20)
    page.wait_for_selector("[role=listbox] [role=option]")
    assert box.get_attribute("aria-expanded") == "true"
    expect(page.locator("form.search [role=status]")).to_have_text("5 suggestions. Use the arrow keys.")
    options = page.get_by_role("option")
    assert options.count() == 5
    sound(page)

    box.press("ArrowDown")
    chosen = page.locator("[aria-selected=true]")
    assert chosen.get_attribute("id") == box.get_attribute("aria-activedescendant") == options.nth(0).get_attribute("id")
    box.press("ArrowUp")
    assert chosen.count() == 0
    assert box.get_attribute("aria-activedescendant") is None
    box.press("ArrowUp")
    assert chosen.get_attribute("id") == options.nth(4).get_attribute("id")
    box.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    assert box.input_value() == "rahim"
    box.press("ArrowDown")
    assert box.get_attribute("aria-expanded") == "true"
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url("**/experts/*/")
    assert page.complaints == []


def test_enter_without_a_choice_searches(page, people):
    page.goto("/search/")
    page.wait_for_selector("form[data-suggests]")
    box = page.get_by_role("combobox")
    box.press_sequentially("rahimova")
    box.press("Enter")

    page.wait_for_url("**/search/?q=rahimova")
    assert page.locator("article.card").count() >= 3  # wait_for_url has waited for the whole page
    sound(page)


def test_late_answers_do_not_overwrite_newer_ones(page, people):
    page.goto("/search/")
    page.wait_for_selector("form[data-suggests]")
    asked = []
    page.on("requestfinished", lambda request: asked.append(request.url) if "suggestions" in request.url else None)
    box = page.get_by_role("combobox")

    box.press_sequentially("rahimova", delay=5)
    page.wait_for_selector("[role=option]")
    page.wait_for_timeout(300)

    assert len(asked) <= 2  # typing is waited for
    box.fill("")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_filters_fold_on_a_phone_and_every_state_passes_axe(page, people):
    for address in (
        "/search/?type=experts&q=rahimova",
        "/search/?q=zzzzz",
        "/search/?type=programs",
        f"/search/?concept={'rahim-ware'}",
    ):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        sound(page)
    page.goto("/search/?type=experts")
    assert not page.get_by_role("link", name="Uzbekistan").is_visible()
    page.locator("details.filters > summary").click()
    page.get_by_role("link", name="Uzbekistan").click()
    page.wait_for_url(re.compile(r"/search/\?type=experts&country=UZ"))
    expect(page.locator("details.filters")).to_have_attribute("open", "")
    expect(page.locator("#facet-country")).to_be_in_viewport()
    page.locator("details.filters > summary").click()
    chosen = page.locator(".filtering > .chips a")
    expect(chosen).to_contain_text(["Uzbekistan"])
    sound(page)
    chosen.click()
    page.wait_for_url("**/search/?type=experts")
    expect(chosen).to_have_count(0)
    assert page.complaints == []


def test_page_works_without_javascript(chromium, live_server, people):
    page = opened(chromium, live_server, java_script_enabled=False)
    page.goto("/experts/")
    page.fill("input[name=q]", "rahimova")
    page.click("form.search button")

    expect(page.locator("article.card")).to_have_count(2)
    assert "type=experts" in page.url
    page.context.close()
