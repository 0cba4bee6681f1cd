"""All bytes of a first load but its pictures, compressed, as Chromium counts them, of the pages people open first."""

from bench.rig import login, manage, served, stack, table
from tests.browsers import find_chromium

DEMAND = 60_000
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def run() -> bool:
    from playwright.sync_api import sync_playwright

    chromium = find_chromium()
    if chromium is None:
        print("no Chromium found: not measured")
        return True
    rows = []
    with stack():
        manage("load_demo")
        pages = _pages()
        with served("exchange.asgi:application") as port, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            for name, path, cookie in pages:
                size, requests = _weigh(browser, port, path, cookie)
                rows.append((name, f"{size / 1000:.1f} kB", f"{requests} requests", f"<= {DEMAND // 1000} kB", size <= DEMAND))
            browser.close()
    return table("First load", rows)


def _pages() -> list[tuple[str, str, str]]:
    import json

    from django.conf import settings

    from accounts.models import User
    from programs.models import Program

    logins = json.loads((settings.DATA_DIR / "demo-logins.json").read_text())
    person = {
        role: login(User.objects.get(email=next(row["email"] for row in logins if row["role"] == role)))
        for role in ("expert", "coordinator")
    }
    expert = User.objects.get(email=next(row["email"] for row in logins if row["role"] == "expert")).expert_profiles.get()
    open_to = Program.objects.open().filter(eligible_countries__contains=[expert.country]).exclude(applications__expert=expert)
    program = open_to.order_by("pk").first()
    return [
        ("home, anonymous", "/", ""),
        ("home, expert", "/", person["expert"]),
        ("search, anonymous", "/search/?type=programs", ""),
        ("programme list", "/programs/", person["expert"]),
        ("programme", f"/programs/{program.slug}/", person["expert"]),
        ("apply", f"/programs/{program.slug}/apply/", person["expert"]),
        ("desk", "/desk/", person["coordinator"]),
    ]


def _weigh(browser, port, path, cookie):
    context = browser.new_context(viewport={"width": 360, "height": 740})
    if cookie:
        name, value = cookie.split("=")
        context.add_cookies([{"name": name, "value": value, "url": f"http://127.0.0.1:{port}"}])
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    sizes, pictures = {}, set()
    session.on("Network.responseReceived", lambda event: event["type"] == "Image" and pictures.add(event["requestId"]))
    session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    page.goto(f"http://127.0.0.1:{port}{path}", wait_until="load")
    page.wait_for_timeout(700)
    context.close()
    without = [size for request, size in sizes.items() if request not in pictures]
    return sum(without), len(without)
