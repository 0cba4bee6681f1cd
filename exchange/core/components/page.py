"""The frame of a page: what every page knows, and what search engines read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from exchange.core.components.registry import read, register
from exchange.core.context import PageContext


@register.simple_tag
def json_ld(data: Mapping[str, Any]) -> SafeString:
    """Schema.org markup: a data block, which a browser never runs, with every character escaped that could end it."""
    text = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False, cls=DjangoJSONEncoder)
    text = text.translate({ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"})
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308 -- escaped above


@register.simple_tag(takes_context=True)
def site_of_page(context: Context) -> Any:
    """What every page knows. The account library puts a `site` of its own into some contexts, so the base page asks by this tag."""
    known = context.get("site")
    request = context.get("request")
    return known if isinstance(known, PageContext) or request is None else PageContext(request)


@register.simple_tag
def site_url() -> str:
    """The address of this site, for letters: they have no page to stand on."""
    return str(settings.SITE_URL)


@register.filter
def role_kinds(active_roles: Iterable[Any] | None) -> set[str]:
    """The kinds among somebody's roles: what stands before the colon of each key."""
    return {str(read(active_role, "key", "")).split(":")[0] for active_role in active_roles or ()}
