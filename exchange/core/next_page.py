"""The page to which somebody goes on afterwards: `next` of a form or an address, on this site only."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

MAX_LENGTH = 500


def safe_next(request: HttpRequest, default: str = "/") -> str:
    """`next` of the form, else of the address, if it is a path of this site; another host, scheme or form of address gives the default."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = wanted.startswith("/") and len(wanted) <= MAX_LENGTH
    ours = ours and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else default


def with_next(url: str, wanted: str) -> str:
    """The URL with `next`, or unchanged without one."""
    return f"{url}{'&' if '?' in url else '?'}{urlencode({'next': wanted}, safe='/')}" if wanted else url
