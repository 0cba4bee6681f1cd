"""Finding an option of a long list by any of its names, in any script: what a form offers while somebody types.

An app registers its lists in `option_lists` and, in `likely_options`, what a user is likely to choose from a list.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from exchange.core.hooks import Hook
from exchange.core.text import normalise_text
from vocabulary.names import skeletons, word_keys
from vocabulary.names.forms import medium

MAX_TYPED_LENGTH = 80
MAX_WORDS = 5
MAX_READINGS = 3
MIN_SOUNDS = 3
"""Number of sounds from which options are compared by sound; fewer would name half of a list."""
MAX_FOUND = 30
MAX_RECENT = 5
MAX_LIKELY = 12
NOT_FOUND = 9


@dataclass(frozen=True)
class Option:
    """One option: the value the form takes, its label and a note beside it in the reader's language, and further names in any."""

    value: str
    label: str
    note: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class OptionGroup:
    """Options under one title; found ones have none."""

    title: str | Promise
    options: list[Option]


option_lists: Hook[Callable[[Any, Mapping[str, str]], Iterable[Option]]] = Hook("option list", single=True)
"""By the kind of a list: a function of the user and of the query of the address, which may limit the list. At most two queries."""
likely_options: Hook[Callable[[Any], Iterable[Any]]] = Hook("likely options")
"""By the kind of a list: a function of the user; values that this user is likely to choose, the likeliest first."""


def offered(user: Any, kind: str, text: str, *, recent: Sequence[str] = (), limits: Mapping[str, str]) -> list[OptionGroup]:
    """What the list offers: found by `text`, best first, or without one the recently chosen and the likely options.

    Values in `recent` that the list does not have are ignored. Raises LookupError for an unknown kind.
    """
    listed = option_lists.get(kind)
    if listed is None:
        raise LookupError(f"no list of options is called {kind}")
    options = list(listed(user, limits))
    wanted = normalise_text(text[:MAX_TYPED_LENGTH])
    if wanted:
        found = _found(options, wanted, text[:MAX_TYPED_LENGTH])
        return [OptionGroup("", found)] if found else []
    known = {option.value: option for option in options}
    before = [known[value] for value in dict.fromkeys(recent) if value in known][:MAX_RECENT]
    values = (str(value) for source in likely_options.all(kind) for value in source(user))
    likely = [known[value] for value in dict.fromkeys(values) if value in known and known[value] not in before][:MAX_LIKELY]
    groups = [
        OptionGroup(pgettext_lazy("group of options", "Chosen recently"), before),
        OptionGroup(pgettext_lazy("group of options", "Likely"), likely),
    ]
    return [group for group in groups if group.options]


def _found(options: Iterable[Option], wanted: str, text: str) -> list[Option]:
    """Equal names first, then those that begin like this, then words that do, then those that sound so, then those that contain it."""
    typed = [
        tuple(dict.fromkeys(medium(reading) for reading in sorted(readings)))[:MAX_READINGS]
        for readings in word_keys(text)[:MAX_WORDS]
    ]
    heard = typed if sum(len(forms[0]) for forms in typed) >= MIN_SOUNDS else []
    ranked = []
    for place, option in enumerate(options):
        own = normalise_text(option.label)
        rank = min(
            (_rank(name, wanted, heard) + (0 if name == own else 0.5) for name in dict.fromkeys((own, *option.names))),
            default=NOT_FOUND,
        )
        if rank < NOT_FOUND:
            ranked.append((rank, len(own), place, option))
    ranked.sort(key=lambda row: row[:3])
    return [row[-1] for row in ranked[:MAX_FOUND]]


def _rank(name: str, wanted: str, heard: Sequence[tuple[str, ...]]) -> int:
    """`name` is normalised."""
    if name == wanted:
        return 0
    if name.startswith(wanted):
        return 1
    if f" {wanted}" in name:
        return 2
    if heard and all(any(f" {form}" in _sounding(name) for form in forms) for forms in heard):
        return 3
    return 4 if len(wanted) > 2 and wanted in name else NOT_FOUND


@lru_cache(maxsize=32768)
def _sounding(name: str) -> str:
    """The name as it sounds, each word after a space."""
    return f" {skeletons(name).medium}"
