"""Language and time zone of the user, limits of request bodies, required login, and responses for domain errors."""

import zoneinfo
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import middleware as auth_middleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from exchange.core.api import problem
from exchange.core.body_limits import TOO_LARGE, body_limit
from exchange.core.errors import DomainError

LANGUAGE_CODES = frozenset(code for code, _ in settings.LANGUAGES)
GetResponse = Callable[[HttpRequest], HttpResponse]


class PreferencesMiddleware:
    """Activate the reader's language and time zone: `?lang=`, then the account, then the cookie, then the browser."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = self.language_of(request)
        zone = self.zone_of(request)
        request.LANGUAGE_CODE = language
        with translation.override(language), timezone.override(zone):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if not request.path.startswith(settings.STATIC_URL):
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
        if request.GET.get("lang", "") == language and not request.user.is_authenticated:
            # the language of `?lang=` is kept for the next pages
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=31_536_000, samesite="Lax", secure=settings.HTTPS)
        return response

    @staticmethod
    def language_of(request: HttpRequest) -> str:
        asked = request.GET.get("lang", "")
        if asked in LANGUAGE_CODES:
            return asked
        user: Any = request.user
        if user.is_authenticated and user.language in LANGUAGE_CODES:
            return str(user.language)
        return translation.get_language_from_request(request)

    @staticmethod
    def zone_of(request: HttpRequest) -> zoneinfo.ZoneInfo:
        user: Any = request.user
        name = user.time_zone if user.is_authenticated else request.COOKIES.get("time_zone", "")
        try:
            return zoneinfo.ZoneInfo(name or settings.TIME_ZONE)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            return zoneinfo.ZoneInfo(settings.TIME_ZONE)


class LoginRequiredMiddleware(auth_middleware.LoginRequiredMiddleware):
    """Every view requires a login unless it opts out. htmx requests get HX-Redirect instead of a login page; the API has its own check."""

    def process_view(self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any) -> Any:
        if request.path.startswith("/api/"):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        response = super().handle_no_permission(request, view_func)
        if request.headers.get("HX-Request") and isinstance(response, HttpResponseRedirect):
            return HttpResponse(status=401, headers={"HX-Redirect": response.url})
        return response


class BodyLimitMiddleware:
    """Refuses a request body larger than its path allows with 413, before anything has read it: a page, a fragment for htmx, or a problem document."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        if not length and TOO_LARGE not in request.META:
            return self.get_response(request)
        limit = body_limit(request.path)
        if length <= limit and TOO_LARGE not in request.META:
            return self.get_response(request)
        message = _("What was sent is too large: at most %(largest)s can be sent here.") % {"largest": filesizeformat(limit)}
        if request.path.startswith("/api/"):
            return problem(request, 413, _("Too large"), code="too-large", detail=message)
        if request.headers.get("HX-Request"):
            return refusal_fragment(request, message, 413)
        return render(request, "413.html", {"message": message}, status=413)


def refusal_fragment(request: HttpRequest, message: str, status: int) -> HttpResponse:
    """The message at the place of messages of the page that htmx shows."""
    response = render(request, "components/refusal.html", {"message": message}, status=status)
    response.headers["HX-Retarget"] = "#messages"
    response.headers["HX-Reswap"] = "innerHTML show:window:top"
    return response


class RefusalMiddleware:
    """A DomainError raised by a view becomes a message on the previous page, or a fragment for htmx."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        if request.headers.get("HX-Request"):
            return refusal_fragment(request, str(exception), exception.status)
        came_from = request.headers.get("Referer", "")
        safe = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
        if request.method == "POST" and safe and urlsplit(came_from).path:
            messages.error(request, str(exception))
            response = HttpResponseRedirect(came_from)
            response.status_code = 303
            return response
        return render(request, "refusal.html", {"message": str(exception)}, status=exception.status)
