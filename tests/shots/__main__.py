"""`make shots`: walk every page as each role, in Chromium, and keep a picture of it; exit 1 when a page has a fault.

A page is not fit with an axe finding, a sideways scroll, cut or covered text, a console error, a load the content policy refused, a request to another host,
an untranslated string, an error status, or (the pages people open first) more than 100 kB for a first load.
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
WIDTHS = {360: 740, 1280: 900}
NARROWEST = 320
ROLES = ("anonymous", "expert", "host", "reviewer", "coordinator", "secretariat")
BUDGET = 100_000
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
REFUSALS = "document.addEventListener('securitypolicyviolation', (e) => console.error('CSP refused ' + e.blockedURI + ' ' + e.violatedDirective))"


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.shots", description=__doc__)
    parser.add_argument("--language", "--lang", default="ru")
    parser.add_argument("--out", type=Path, default=ROOT / "shots")
    parser.add_argument("--roles", nargs="*", default=ROLES, choices=ROLES)
    parser.add_argument("--widths", nargs="*", type=int, default=list(WIDTHS), choices=list(WIDTHS))
    parser.add_argument("--without-axe", action="store_true", help="pictures alone, quickly")
    options = parser.parse_args()
    data = Path(tempfile.mkdtemp(prefix="miras-shots-"))
    process, port = start_stack(data)
    try:
        os.environ |= {"DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "exchange.settings"}
        # Playwright's synchronous face runs a loop in this thread; nothing else here does.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        import django

        django.setup()
        problems = walk(options, data, port)
    finally:
        process.terminate()
        process.wait(60)
        shutil.rmtree(data, ignore_errors=True)
    print(f"{len(problems)} problems; pictures in {options.out.name}/")
    for problem in problems:
        print("  " + problem)
    sys.exit(1 if problems else 0)


def start_stack(data):
    """The demonstration in a folder of its own; returns its process and port once a page answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"DATA_DIR": str(data), "PORT": str(port)}
    process = subprocess.Popen([sys.executable, "-m", "devstack", "demo"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return process, port
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the demonstration did not come up")


def walk(options, data, port):
    """Every page of every role; the list of what is wrong."""
    from playwright.sync_api import sync_playwright

    from tests.browsers import find_chromium
    from tests.shots.words import source_words

    logins = {row["role"]: row for row in reversed(json.loads((data / "demo-logins.json").read_text()))}
    logins["reviewer"] = next(
        row for row in json.loads((data / "demo-logins.json").read_text()) if row["email"].startswith("reviewer.")
    )
    words = source_words(options.language) if options.language == "ru" else set()
    options.out.mkdir(exist_ok=True)
    problems = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        for role in options.roles:
            walker = Walker(browser, port, role, options, words)
            walker.enter(logins.get(role))
            walker.walk()
            problems += walker.problems
            print(f"{role}: {walker.seen} pictures, {len(walker.problems)} problems", flush=True)
        browser.close()
    return problems


class Walker:
    """One role's walk."""

    def __init__(self, browser, port, role, options, words):
        self.browser, self.role, self.options, self.words = browser, role, options, words
        self.base = f"http://127.0.0.1:{port}"
        self.problems, self.seen, self.state, self.email = [], 0, None, ""

    def enter(self, login):
        """Log in once; every window shares the session. The account's language is set to the one asked for."""
        if login is None:
            return
        self.email = login["email"]
        from accounts.models import User

        User.objects.filter(email=self.email).update(language=self.options.language)
        context = self.browser.new_context()
        page = context.new_page()
        page.goto(self.base + "/accounts/login/")
        page.fill("[name=login]", self.email)
        page.fill("[name=password]", login["password"])
        page.locator("main form button").first.click()
        page.wait_for_url(lambda url: "/accounts/login/" not in url)
        self.state = context.storage_state()
        context.close()

    def walk(self):
        from tests.shots.pages import HEAVY, pages_of

        pages = pages_of(self.role, self.email)
        for width in self.options.widths:
            for scheme in ("light", "dark"):
                context = self.window(width, scheme)
                for name, path in pages:
                    self.visit(context, name, path, width, scheme)
                context.close()
        for name, path in pages:
            if name in HEAVY:
                self.weigh(name, path)

    def window(self, width, scheme):
        context = self.browser.new_context(
            viewport={"width": width, "height": WIDTHS[width]},
            color_scheme=scheme,
            storage_state=self.state,
            locale=self.options.language,
        )
        context.add_init_script(REFUSALS)
        return context

    def visit(self, context, name, path, width, scheme):
        wrong = []
        page = context.new_page()
        page.on("console", lambda message: wrong.append(f"console: {message.text[:160]}") if message.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(f"script: {str(error)[:160]}"))
        page.on("request", lambda request: self.check_host(request, wrong))
        response = page.goto(self.base + path, wait_until="load")
        page.wait_for_timeout(120)
        expected = 404 if name == "not-found" else 200
        if response.status != expected:
            wrong.append(f"status {response.status}")
        if expected == 404:
            wrong = [entry for entry in wrong if "404" not in entry]
        wrong += [f"untranslated: {text}" for text in self.untranslated(page)]
        wrong += self.axe(page)
        page.screenshot(path=self.options.out / f"{self.role}-{name}-{width}-{scheme}-{self.options.language}.png", full_page=True)
        wrong += self.unreadable(page, width)
        page.close()
        self.seen += 1
        self.problems += [f"{self.role} {name} {width} {scheme} ({path}): {entry}" for entry in dict.fromkeys(wrong)]

    def unreadable(self, page, width):
        """At the width of the picture; on a phone also at 320 px."""
        from tests.helpers.layout import unreadable

        found = unreadable(page)
        if width == min(WIDTHS):
            page.set_viewport_size({"width": NARROWEST, "height": WIDTHS[width]})
            found += [f"{fault} ({NARROWEST} px)" for fault in unreadable(page)]
            page.set_viewport_size({"width": width, "height": WIDTHS[width]})
        return found

    def check_host(self, request, wrong):
        if not request.url.startswith((self.base, "data:", "blob:")):
            wrong.append(f"asks another host: {request.url[:120]}")

    def untranslated(self, page):
        from tests.shots.words import untranslated

        return untranslated(page, self.words) if self.words else []

    def axe(self, page):
        if self.options.without_axe:
            return []
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(page).response["violations"]
        return [f"axe {rule['id']}: {rule['nodes'][0]['html'][:140]}" for rule in found]

    def weigh(self, name, path):
        """All bytes of a first load, as Chromium counts them on the wire."""
        context = self.window(360, "light")
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        sizes = []
        session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        page.goto(self.base + path, wait_until="load")
        page.wait_for_timeout(500)
        context.close()
        if sum(sizes) > BUDGET:
            self.problems.append(f"{self.role} {name}: first load weighs {sum(sizes) / 1000:.0f} kB, at most {BUDGET // 1000} kB")


if __name__ == "__main__":
    main()
