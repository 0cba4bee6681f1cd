"""People with phones who do the main job by clicking: the same steps with JavaScript and without."""

import re

from playwright.sync_api import expect

from tests.factories import PASSWORD
from tests.helpers.files import PDF

SOLID = ".button:not(.quiet):not(.danger)"


class Person:
    """One login in a browser of its own: 360 pixels wide, in Russian."""

    def __init__(self, chromium, platform, email, *, scripts):
        self.platform, self.scripts = platform, scripts
        self.context = chromium.new_context(
            base_url=f"http://127.0.0.1:{platform.port}",
            viewport={"width": 360, "height": 780},
            locale="ru-RU",
            java_script_enabled=scripts,
            accept_downloads=True,
        )
        self.context.set_default_timeout(30_000)
        self.complaints = []
        self.context.on("console", self._listen)
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.page = self.context.new_page()
        self.page.on("dialog", lambda dialog: dialog.accept())
        self.page.on("response", self._watch)
        self._log_in(email)

    def _listen(self, line):
        if line.type == "error":
            self.complaints.append(line.text)

    def _watch(self, response):
        if response.status >= 400:
            self.complaints.append(f"{response.status} {response.request.method} {response.url}")

    def _log_in(self, email):
        self.go("/accounts/login/")
        self.page.fill("[name=login]", email)
        self.page.fill("[name=password]", PASSWORD)
        self.click(f"main form {SOLID}")
        assert "/accounts/" not in self.page.url, self.page.inner_text("main")

    def go(self, path):
        self.page.goto(path)
        self.look()

    def click(self, selector, **options):
        with self.page.expect_navigation():
            self.page.locator(selector).first.click(**options)
        self.look()

    def look(self):
        """What has to hold on every page: in Russian, no wider than the phone, no error in the console."""
        if any(said.startswith("5") for said in self.complaints):
            raise AssertionError(f"{self.complaints}\n{self.platform.logs()}")
        expect(self.page.locator("html")).to_have_attribute("lang", "ru")
        if self.scripts:
            wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{self.page.url} is {wide} px wider than the phone"
        assert not self.complaints, (self.page.url, self.complaints)

    def transition(self, name, **fields):
        """Press the button of a transition; one that asks for words unfolds its form first."""
        form = self.page.locator(f'main form[action*="/{name}/"]').first
        fold = self.page.locator(f'details:has(form[action*="/{name}/"])').first
        if fold.count():
            fold.locator("summary").first.click()
        for field, value in fields.items():
            control = form.locator(f"[name={field}]")
            if control.evaluate("e => e.tagName") == "SELECT" if self.scripts else control.locator("option").count():
                control.select_option(value)
            else:
                control.fill(value)
        with self.page.expect_navigation():
            form.locator("button").last.click()
        self.look()

    @property
    def text(self):
        return self.page.inner_text("main")

    def leave(self):
        self.context.close()
        assert not self.complaints, self.complaints


# ---- the expert -----------------------------------------------------------------------------------------------------


def make_profile(person):
    """From an account without a profile to one that says what a host needs."""
    page = person.page
    assert page.url.endswith("/profile/start/")
    page.select_option("[name=country]", "UZ")
    for name, text in {
        "native_family": "Тўхтаев",
        "native_given": "Жасур",
        "latin_family": "Toʻxtayev",
        "latin_given": "Jasur",
    }.items():
        page.fill(f"[name={name}]", text)
    person.click(f"main form {SOLID}")

    person.go("/profile/work/")
    page.fill("[name=city]", "Samarkand")
    page.fill("[name=headline]", "Реставратор тканей")
    page.fill("[name=experience_years]", "8")
    page.fill("[name=biography]", "Храню и реставрирую четыре тысячи тканей.")
    person.click(f"main form {SOLID}")

    person.go("/profile/competences/")
    choose(person, "f-0-concept", "Реставрация тканей")
    choose(person, "c-0-material_id", "Шёлк")
    choose(person, "c-0-technique_id", "Восполнение утрат")
    page.select_option("[name=c-0-level]", "3")
    person.click(f"main form {SOLID}")

    person.go("/profile/languages/")
    for row, (language, level) in enumerate([("Узбекский", "7"), ("Русский", "5"), ("Английский", "5")]):
        if page.locator(f"[name=r-{row}-language]").count() == 0:
            page.locator("button[name=add]").click()
            expect(page.locator(f"[name=r-{row}-language]")).to_be_attached()
        choose(person, f"r-{row}-language", language)
        page.select_option(f"[name=r-{row}-level]", level)
    person.click(f"main form {SOLID}")
    person.go("/profile/")
    assert "Реставрация тканей" in person.text


def choose(person, name, label):
    """From a long list: by typing where scripts run, else from the plain list."""
    if not person.scripts:
        return person.page.select_option(f"[name={name}]", label=label)
    box = person.page.locator(f".combobox:has(+ [name={name}])")
    box.locator("input").fill(label)
    expect(box.locator(".at > span")).to_have_text(label)
    box.locator("input").press("Enter")
    expect(person.page.locator(f"[name={name}]")).not_to_have_value("")
    return None


def find_programme(person, slug):
    """By words, in the language of the page; the programme says at once whether one may apply."""
    person.go("/programs/")
    person.page.locator("main [name=q]").first.fill("текстиля")
    person.page.locator("main [name=q]").first.press("Enter")
    person.page.wait_for_url(re.compile(r"q="))
    # The platform has just begun: its worker writes the index of all the demonstration while the first people come in.
    for _again in range(60):
        if person.page.locator(f'main a[href="/programs/{slug}/"]').count():
            break
        person.page.wait_for_timeout(1_000)
        person.page.reload()
    person.click(f'main a[href="/programs/{slug}/"]')
    assert "Вы соответствуете требованиям" in person.text


def apply(person, slug):
    """A draft that keeps itself, a reload in between, and one submission."""
    page = person.page
    person.click(f'main a[href="/programs/{slug}/apply/"]')
    person.click(f"main form {SOLID}")
    page.fill("[name=statement]", "Сюзане с утратами шёлка: хочу сравнить способы восполнения.")
    if person.scripts:
        expect(page.locator("[data-autosave-line]")).to_contain_text(re.compile("Сохранено|Saved"))
    else:
        person.click("button[name=do][value=save]:visible:not(.slim)")
    person.go(f"/programs/{slug}/apply/")
    expect(page.locator("[name=statement]")).to_have_value(re.compile("^Сюзане"))
    for area in page.locator("main textarea[name^=q-]").all():
        area.fill("Методика и два семинара для коллег.")
    page.locator("main input[type=checkbox][name^=q-]").first.check()
    page.locator("main [data-upload] input[type=file]").first.set_input_files(
        {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    if person.scripts:  # sent at once, with its name above the field
        expect(page.locator("main [data-upload] .files").first).to_contain_text("plan.pdf")
    person.click("button[name=do][value=submit]")
    person.go("/applications/")
    assert "Подано" in person.text


def write(person, thread, words):
    """Say something in a conversation; without scripts the page comes back with it."""
    if f"/messages/{thread}/" not in person.page.url:
        person.go(f"/messages/{thread}/")
    person.page.locator("form textarea[name=body]").fill(words)
    person.page.locator("form:has(textarea[name=body]) button").last.click()
    expect(person.page.locator("main")).to_contain_text(words)


# ---- the host -------------------------------------------------------------------------------------------------------


def score(person, application):
    person.go(f"/applications/{application}/")
    page = person.page
    names = {radio.get_attribute("name") for radio in page.locator("input[name^=score-]").all()}
    assert len(names) == 3
    for name in names:
        page.locator(f"input[name={name}][value='4']").check()
    page.fill("[name=comment]", "Убедительный план.")
    person.click(f'form[action*="/{application}/review/"] button:not([name=next])')


def decide(person, application, transition, **fields):
    person.go(f"/applications/{application}/")
    person.transition(transition, **fields)


# ---- the coordinators -----------------------------------------------------------------------------------------------


def approve(person, placement, country):
    """From the desk to the placement, and yes."""
    person.go("/desk/")
    person.click(f'main a[href^="/placements/{placement}/"]')
    person.transition(f"approvals/{country}/approve")
