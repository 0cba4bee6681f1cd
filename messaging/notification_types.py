"""What people can be told about. Apps above declare their types in `notification_types.py`; this app knows none of them by name."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from exchange.core.errors import Text
from exchange.core.hooks import Hook

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


notification_types: Hook[NotificationType] = Hook("notification type", single=True)
"""Under their codes."""
event_lines: Hook[EventLine] = Hook("event line", single=True)
"""Lines of conversations, under their codes."""


def register_notification_types(*kinds: NotificationType) -> None:
    """Make notification types known. Raises ValueError when another one has the code of one of them."""
    for kind in kinds:
        notification_types.add(kind, kind.code)


def register_event_lines(lines: Iterable[tuple[str, Text]]) -> None:
    """Make lines of conversations known: codes, and lazy words with named placeholders. Raises ValueError when a code is another line's."""
    for code, text in lines:
        event_lines.add(EventLine(code, text), code)


def notification_type(code: str) -> NotificationType:
    """The kind with this code; raises LookupError when no app declared it."""
    kind = known_notification_type(code)
    if kind is None:
        raise LookupError(f"no notification type {code}")
    return kind


def known_notification_type(code: str) -> NotificationType | None:
    """The kind with this code, or None: old rows may name kinds that no longer exist."""
    return notification_types.get(code)


def notification_name(code: str) -> str:
    """What the settings call the kind with this code, in the active language; the code itself for one that no longer exists."""
    kind = known_notification_type(code)
    return kind.name if kind else code


def all_notification_types() -> list[NotificationType]:
    """Every kind in the order the apps declared them."""
    return notification_types.values()


def event_line(code: str) -> EventLine | None:
    """The line with this code, or None."""
    return event_lines.get(code)
