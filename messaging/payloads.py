"""Values of notifications: stored as JSON, shown in the reader's language and time zone."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.functional import Promise

from exchange.core.date_format import write_date, write_moment
from exchange.core.errors import Text
from exchange.core.translated import Translated


def pack_payload(data: Mapping[str, Any]) -> dict[str, Any]:
    """The values as JSON: dates become `{"date": ...}`, moments `{"moment": ...}`, lazy strings one text a language.

    Raises TypeError for any other type.
    """
    return {name: _pack(name, value) for name, value in data.items()}


def _pack(name: str, value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    if isinstance(value, Promise):
        return _in_all_languages(value)
    if isinstance(value, Mapping):
        return {str(key): str(text) for key, text in value.items()}
    if isinstance(value, Decimal):
        return str(value)
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"the value {name!r} of this notification is a {type(value).__name__}, which cannot be shown to a user")


def _in_all_languages(words: Promise) -> dict[str, str]:
    texts = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            texts[code] = str(words)
    return texts


def read_payload(data: Mapping[str, Any]) -> dict[str, str]:
    """The values in the active language and time zone."""
    return {name: _read(value) for name, value in data.items()}


def _read(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, Mapping):
        return str(value)
    if "date" in value:
        return write_date(dt.date.fromisoformat(value["date"]))
    if "moment" in value:
        moment = dt.datetime.fromisoformat(value["moment"])
        return write_moment(moment if timezone.is_aware(moment) else timezone.make_aware(moment))
    return str(Translated(value))


class _Payload(dict[str, str]):
    """A missing value is replaced by an empty text instead of an error."""

    def __missing__(self, name: str) -> str:
        return ""


def fill_text(words: Text, data: Mapping[str, Any]) -> str:
    """The text in the active language with its named placeholders filled."""
    return str(words) % _Payload(read_payload(data))
