"""Charts, rendered on the server and coloured by design tokens, with their numbers as text for screen readers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from exchange.core import date_format
from exchange.core.components.registry import classes, known_tone, read, register, share


@register.inclusion_tag("components/bars.html")
def bars(rows: Iterable[Any], caption: object = "", tone: str = "info", unit: object = "") -> dict[str, Any]:
    """A bar chart as a table: rows of (label, value[, tone]) or with those names; the largest value fills the width."""
    plain: list[tuple[Any, Any, str]] = []
    for row in rows:
        if isinstance(row, Sequence) and not isinstance(row, str):
            label, value, *rest = row
            plain.append((label, value, known_tone(rest[0] if rest else tone)))
        else:
            plain.append((read(row, "label"), read(row, "value"), known_tone(read(row, "tone") or tone)))
    top = max((float(value) for _, value, _ in plain), default=0) or 1
    return {
        "rows": [{"label": label, "value": value, "share": float(value) / top, "tone": own} for label, value, own in plain],
        "caption": caption,
        "unit": unit,
    }


@register.simple_tag
def dots(scores: Iterable[float], low: float = 1, high: float = 5, tone: str = "success") -> SafeString:
    """Scores as points on a line: how far reviewers disagree."""
    values = sorted(float(score) for score in scores)
    if not values:
        return mark_safe("")
    span = (float(high) - float(low)) or 1.0
    points = format_html_join(
        "", '<circle cx="{}" cy="7" r="4"/>', ((f"{4 + 82 * share((v - float(low)) / span):.1f}",) for v in values)
    )
    words = gettext("Scores from %(low)s to %(high)s") % {"low": f"{values[0]:g}", "high": f"{values[-1]:g}"}
    return format_html(
        '<svg class="{}" viewBox="0 0 90 14" role="img" aria-label="{}"><path d="M4 7H86"/>{}</svg>',
        classes("dots", known_tone(tone)),
        words,
        points,
    )


@register.inclusion_tag("components/months.html")
def months(windows: Iterable[Any], start: dt.date, count: int = 12) -> dict[str, Any]:
    """Which months somebody can travel: windows of (start, end) or with those names, from the month of `start` on."""
    spans = [tuple(w)[:2] if isinstance(w, Sequence) else (read(w, "start"), read(w, "end")) for w in windows]
    row = []
    for i in range(count):
        year, month = divmod(start.year * 12 + start.month - 1 + i, 12)
        first = dt.date(year, month + 1, 1)
        last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        free = sum(max(0, (min(b or last, last) - max(a or first, first)).days + 1) for a, b in spans)
        state = "all" if free >= last.day else "part" if free > 0 else "none"
        row.append({"label": date_format.month_name(month + 1), "month": date_format.write_month(first), "state": state})
    return {
        "months": row,
        "free": [m["month"] for m in row if m["state"] != "none"],
        "first": row[0]["month"],
        "last": row[-1]["month"],
    }


@register.inclusion_tag("components/matrix.html")
def matrix(rows: Iterable[Any], columns: Sequence[object], caption: object = "", corner: object = "") -> dict[str, Any]:
    """Flows between countries as a heat map: rows of (label, [numbers]); None for an impossible cell."""
    plain = [(label, list(values)) for label, values in rows]
    top = max((float(v) for _, values in plain for v in values if v), default=0) or 1

    def cell(value: float | None) -> dict[str, Any]:
        heat = 0 if not value else 1 + min(4, int(float(value) / top * 4.999))
        return {"value": value, "heat": heat, "never": value is None}

    return {
        "rows": [{"label": label, "cells": [cell(v) for v in values]} for label, values in plain],
        "columns": columns,
        "caption": caption,
        "corner": corner,
    }
