"""What people can be told about. Apps above declare their types in `notification_types.py`; this app knows none of them by name."""

import re
from dataclasses import dataclass

from exchange.core.errors import Text

_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


@dataclass(frozen=True)
class NotificationType:
    """One kind of notifications. `title`, `text` and `action` are lazy words with named %(placeholders)s.

    `label` names the kind in the settings (the title, when it has no placeholder). An urgent kind always goes by mail as well;
    `mail=False` never does; `live event=False` is a kind that only the settings and the mail know.
    """

    code: str
    title: Text
    text: Text = ""
    action: Text = ""
    urgent: bool = False
    mail: bool = True
    label: Text = ""
    in_app: bool = True

    @property
    def placeholders(self) -> frozenset[str]:
        """The names of the values this kind of notifications is told with."""
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


_types: dict[str, NotificationType] = {}
_lines: dict[str, EventLine] = {}


def register_notification_type(kind: NotificationType) -> NotificationType:
    """Make a kind of notifications known; raises ValueError when another one has its code."""
    if _types.setdefault(kind.code, kind) != kind:
        raise ValueError(f"two kinds of news are called {kind.code}")
    return kind


def register_event_line(code: str, text: Text) -> EventLine:
    """Make a line of conversations known, lazy words with named placeholders; raises ValueError when another one has its code."""
    line = EventLine(code, text)
    if _lines.setdefault(code, line) != line:
        raise ValueError(f"two event lines are called {code}")
    return line


def notification_type(code: str) -> NotificationType:
    """The kind with this code; raises LookupError when no app declared it."""
    return _types[code]


def known_notification_type(code: str) -> NotificationType | None:
    """The kind with this code, or None: old rows may name kinds that no longer exist."""
    return _types.get(code)


def all_notification_types() -> list[NotificationType]:
    """Every kind in the order the apps declared them."""
    return list(_types.values())


def event_line(code: str) -> EventLine | None:
    """The line with this code, or None."""
    return _lines.get(code)
