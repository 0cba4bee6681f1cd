"""The page context: values that any template can read as `site.<key>`, such as languages, theme, roles, counts; evaluated lazily."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from exchange.core.hooks import Hook
from exchange.core.interface_languages import INTERFACE_LANGUAGES

page_context: Hook[Callable[[HttpRequest], Any]] = Hook("page context", single=True)
"""Functions of the request whose result templates read as `site.<key>`; called at most once a page, and only if read."""


class PageContext:
    """Lazy values for templates: `site.roles`, `site.unread`, `site.languages` ..."""

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
    """The interface languages with their own names; `url` is this page in that language."""
    current, query = get_language(), request.GET.copy()
    found = []
    for code, _name, own_name, *_rest in INTERFACE_LANGUAGES:
        query["lang"] = code
        found.append({"code": code, "name": own_name, "url": f"{request.path}?{query.urlencode()}", "current": code == current})
    return found
