"""The questions about the columns of a table, in a real browser: nothing for axe to find, nothing wider than the screen."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from importing.domain import uploads
from importing.domain.answers import answer_layout
from importing.domain.uploads import ImportScope
from importing.models import ExpertImport
from tests.factories import CoordinatorFactory
from tests.importing.test_importing_files import workbook

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROWS = (
    ("№", "Ф.И.Ш.", "Ish joyi", "Mamlakat", "Tillar", "Телефон", "Краткая биография"),
    (
        1,
        "Дилноза Раҳимова",
        "Oʻzbekiston davlat sanʼat muzeyi",
        "Oʻzbekiston",
        "uz:native ru:C1",
        "+998 90 000 00 00",
        "Реставратор шёлка и вышивки, " * 6,
    ),
    (2, "Абай Қунанбаев", "", "Qozogʻiston", "kk:native", "", ""),
    (3, "Айгуль", "", "Mars", "", "", ""),
)


@pytest.mark.parametrize("language", ["ru", "uz"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_columns_of_a_table_are_asked_on_every_screen(chromium, live_server, client, language, width):
    coordinator = CoordinatorFactory(country="UZ", user__language=language).user
    table = SimpleUploadedFile("Сотрудники отдела реставрации 2027.xlsx", workbook(*ROWS, Other=[("a", "b"), (1, 2)]))
    job = uploads.upload_table(by=coordinator, scope=ImportScope(None, "UZ"), table=table)
    uploads.check_table(job.pk)
    client.force_login(coordinator)
    context = chromium.new_context(base_url=live_server.url, viewport={"width": width, "height": 900}, locale=language)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page, errors, found = context.new_page(), [], []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def look(name, address):
        page.goto(address)
        if shots := os.environ.get("MIRAS_SHOTS"):
            page.screenshot(path=f"{shots}/{name}-{language}-{width}.png", full_page=True)
        found.extend(f"{name}: {item['id']} {item['nodes'][0]['html'][:120]}" for item in Axe().run(page).response["violations"])
        wide = page.evaluate("document.documentElement.scrollWidth")
        found.extend([f"{name}: {wide} px wide"] if wide > width else [])

    look("upload", reverse("expert_imports"))
    look("asking", job.get_absolute_url())
    answers = {0: "external_id", 5: "", 6: "biography"}
    job = answer_layout(ExpertImport.objects.get(pk=job.pk), answers, by=coordinator)
    uploads.check_table(job.pk)
    look("ready", job.get_absolute_url())
    context.close()

    assert (found, errors) == ([], [])
