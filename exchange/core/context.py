"""What every page knows: languages, theme, and what the apps above offer (roles, counts), each asked for only when a page shows it."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_info

from exchange.core.stamps import NOTHING, Stamp

_providers: dict[str, Callable[[HttpRequest], Any]] = {}
_stamps: dict[str, Stamp | None] = {}


def page_context(
    name: str, *, stamp: Stamp | None = None
) -> Callable[[Callable[[HttpRequest], Any]], Callable[[HttpRequest], Any]]:
    """Register a function of the request whose answer templates read as `site.<name>`; called at most once a page, only if read.

    `stamp` changes whenever the answer does; pages that are asked for most are remembered by it (`core.remembered`).
    """

    def register(provider: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
        _providers[name] = provider
        _stamps[name] = stamp
        return provider

    return register


def context_stamps() -> list[Stamp | None]:
    """The stamps of everything offered; None for each that gave none."""
    return list(_stamps.values())


class PageContext:
    """Lazy answers for templates: `site.roles`, `site.unread_messages`, `site.languages` ..."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._known: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._known:
            if name not in _providers:
                raise KeyError(name)
            self._known[name] = _providers[name](self._request)
        return self._known[name]


def site(request: HttpRequest) -> dict[str, Any]:
    """The context processor."""
    return {"site": PageContext(request)}


@page_context("demo", stamp=NOTHING)
def demo(request: HttpRequest) -> bool:
    return bool(settings.DEMO)


@page_context("url", stamp=NOTHING)
def site_url(request: HttpRequest) -> str:
    return str(settings.SITE_URL)


@page_context("theme", stamp=NOTHING)
def theme(request: HttpRequest) -> str:
    chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in {"light", "dark"} else "auto"


@page_context("languages", stamp=NOTHING)
def languages(request: HttpRequest) -> list[dict[str, Any]]:
    """The languages of the site with their own names; `url` is this page in that language."""
    current = get_language()
    return [
        {"code": code, "name": own_name(code), "url": _with_language(request, code), "current": code == current}
        for code, _ in settings.LANGUAGES
    ]


OWN_NAMES = {
    "uz": "Oʻzbekcha",
    "kk": "Қазақша",
    "ky": "Кыргызча",
    "tg": "Тоҷикӣ",
    "tk": "Türkmençe",
    "ru": "Русский",
    "en": "English",
}


def own_name(code: str) -> str:
    return OWN_NAMES.get(code) or str(get_language_info(code)["name_local"])


def _with_language(request: HttpRequest, code: str) -> str:
    query = request.GET.copy()
    query["lang"] = code
    return f"{request.path}?{query.urlencode()}"
