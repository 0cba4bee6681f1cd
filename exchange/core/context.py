"""What every page knows: languages, theme, and what the apps above offer (roles, counts), each asked for only when a page shows it."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_info

from exchange.core.hooks import Hook

page_context: Hook[Callable[[HttpRequest], Any]] = Hook("page context", single=True)
"""Functions of the request whose answer templates read as `site.<key>`; called at most once a page, and only if read."""


class PageContext:
    """Lazy answers for templates: `site.roles`, `site.unread`, `site.languages` ..."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._known: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._known:
            provider = page_context.get(name)
            if provider is None:
                raise KeyError(name)
            self._known[name] = provider(self._request)
        return self._known[name]


def site(request: HttpRequest) -> dict[str, Any]:
    """The context processor."""
    return {"site": PageContext(request)}


@page_context.register("demo")
def demo(request: HttpRequest) -> bool:
    return bool(settings.DEMO)


@page_context.register("url")
def site_url(request: HttpRequest) -> str:
    return str(settings.SITE_URL)


@page_context.register("theme")
def theme(request: HttpRequest) -> str:
    chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in {"light", "dark"} else "auto"


@page_context.register("languages")
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
