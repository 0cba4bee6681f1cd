"""`make pictures`: the three pictures of `README.md` (expert, host, coordinator), each a desk and a phone side by side, into `docs/img/`.

Starts a demonstration of its own; `--data` and `--port` name one that runs already.
"""

import argparse
import io
import json
import os
import shutil
import tempfile
from pathlib import Path

from tests.shots.__main__ import ARGUMENTS, ROOT, start_stack

FOLDER = ROOT / "docs" / "img"
DESK, PHONE, GAP, PAPER = (1280, 860), (360, 740), 40, (231, 226, 216)
WIDTH, COLOURS = 1400, 160
"""Of a finished picture: pixels across, and colours of its palette, which keep it below 250 kB."""


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.shots.front", description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--port", type=int)
    options = parser.parse_args()
    if options.data and options.port:
        take(options.data.resolve(), options.port)
        return
    data = Path(tempfile.mkdtemp(prefix="miras-pictures-"))
    process, port = start_stack(data)
    try:
        take(data, port)
    finally:
        process.terminate()
        process.wait(60)
        shutil.rmtree(data, ignore_errors=True)


def take(data, port):
    os.environ |= {"DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "exchange.settings", "DJANGO_ALLOW_ASYNC_UNSAFE": "true"}
    import django

    django.setup()
    from playwright.sync_api import sync_playwright

    from tests.browsers import find_chromium

    logins = json.loads((data / "demo-logins.json").read_text())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        for name, (address, path) in scenes().items():
            login = next(row for row in logins if row["email"].startswith(address))
            picture = compose(*(shot(browser, port, login, path, size) for size in (DESK, PHONE)))
            target = FOLDER / f"{name}.png"
            picture.save(target, optimize=True)
            print(f"{target.relative_to(ROOT)}: {target.stat().st_size // 1000} kB")
        browser.close()


def scenes():
    """Whose page each picture shows, and which."""
    from applications.models import Application

    in_review = Application.objects.filter(
        state="shortlisted", program__institution__slug="us-winterthur-delaware", reviews__isnull=False
    )
    review = in_review.order_by("pk").first()
    return {
        "expert": ("expert.uz", "/"),
        "host": ("owner.winterthur", review.get_absolute_url() if review else "/"),
        "coordinator": ("coordinator.uz", "/desk/"),
    }


def shot(browser, port, login, path, size):
    """One page as this person sees it, in English."""
    from django.contrib.auth import get_user_model
    from PIL import Image

    get_user_model().objects.filter(email=login["email"]).update(language="en")
    base = f"http://127.0.0.1:{port}"
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme="light", locale="en")
    page = context.new_page()
    page.goto(base + "/accounts/login/")
    page.fill("[name=login]", login["email"])
    page.fill("[name=password]", login["password"])
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
    page.goto(base + path)
    page.wait_for_timeout(300)
    found = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    context.close()
    return found


def compose(desk, phone):
    from PIL import Image

    size = (desk.width + phone.width + 3 * GAP, desk.height + 2 * GAP)
    picture = Image.new("RGB", size, PAPER)
    picture.paste(desk, (GAP, GAP))
    picture.paste(phone, (desk.width + 2 * GAP, GAP + (desk.height - phone.height) // 2))
    picture = picture.resize((WIDTH, round(WIDTH * size[1] / size[0])), Image.Resampling.LANCZOS)
    return picture.quantize(COLOURS, dither=Image.Dither.NONE)


if __name__ == "__main__":
    main()
