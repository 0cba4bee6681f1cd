"""The newer sections of a profile on a phone, in a real browser: nothing for axe to find, nothing wider than the screen, no script needed."""

import os
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from profiles.domain.confirmation import confirm_path
from profiles.models import CasePicture, ExpertProfile
from tests.helpers.files import picture
from tests.helpers.profile_fixtures import full_profile

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

BIB = "@article{a, title={Felt}, author={Rakhimova, D. and Lee, Ann}, year=2019}\n@article{b, title={Open\n@book{c, title={Wood}}"


@pytest.fixture
def me(textiles):
    return full_profile(textiles)


@pytest.fixture
def phone(chromium, live_server, client, me):
    """The person's own phone, logged in; whatever a page's scripts complain of fails the test."""
    client.force_login(me.user)
    context = chromium.new_context(base_url=live_server.url, viewport={"width": 360, "height": 740})
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


def look(page, name):
    """What is wrong with the page as it stands, in words."""
    found = [f"{name}: {item['id']} {item['nodes'][0]['html'][:120]}" for item in Axe().run(page).response["violations"]]
    width = page.evaluate("document.documentElement.scrollWidth")
    shots = os.environ.get("MIRAS_SHOTS")
    if shots:
        page.screenshot(path=f"{shots}/{name}.png", full_page=True)
    return found + ([f"{name}: {width} px wide"] if width > 360 else [])


def test_new_sections_on_a_phone(phone, me):
    case = me.cases.get()
    addresses = {
        "edit": reverse("profile_edit"),
        "names": reverse("profile_names") + "?add=r",
        "career": reverse("profile_career") + "?add=e",
        "publications": reverse("profile_publications"),
        "publication": reverse("publication_new"),
        "bibtex": reverse("publications_bibtex"),
        "portfolio": reverse("profile_portfolio"),
        "case": reverse("case_edit", args=[case.pk]),
        "visibility": reverse("profile_visibility"),
        "preview": reverse("profile_preview") + "?reader=coordinators",
        "expert": me.get_absolute_url(),
        "confirm": confirm_path(me),
    }
    wrong = []
    for name, address in addresses.items():
        phone.goto(address)
        wrong += look(phone, name)
    assert wrong == []


def test_publications_are_read_looked_at_and_kept_by_hand_and_eye(phone, me):
    phone.goto(reverse("publications_bibtex"))
    phone.get_by_label("BibTeX").fill(BIB)
    phone.get_by_role("button", name="Read it").click()
    assert look(phone, "works") == []
    assert "Line 2" in phone.content()
    phone.get_by_label("Wood").uncheck()
    phone.get_by_role("button", name="Save the ticked works").click()

    phone.get_by_role("button", name=re.compile("Yes, add it .*Rakhimova, D.")).click()
    phone.get_by_text("This spelling was added to your names.").wait_for()
    assert sorted(me.publications.values_list("title", flat=True)) == ["Felt", "Secret paper"]
    assert me.names.get(kind="publication").full == "D. Rakhimova"


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_career_row_by_row(chromium, live_server, client, me, scripts):
    client.force_login(me.user)
    context = chromium.new_context(base_url=live_server.url, viewport={"width": 360, "height": 740}, java_script_enabled=scripts)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()

    page.goto(reverse("profile_career"))
    page.get_by_role("button", name="Save and add a degree").click()
    page.get_by_label("Degree or training").last.fill("Doctor of felt")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(re.compile(r"/profile/(#.*)?$"))

    assert set(me.education.values_list("degree", flat=True)) == {"Secret degree", "Doctor of felt"}
    assert me.positions.count() == 1
    context.close()


def test_a_picture_is_sent_from_the_phone(phone, me):
    case = me.cases.get()
    phone.goto(reverse("case_edit", args=[case.pk]))
    form = phone.locator("form[action$='/pictures/']")
    form.locator("input[type=file]").set_input_files({"name": "rug.jpg", "mimeType": "image/jpeg", "buffer": picture()})
    form.get_by_label("What can be seen").fill("A rug")
    form.get_by_role("button", name="Add the picture").click()
    phone.wait_for_load_state()

    assert look(phone, "case-with-picture") == []
    assert CasePicture.objects.get(alt="A rug").upload
    assert ExpertProfile.objects.get(pk=me.pk).filled_sections.count("portfolio") == 1
