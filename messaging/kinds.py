"""What people can be told about. Rooms above declare their kinds of news in `notices.py`; this room knows none of them by name."""

import re
from dataclasses import dataclass

from exchange.core.errors import Text

_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


@dataclass(frozen=True)
class NotificationKind:
    """One kind of news. `title`, `text` and `action` are lazy words with named %(placeholders)s.

    `label` names the kind in the settings (the title, when it has no placeholder). An urgent kind always goes by mail as well;
    `mail=False` never does; `bell=False` is a kind that only the settings and the mail know.
    """

    code: str
    title: Text
    text: Text = ""
    action: Text = ""
    urgent: bool = False
    mail: bool = True
    label: Text = ""
    bell: bool = True

    @property
    def placeholders(self) -> frozenset[str]:
        """The names of the values this kind of news is told with."""
        return frozenset(_PLACEHOLDER.findall(f"{self.title} {self.text} {self.action}"))

    @property
    def name(self) -> str:
        """What the settings call it, in the active language."""
        return str(self.label) or _PLACEHOLDER.sub("…", str(self.title))


@dataclass(frozen=True)
class EventLine:
    """A line in a conversation about something that happened."""

    code: str
    text: Text


_kinds: dict[str, NotificationKind] = {}
_lines: dict[str, EventLine] = {}


def register_kind(kind: NotificationKind) -> NotificationKind:
    """Make a kind of news known; raises ValueError when another one has its code."""
    if _kinds.setdefault(kind.code, kind) != kind:
        raise ValueError(f"two kinds of news are called {kind.code}")
    return kind


def register_event_line(code: str, text: Text) -> EventLine:
    """Make a line of conversations known, lazy words with named placeholders; raises ValueError when another one has its code."""
    line = EventLine(code, text)
    if _lines.setdefault(code, line) != line:
        raise ValueError(f"two event lines are called {code}")
    return line


def kind_of(code: str) -> NotificationKind:
    """The kind with this code; raises LookupError when no room declared it."""
    return _kinds[code]


def known_kind(code: str) -> NotificationKind | None:
    """The kind with this code, or None: old rows may name kinds that no longer exist."""
    return _kinds.get(code)


def notification_name(code: str) -> str:
    """What the settings call the kind with this code, in the active language; the code itself for one that no longer exists."""
    kind = known_kind(code)
    return kind.name if kind else code


def all_kinds() -> list[NotificationKind]:
    """Every kind in the order the rooms declared them."""
    return list(_kinds.values())


def event_line(code: str) -> EventLine | None:
    """The line with this code, or None."""
    return _lines.get(code)
