"""The library all components register in, and what they share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()

TONES = frozenset({"", "go", "due", "no", "me"})


def read(item: Any, name: str, default: Any = None) -> Any:
    """A value of a mapping or an object: rows may come as either."""
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
    """A number held between 0 and 1; what is no number counts as 0."""
    try:
        return min(1.0, max(0.0, float(value)))
    except (TypeError, ValueError):
        return 0.0
