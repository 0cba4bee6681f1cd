"""Where the system's Chromium is, and one run of it; tests marked `browser` drive it through playwright."""

import os
import shutil
from contextlib import contextmanager
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 15_000
"""Milliseconds an expectation waits, unless it says otherwise: a page on a busy machine is late, not wrong."""
MACOS = ("Google Chrome", "Chromium")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run")


def find_chromium():
    """Its path, or None; `CHROMIUM` in the environment goes before everything."""
    for name in (os.environ.get("CHROMIUM", ""), *NAMES):
        found = shutil.which(name) if name else None
        if found:
            return found
    for name in MACOS:
        path = Path(f"/Applications/{name}.app/Contents/MacOS/{name}")
        if path.exists():
            return str(path)
    return None


@contextmanager
def running_chromium():
    """A headless Chromium that asks nothing of the network by itself."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright keeps a loop in this thread; the database is used between its calls
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(QUIET))
            yield browser
            browser.close()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def faults(page, widths=(360, 1280)):
    """What axe finds on this page and what is wider than the screen, on a phone and on a desk, in the light and in the dark."""
    from axe_playwright_python.sync_playwright import Axe

    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            violations = Axe().run(page).response["violations"]
            found += [(page.url, width, scheme, each["id"], [node["html"] for node in each["nodes"]]) for each in violations]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append((page.url, width, "scrolls sideways"))
    return found
