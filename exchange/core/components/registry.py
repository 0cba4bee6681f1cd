"""The template library of all components, and shared helpers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()

TONES = frozenset({"", "success", "warning", "danger", "info"})


def read(item: Any, name: str, default: Any = None) -> Any:
    """A value of a row, which may be a mapping or an object."""
    if isinstance(item, Mapping):
        return item.get(name, default)
    return getattr(item, name, default)


def known_tone(tone: object) -> str:
    value = str(tone or "")
    if value not in TONES:
        known = ", ".join(sorted(TONES - {""}))
        message = f"unknown tone {value!r}; one of: {known}"
        raise template.TemplateSyntaxError(message)
    return value


def classes(*names: object) -> str:
    return " ".join(str(name) for name in names if name)


def share(value: Any) -> float:
    """A number clamped to 0..1; anything else counts as 0."""
    try:
        return min(1.0, max(0.0, float(value)))
    except (TypeError, ValueError):
        return 0.0
