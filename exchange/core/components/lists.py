"""Lists: filters in the URL, chips, sorting, pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import QueryDict
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from exchange.core.components.registry import read, register
from exchange.core.paging import COUNT_CAP, Page

# Parameters of the position in a list; removed when a filter changes.
PLACE_PARAMS = ("cursor", "page", "filters")
CHOSEN = "chosen_filters"
"""In the render context: what the facets of this page collect for `filters`."""


def _query(context: Context) -> QueryDict:
    request = context.get("request")
    return request.GET.copy() if request is not None else QueryDict(mutable=True)


def _link(query: QueryDict) -> str:
    words = query.urlencode()
    return f"?{words}" if words else "."


def _toggled(context: Context, name: str, value: str, *, single: bool) -> str:
    """The URL of this list with one value of a filter added or removed."""
    query = _query(context)
    chosen = query.getlist(name)
    for param in PLACE_PARAMS:
        query.pop(param, None)
    others = [] if single else [other for other in chosen if other != value]
    query.setlist(name, [choice for choice in (others if value in chosen else [*others, value]) if choice != ""])
    if not query.getlist(name):
        query.pop(name, None)
    return _link(query)


def _options(context: Context, name: str, options: Iterable[Any], *, single: bool) -> list[dict[str, Any]]:
    """Options with the URL of each; rows are (value, label[, count]) or anything with those names."""
    chosen = set(_query(context).getlist(name))
    rows = []
    for option in options:
        if isinstance(option, Sequence) and not isinstance(option, str):
            value, label, *rest = option
            count = rest[0] if rest else None
        else:
            value, label, count = read(option, "value"), read(option, "label"), read(option, "count")
        key = "" if value is None else str(value)
        rows.append(
            {
                "value": key,
                "label": label,
                "count": count,
                "current": key in chosen or (key == "" and not chosen),
                "url": _toggled(context, name, key, single=single or key == ""),
            }
        )
    return rows


@register.inclusion_tag("components/facet.html", takes_context=True)
def facet(
    context: Context, title: object, name: str, options: Iterable[Any], *, single: bool = False, shown: int = 8
) -> dict[str, Any]:
    """One filter of a list as links with counts; the choice is the URL parameter `name`. Options beyond `shown` are collapsed."""
    rows = _options(context, name, options, single=single)
    chosen = [row for row in rows if row["current"] and row["value"]]
    collected: Any = context.render_context
    collected[CHOSEN] = [*(collected.get(CHOSEN) or []), *chosen]
    query = _query(context)
    for param in (*PLACE_PARAMS, name):
        query.pop(param, None)
    # Several are chosen one after the other: the filters stay open, and this one in sight.
    rows = [row | {"url": f"{row['url'].rstrip('.')}{'&' if '?' in row['url'] else '?'}filters=open#facet-{name}"} for row in rows]
    first = [row for i, row in enumerate(rows) if i < shown or row["current"]]
    return {
        "title": title,
        "name": name,
        "first": first,
        "rest": [row for row in rows if row not in first],
        "chosen": bool(chosen),
        "clear": _link(query),
    }


@register.simple_block_tag(takes_context=True)
def filters(context: Context, content: str, count: object = 0) -> SafeString:
    """The filters of a list: a side column on wide screens, on phones behind a button, open while they are being chosen.

    What is chosen in the facets inside is shown outside as well, each with a link that takes it away.
    """
    number = int(str(count or 0))
    request = context.get("request")
    collected: Any = context.render_context
    chosen = collected.get(CHOSEN) or []
    collected[CHOSEN] = []
    return mark_safe(  # noqa: S308 -- a template
        render_to_string(
            "components/filters.html",
            {
                "content": mark_safe(content),  # noqa: S308 -- rendered by the template engine
                "count": number,
                "open": request is not None and request.GET.get("filters") == "open",
                "chosen": chosen,
            },
        )
    )


@register.inclusion_tag("components/chips.html", takes_context=True)
def chips(context: Context, name: str, options: Iterable[Any], label: object = "", single: bool = True) -> dict[str, Any]:
    """A filter as a row of chips, single choice unless `single=False`. An option with an empty value means all."""
    return {"options": _options(context, name, options, single=single), "label": label}


@register.simple_tag(takes_context=True)
def sort_url(context: Context, name: str, param: str = "sort") -> str:
    """The URL of this list sorted by a column; in reverse order when it is sorted by it already."""
    query = _query(context)
    now = query.get(param, "")
    for place in PLACE_PARAMS:
        query.pop(place, None)
    query[param] = f"-{name}" if now == name else name
    return _link(query)


@register.simple_tag(takes_context=True)
def keep_params(context: Context, *drop: str) -> SafeString:
    """Hidden inputs with the list's other filters, for a search form."""
    query = _query(context)
    pairs = [(key, value) for key, values in query.lists() if key not in {*drop, *PLACE_PARAMS} for value in values]
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: Context, page: Page[Any], total: int | None = None, cap: int = COUNT_CAP) -> dict[str, Any]:
    """Links to the next keyset page (`?cursor=`) and to the first, and the number of rows when it was counted."""
    query = _query(context)
    for place in PLACE_PARAMS:
        query.pop(place, None)
    start = _link(query)
    query["cursor"] = str(page.next or "")
    return {
        "next": _link(query) if page.next else "",
        "start": "" if page.first else start,
        "shown": len(page.items),
        "total": total,
        "capped": total is not None and total > cap,
        "cap": cap,
    }


@register.simple_tag(takes_context=True)
def current(context: Context, *prefixes: str) -> SafeString:
    """`aria-current` for a menu link when the page's path begins with one of the prefixes; "/" only matches itself."""
    path = getattr(context.get("request"), "path", "")
    here = any(path == prefix or (prefix != "/" and path.startswith(prefix)) for prefix in prefixes if prefix)
    return mark_safe(' aria-current="page"') if here else mark_safe("")
