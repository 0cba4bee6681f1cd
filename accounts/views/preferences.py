"""Switches of every page: language and colours."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from accounts.domain.accounts import save_preferences
from exchange.core.next_page import safe_next

A_YEAR = 31_536_000


def without_language(url: str) -> str:
    """The URL without its `lang`, which would otherwise override the new choice."""
    path, question, query = url.partition("?")
    kept = "&".join(pair for pair in query.split("&") if pair and pair.partition("=")[0] != "lang")
    return f"{path}?{kept}" if question and kept else path


@require_POST
@login_not_required
def language_switch(request: HttpRequest) -> HttpResponse:
    """Set the language of the account, or of an anonymous user in a cookie. An unknown one changes nothing."""
    response = HttpResponseRedirect(without_language(safe_next(request)))
    wanted = request.POST.get("language", "")
    if wanted in dict(settings.LANGUAGES):
        user: Any = request.user
        if user.is_authenticated:
            save_preferences(user, by=user, language=wanted)
        _set_cookie(response, settings.LANGUAGE_COOKIE_NAME, wanted)
    return response


@require_POST
@login_not_required
def theme_switch(request: HttpRequest) -> HttpResponse:
    """Set light, dark or automatic colours for this browser, in a cookie. An unknown value changes nothing."""
    response = HttpResponseRedirect(safe_next(request))
    wanted = request.POST.get("theme", "")
    if wanted in {"light", "dark"}:
        _set_cookie(response, "theme", wanted)
    elif wanted == "auto":
        response.delete_cookie("theme", samesite="Lax")
    return response


def _set_cookie(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=A_YEAR, samesite="Lax", secure=settings.HTTPS)
