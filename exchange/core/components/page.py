"""Parts of the base template: page context, structured data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from exchange.core.components.registry import read, register
from exchange.core.context import PageContext
from exchange.core.markdown import render_markdown
from exchange.core.next_page import safe_next, with_next

ACCOUNT_PAGES = "/accounts/"


@register.simple_tag
def json_ld(data: Mapping[str, Any]) -> SafeString:
    """Schema.org data as a JSON-LD block; every character that could end the block is escaped."""
    text = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False, cls=DjangoJSONEncoder)
    text = text.translate({ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"})
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308 -- escaped above


@register.simple_tag(takes_context=True)
def site_of_page(context: Context) -> Any:
    """The page context. allauth puts a `site` of its own into some contexts, so the base template uses this tag."""
    known = context.get("site")
    request = context.get("request")
    return known if isinstance(known, PageContext) or request is None else PageContext(request)


@register.filter
def markdown(text: object) -> SafeString:
    """A text of a person with its emphasis, lists, quotes, code and links."""
    return render_markdown(str(text or ""))


@register.simple_tag(takes_context=True)
def log_in_url(context: Context) -> str:
    """The URL of the log-in page with this page as `next`; on the pages of log-in and sign-up the `next` they were opened with."""
    request = context.get("request")
    url = reverse("account_login")
    if request is None:
        return url
    here = safe_next(request, "") if request.path.startswith(ACCOUNT_PAGES) else request.path
    return with_next(url, here)


@register.simple_tag(takes_context=True)
def next_field(context: Context) -> SafeString:
    """A hidden field with the `next` of this page, for a form that goes on there; empty without one."""
    request = context.get("request")
    wanted = safe_next(request, "") if request is not None else ""
    return format_html('<input type="hidden" name="next" value="{}">', wanted) if wanted else mark_safe("")


@register.simple_tag
def site_url() -> str:
    """The URL of this site, for links in e-mails."""
    return str(settings.SITE_URL)


@register.filter
def role_kinds(active_roles: Iterable[Any] | None) -> set[str]:
    """The kinds of a user's roles: the part before the colon of each key."""
    return {str(read(active_role, "key", "")).split(":")[0] for active_role in active_roles or ()}
