"""What every page knows: languages, theme, and what the rooms above offer (hats, counts), each asked for only when a page shows it."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_info

_providers: dict[str, Callable[[HttpRequest], Any]] = {}


def offers(name: str) -> Callable[[Callable[[HttpRequest], Any]], Callable[[HttpRequest], Any]]:
    """Register a function of the request whose answer templates read as `site.<name>`; called at most once a page, only if read."""

    def register(provider: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
        _providers[name] = provider
        return provider

    return register


class Site:
    """Lazy answers for templates: `site.hats`, `site.unread_messages`, `site.languages` ..."""

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
    return {"site": Site(request)}


@offers("demo")
def demo(request: HttpRequest) -> bool:
    return bool(settings.DEMO)


@offers("url")
def site_url(request: HttpRequest) -> str:
    return str(settings.SITE_URL)


@offers("theme")
def theme(request: HttpRequest) -> str:
    chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in {"light", "dark"} else "auto"


@offers("languages")
def languages(request: HttpRequest) -> list[dict[str, Any]]:
    """The languages of the site with their own names; `url` is this page in that language."""
    current, query = get_language(), request.GET.copy()
    found = []
    for code, _name in settings.LANGUAGES:
        query["lang"] = code
        found.append(
            {"code": code, "name": own_name(code), "url": f"{request.path}?{query.urlencode()}", "current": code == current}
        )
    return found


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
