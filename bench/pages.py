"""All pages of all roles, in process and warm: processor time beside the bare logged-in page, queries, bytes of a first load.

Each role follows the links of the pages it sees, from the pages whose address needs nothing filled in; so a new page is measured as
soon as a page links to it. The benchmark fails for a pattern that answers GET and was not reached, unless `NO_PAGES` names it.
"""

import contextlib
import gzip
import json
import re
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.contrib.admindocs.views import simplify_regex
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, URLPattern, get_resolver, resolve
from rich.console import Console
from rich.table import Table

from bench.pages_scenes import furnish, prove_login
from bench.processor import milliseconds
from bench.rig import ROOT, manage, stack, table

MEDIAN, WORST = 25, 60
FIRST_LOAD = 60_000
QUERIES = 20
ROLES = ("anonymous", "expert", "host", "reviewer", "coordinator", "secretariat")
EACH, EACH_WITH_QUERY = 2, 1
"""Addresses of one pattern that are measured for a role."""
TIMES = 3
SHOWN = 25

ELSEWHERE = ("/admin/", "/api/")
NO_PAGES = {
    *("robots", "sitemap", "healthz", "readyz", "live_heads", "desk", "notification", "api_docs"),
    *(
        "import_template",
        "import_map",
        "expert_photo",
        "expert_picture",
        "program_picture_file",
        "expert_cv_made",
        "expert_card",
        "expert_code",
    ),
    *(
        "my_data_archive",
        "thread_after",
        "thread_file",
        "program_calendar",
        "institution_picture_file",
        "ornament",
        "agreement_scan",
        "application_file",
    ),
    *("program_applications_export", "placement_letter", "desk_coordinator_queue", "desk_coordinator_flows"),
    *(
        "application_move",
        "placement_file",
        "program_post",
        "expert_cv",
        "search_suggestions",
        "choices",
        "search_export",
        "saved_search",
        "mfa_download_recovery_codes",
    ),
}
"""Patterns that answer a GET with a file, a fragment, or the way to another page."""
ONE_TIME_LINKS = {
    *("account_confirm_email", "account_reset_password_from_key", "account_take_back", "claim_link", "profile_confirm_link"),
    *(
        "letter_check",
        "saved_search_stop",
        "account_confirm_login_code",
        "account_set_password",
        "mfa_authenticate",
        "mfa_login_webauthn",
    ),
}
"""Pages behind the secret of a letter, or in the middle of a log-in: nobody gets there by a link of the site."""

LINK = re.compile(r'(?:href|hx-get)="([^"]+)"')
ASSET = re.compile(r'(?:href|src)="(/static/[^"]+)"')
MODULE = re.compile(r"""(?:from|import)\s*\(?\s*["'](\.[^"']+)["']""")
BEHAVIOUR = re.compile(r'\["([^"]+)", \(\) => import\("(\./[^"]+)"\)\]')


@dataclass(frozen=True)
class Page:
    """One address as one role sees it, measured."""

    role: str
    name: str
    path: str
    milliseconds: float
    queries: int
    size: int


def run(options: list[str] | None = None) -> bool:
    with stack():
        manage("load_demo")
        manage("search_rebuild")
        return measure()


def measure() -> bool:
    """Measure the pages of the site that this process is set up for."""
    users = accounts()
    further = furnish(users)
    clients = {role: log_in(users.get(role)) for role in ROLES}
    bases = [bare(clients["expert"])]
    pages = []
    for role, client in clients.items():
        if role in users:
            prove_login(client, users[role])
        pages += [measured(role, *found, client) for found in walk(client, further.get(role, []))]
        bases.append(bare(clients["expert"]))
    return report(pages, statistics.median(bases), unreached({page.name for page in pages}))


def accounts() -> dict[str, Any]:
    """The first demonstration account of every role but the anonymous one."""
    from accounts.models import User

    logins = json.loads((settings.DATA_DIR / "demo-logins.json").read_text())
    wanted = {
        role: next(row["email"] for row in logins if row["role"] == role or row["email"].startswith(f"{role}."))
        for role in ROLES
        if role != "anonymous"
    }
    return {role: User.objects.get(email=email) for role, email in wanted.items()}


def log_in(user: Any) -> Any:
    client = Client(headers={"host": "localhost", "accept-encoding": "gzip"}, raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    return client


def bare(client: Any) -> float:
    """Milliseconds of the bare page, in a process of its own: other settings."""
    command = [sys.executable, "-m", "bench.bare", client.session["_auth_user_id"]]
    return float(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout)


# ---- walking ---------------------------------------------------------------------------------------------------------


def walk(client: Any, further: Sequence[str] = ()) -> Iterator[tuple[str, str, Any]]:
    """Name, address and answer of the pages this client gets to by links: a few addresses of each name. `further` come first."""
    waiting = [*further, *(route for _name, route, _view in patterns() if "<" not in route)]
    seen: set[str] = set()
    taken: Counter[tuple[str, bool]] = Counter()
    for path in waiting:
        group = (name_of(path), "?" in path)
        if path in seen or not group[0] or taken[group] >= (EACH_WITH_QUERY if group[1] else EACH):
            continue
        seen.add(path)
        response = client.get(path)
        if response.status_code == 500:
            raise RuntimeError(f"{path} answered {response.status_code}")
        if is_page(response):
            taken[group] += 1
            waiting += links(text_of(response), path)
            yield group[0], path, response
        elif response.status_code == 302:
            waiting += links(f'href="{response["Location"]}"', path)


def patterns(resolver: Any = None, prefix: str = "/") -> Iterator[tuple[str, str, Any]]:
    """Name, address and view of every pattern of the site; the places to be filled in stand in the address as `<name>`."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + simplify_regex(str(entry.pattern)).lstrip("/")
        if isinstance(entry, URLPattern):
            yield str(entry.name), route, entry.callback
        elif not route.startswith(ELSEWHERE):
            yield from patterns(entry, route)


def name_of(path: str) -> str:
    """The name of the pattern that answers an address; empty for what is none of the site's pages."""
    address = urlsplit(path).path
    with contextlib.suppress(Resolver404):
        return "" if address.startswith(ELSEWHERE) else str(resolve(address).url_name)
    return ""


def links(html: str, path: str) -> list[str]:
    """The addresses of this site that a page leads to."""
    found = (urljoin(path, unescape(link)).partition("#")[0] for link in LINK.findall(html))
    return [link for link in found if link.startswith("/") and "lang=" not in link]


def is_page(response: Any) -> bool:
    """Whether a whole page was drawn: no file, no fragment, no way to somewhere else, no refusal."""
    html = response.headers.get("Content-Type", "").startswith("text/html")
    return bool(response.status_code == 200 and html and "<!doctype html>" in text_of(response)[:200].lower())


def text_of(response: Any) -> str:
    body = response.getvalue()
    packed = response.headers.get("Content-Encoding") == "gzip"
    return str((gzip.decompress(body) if packed else body).decode(errors="replace"))


def unreached(names: set[str]) -> list[str]:
    """Patterns that draw a page, as far as can be told without opening it, and that nobody got to."""
    return sorted({name for name, _route, view in patterns() if name not in names | NO_PAGES | ONE_TIME_LINKS and takes_get(view)})


def takes_get(view: Any) -> bool:
    """Whether a view answers a GET at all; those that only change something refuse before they look at anything else."""
    try:
        return bool(view(RequestFactory().get("/")).status_code != 405)
    except Exception:  # noqa: BLE001 -- it looked at the request, and missed something in this one
        return True


# ---- measuring -------------------------------------------------------------------------------------------------------


def measured(role: str, name: str, path: str, response: Any, client: Any) -> Page:
    asked = min(queries_of(client, path) for _ in range(2))  # some counts are kept for seconds: one of the two finds them fresh
    assets = assets_of(text_of(response))
    size = len(response.getvalue()) + sum(packed_size(asset) for asset in assets)
    return Page(role, name, path, milliseconds(lambda: client.get(path), TIMES), asked, size)


def queries_of(client: Any, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
        return len(queries)


def assets_of(html: str) -> set[str]:
    """Style sheets, scripts and pictures of the site that a page loads at first, the modules its marks call for among them."""
    found = set(ASSET.findall(html))
    for script in [path for path in found if "/js/" in path]:
        found |= modules_of(script, html)
    return found


def modules_of(script: str, html: str) -> set[str]:
    """The modules that a script imports, in turn. Those of `main.js` are loaded where the page carries their mark."""
    text = file_of(script).read_text()
    marked = {module: mark for mark, module in BEHAVIOUR.findall(text)}
    found: set[str] = set()
    for module in set(MODULE.findall(text)):
        if module not in marked or carries(html, marked[module]):
            path = urljoin(script, module)
            found |= {path} | modules_of(path, html)
    return found


def carries(html: str, mark: str) -> bool:
    """Whether a page has an element of one of these selectors, by its attribute or its class; a doubtful one counts as there."""
    attributes = re.findall(r"\[([\w-]+)\]", mark)
    classes = re.findall(r"\.([\w-]+)", mark)
    return any(name in html for name in [*attributes, *classes])


def file_of(path: str) -> Path:
    return Path(settings.STATIC_ROOT) / path.removeprefix(settings.STATIC_URL)


def packed_size(path: str) -> int:
    """Bytes of a static file as they are sent."""
    file = file_of(path)
    packed = file.with_name(f"{file.name}.gz")
    return (packed if packed.exists() else file).stat().st_size


# ---- telling ---------------------------------------------------------------------------------------------------------


def report(pages: list[Page], base: float, missing: list[str]) -> bool:
    """Print the dearest pages and the demands; True when all are met."""
    times = {page: page.milliseconds / base for page in pages}
    shown = Table(
        "role", "page", "address", "ms", "times bare", "queries", "first load, kB", title=f"The dearest {SHOWN} of {len(pages)}"
    )
    for page in sorted(pages, key=lambda page: -page.milliseconds)[:SHOWN]:
        cells = (page.role, page.name, page.path[:48], f"{page.milliseconds:.1f}", f"{times[page]:.1f}", str(page.queries))
        shown.add_row(*cells, f"{page.size / 1000:.1f}")
    Console(width=150).print(shown)
    median, worst = statistics.median(times.values()), max(times.values())
    heaviest, most = max(pages, key=lambda page: page.size), max(pages, key=lambda page: page.queries)
    return table(
        f"All pages of all roles, beside {base:.2f} ms of the bare page",
        [
            ("median of all pages", f"{median * base:.1f} ms", "", f"{median:.1f} (<= {MEDIAN})", median <= MEDIAN),
            ("the dearest page", f"{worst * base:.1f} ms", "", f"{worst:.1f} (<= {WORST})", worst <= WORST),
            (
                "first load",
                f"{heaviest.size / 1000:.1f} kB",
                heaviest.path,
                f"<= {FIRST_LOAD // 1000} kB",
                heaviest.size <= FIRST_LOAD,
            ),
            ("queries", str(most.queries), most.path, f"<= {QUERIES}", most.queries <= QUERIES),
            ("patterns nobody got to", str(len(missing)), ", ".join(missing), "0", not missing),
        ],
    )
