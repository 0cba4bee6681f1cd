"""Icons, badges, avatars, meters, notices, steps, tabs."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

from django import template
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from exchange.core.components.registry import classes, known_tone, register, share
from exchange.core.icons import ICONS


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An inline icon; hidden from screen readers unless it has a label."""
    if name not in ICONS:
        message = f"no icon named {name!r}; see exchange/core/icons.py"
        raise template.TemplateSyntaxError(message)
    voice = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" {}>{}</svg>',
        classes("icon", css),
        voice,
        mark_safe(ICONS[name]),  # noqa: S308 -- from our own table
    )


@register.simple_tag
def badge(text: object, tone: str = "") -> SafeString:
    """A state as text; the tone (info, success, warning, danger) must only repeat its meaning. Empty for an empty text."""
    if text in (None, ""):
        return mark_safe("")
    return format_html('<span class="{}">{}</span>', classes("badge", known_tone(tone)), text)


def initials(name: object) -> str:
    """The first letters of the first two words of a name, in any script."""
    words = unicodedata.normalize("NFC", str(name or "")).split()
    letters = (next((char for char in word if unicodedata.category(char) in {"Lu", "Ll", "Lt", "Lo"}), "") for word in words)
    return "".join([letter.upper() for letter in letters if letter][:2]) or "·"


@register.simple_tag
def avatar(name: object, big: bool = False, photo: str | None = None, described: bool = False) -> SafeString:
    """The photo of a person or institution, or initials. Hidden from screen readers, because the name is beside it, unless `described`."""
    css = classes("avatar", "big" if big else "")
    if photo:
        size = 88 if big else 42
        words = gettext("Photograph: %(name)s") % {"name": name} if described else ""
        return format_html(
            '<img class="{}" src="{}" alt="{}" width="{}" height="{}" loading="lazy">', css, photo, words, size, size
        )
    return format_html('<span class="{}" aria-hidden="true">{}</span>', css, initials(name))


@register.simple_tag
def level(n: Any, label: object = "", of: int = 4) -> SafeString:
    """A level as diamonds, with its label."""
    try:
        full = min(of, max(0, int(n)))
    except (TypeError, ValueError):
        full = 0
    voice = (
        format_html(" {}", label)
        if label
        else format_html('<span class="sr">{}</span>', gettext("%(n)s of %(of)s") % {"n": full, "of": of})
    )
    return format_html(
        '<span class="nowrap"><span class="level" aria-hidden="true">{}<span>{}</span></span>{}</span>',
        "◆" * full,
        "◇" * (of - full),
        voice,
    )


@register.simple_tag
def gauge(value: object, tone: str = "") -> SafeString:
    """The bar of a meter, for table cells; the cell must also show the number."""
    percent = round(share(value) * 100, 1)
    bar = format_html('<rect width="{}%" height="100%" rx="4"/>', f"{percent:g}") if percent else ""
    return format_html('<svg class="{}" aria-hidden="true" focusable="false">{}</svg>', classes("gauge", known_tone(tone)), bar)


@register.simple_tag
def meter(label: object, value: object, note: object = "", tone: str = "") -> SafeString:
    """A labelled bar with its meaning as text: value from 0 to 1. Several belong into `<div class="meters">`."""
    percent = formats.number_format(round(share(value) * 100)) + " %"
    words = note if note not in (None, "") else percent
    return format_html('<div class="meter"><span>{}</span>{}<span class="num">{}</span></div>', label, gauge(value, tone), words)


@register.simple_block_tag
def notice(content: str, tone: str = "", label: str = "") -> SafeString:
    """A framed note. With the tone danger it is an alert; with a label it is a named region."""
    role = mark_safe(' role="alert"') if known_tone(tone) == "danger" and not label else ""
    region = format_html(' role="region" aria-label="{}"', label) if label else ""
    return format_html(
        '<div class="{}"{}{}>{}</div>',
        classes("notice", tone),
        role,
        region,
        mark_safe(content),  # noqa: S308 -- rendered by the template engine
    )


@register.inclusion_tag("components/empty.html")
def empty_state(title: object, text: object = "", action: object = "", url: str = "") -> dict[str, Any]:
    """The message of an empty list: what is missing, and what to do next."""
    return {"title": title, "text": text, "action": action, "url": url}


@register.inclusion_tag("components/steps.html")
def steps(items: Iterable[Any]) -> dict[str, Any]:
    """A timeline of steps: rows with title, state (done, now, stopped or empty), and any of note, at (a moment) and url."""
    return {"items": items}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Iterable[Any], label: object = "") -> dict[str, Any]:
    """Tabs that are links: rows with label, url, and any of count and current."""
    return {"items": items, "label": label}
