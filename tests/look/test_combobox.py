"""Long lists to type in, in a real Chromium: by keyboard and by hand, in any script, without a connection, without JavaScript."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from profiles.models import Competence
from tests.factories import ConceptFactory, ExpertFactory, InstitutionFactory, MembershipFactory, ProgramFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def concepts():
    names = {"silk": ("silk", "шёлк"), "wool": ("wool", "шерсть"), "wood": ("wood", "дерево")}
    return {
        slug: ConceptFactory(slug=slug, scheme="material", label={"en": english, "ru": russian})
        for slug, (english, russian) in names.items()
    }


@pytest.fixture
def open_page(chromium, live_server, client):
    contexts = []

    def start(user, path, **options):
        client.force_login(user)
        context = chromium.new_context(base_url=live_server.url, viewport={"width": 360, "height": 740}, **options)
        contexts.append(context)
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        page = context.new_page()
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(path)
        if options.get("java_script_enabled", True):
            page.wait_for_selector("[role=combobox]")
        return page

    yield start
    for context in contexts:
        for page in context.pages:
            assert page.complaints == []
        context.close()


@pytest.fixture
def page(open_page, concepts):
    return open_page(ExpertFactory().user, reverse("profile_competences") + "?add=c")


def box(page, name):
    return page.locator(f".combobox:has(+ [name={name}]) input")


def options(page):
    return page.locator(".combobox [role=option]")


def test_it_is_worked_by_keyboard(page, concepts):
    material = box(page, "c-0-material_id")
    material.focus()
    material.press("ArrowDown")
    expect(material).to_have_attribute("aria-expanded", "true")
    expect(options(page)).to_have_text(["Silk", "Wood", "Wool"])
    material.press("ArrowDown")
    material.press("ArrowDown")
    named = page.locator(f"#{material.get_attribute('aria-activedescendant')}")
    expect(named).to_have_text("Wood")
    assert Axe().run(page).response["violations"] == []

    material.press("Enter")

    expect(material).to_have_value("Wood")
    expect(material).to_have_attribute("aria-expanded", "false")
    expect(page.locator("[name=c-0-material_id]")).to_have_value(str(concepts["wood"].pk))
    material.press("ArrowDown")
    material.press("Escape")
    expect(material).to_have_attribute("aria-expanded", "false")
    expect(material).to_have_value("Wood")


def test_what_is_typed_in_another_script_is_found_chosen_and_saved(page, concepts):
    material = box(page, "c-0-material_id")
    material.press_sequentially("шёл")
    expect(options(page)).to_have_text(["Silk"])
    options(page).click()
    with page.expect_navigation():
        page.locator("form .button").last.click()

    assert Competence.objects.get().material_id == concepts["silk"].pk


def test_words_that_name_nothing_leave_the_choice_and_clearing_takes_it_away(page, concepts):
    material, stored = box(page, "c-0-material_id"), page.locator("[name=c-0-material_id]")
    material.fill("wool")
    expect(options(page)).to_have_text(["Wool"])
    material.press("Enter")
    material.fill("zzz")
    material.blur()
    expect(material).to_have_value("Wool")
    expect(stored).to_have_value(str(concepts["wool"].pk))

    material.fill("")
    material.blur()

    expect(stored).to_have_value("")


def test_recent_choice_comes_first_in_the_next_row(page, concepts):
    box(page, "c-0-material_id").fill("wool")
    expect(options(page)).to_have_text(["Wool"])
    box(page, "c-0-material_id").press("Enter")

    page.goto(reverse("profile_competences") + "?add=c")
    box(page, "c-0-material_id").click()

    expect(options(page).first).to_have_text("Wool")
    expect(page.locator(".combobox [role=group]").first).to_contain_text("Chosen recently")


def test_without_a_connection_the_plain_list_is_searched(page, concepts):
    page.context.set_offline(True)

    box(page, "c-0-material_id").fill("woo")

    expect(options(page)).to_have_text(["Wood", "Wool"])


def test_the_label_and_the_error_belong_to_the_box(open_page, concepts):
    page = open_page(ExpertFactory().user, reverse("profile_languages") + "?add=r")
    page.select_option("[name=r-0-level]", "3")
    with page.expect_navigation():
        page.locator("form .button").last.click()

    expect(page.locator(".summary")).to_be_focused()
    language = page.get_by_role("combobox", name="Language")
    expect(language).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".field.wrong").first).to_be_visible()
    language.fill("Uzbek")
    expect(options(page).first).to_have_text("Uzbek")
    language.press("Enter")

    expect(page.locator(".field.wrong")).to_have_count(0)
    expect(page.locator(".summary")).to_be_hidden()
    expect(language).not_to_have_attribute("aria-invalid", "true")


def test_topics_are_ticked_by_name_and_shown_as_chosen(open_page, concepts):
    program = ProgramFactory()
    editor = MembershipFactory(institution=program.institution, role="editor").user
    page = open_page(editor, reverse("program_section", args=[program.slug, "topics"]))

    topic = page.get_by_role("combobox")
    topic.fill("шелк")
    expect(options(page)).to_have_text(["Silk"])
    topic.press("Enter")

    expect(page.locator(f"[name=concepts][value='{concepts['silk'].pk}']")).to_be_checked()
    chip = page.get_by_role("button", name="Remove: Silk")
    chip.click()
    expect(page.locator(f"[name=concepts][value='{concepts['silk'].pk}']")).not_to_be_checked()
    expect(chip).to_have_count(0)
    assert Axe().run(page).response["violations"] == []


def test_an_institution_is_suggested_and_another_may_be_written(open_page):
    InstitutionFactory(name={"en": "Registan Museum", "ru": "Музей Регистана"})
    page = open_page(ExpertFactory().user, reverse("profile_career") + "?add=p")
    place = page.locator("[name=p-0-place]")

    place.fill("регис")
    options(page).click()
    expect(place).to_have_value("Registan Museum")
    place.fill("House of my master")
    place.blur()

    expect(place).to_have_value("House of my master")


def test_without_javascript_the_plain_lists_are_there(open_page, concepts):
    page = open_page(ExpertFactory().user, reverse("profile_competences") + "?add=c", java_script_enabled=False)

    page.select_option("[name=c-0-material_id]", label="Silk")
    page.locator("form .button").last.click()

    assert Competence.objects.get().material_id == concepts["silk"].pk
