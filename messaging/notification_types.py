"""Registers of notification types and event lines. Apps declare theirs in their own `notification_types.py`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import pgettext_lazy

from exchange.core.errors import Text
from exchange.core.hooks import Hook

_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


@dataclass(frozen=True)
class NotificationType:
    """One kind of notifications. `title`, `text` and `action` are lazy strings with named %(placeholders)s.

    `label` names the kind in the settings (the title, when it has no placeholder). An urgent kind is always sent by e-mail as well;
    with `mail=False` it never is; with `in_app=False` it exists in the settings and in e-mails only. `group` is its place in the settings
    (`GROUPS`), `to` the roles that can get it (expert, host, coordinator, secretariat): nobody else sees it there; empty means everybody.
    """

    code: str
    title: Text
    text: Text = ""
    action: Text = ""
    urgent: bool = False
    mail: bool = True
    label: Text = ""
    in_app: bool = True
    group: str = "account"
    to: tuple[str, ...] = ()

    @property
    def placeholders(self) -> frozenset[str]:
        """The names of the placeholders of its texts."""
        return frozenset(_PLACEHOLDER.findall(f"{self.title} {self.text} {self.action}"))

    @property
    def name(self) -> str:
        """Its name in the settings, in the active language."""
        return str(self.label) or _PLACEHOLDER.sub("…", str(self.title))


GROUPS: dict[str, Text] = {
    "mine": pgettext_lazy("group of notifications", "My applications and stays"),
    "host": pgettext_lazy("group of notifications", "Our programmes and applicants"),
    "desk": pgettext_lazy("group of notifications", "Decisions of countries"),
    "institution": pgettext_lazy("group of notifications", "My institution"),
    "account": pgettext_lazy("group of notifications", "Messages, profile and account"),
}
"""The groups of kinds in the settings, in their order."""


@dataclass(frozen=True)
class EventLine:
    """A line in a thread about an event."""

    code: str
    text: Text


notification_types: Hook[NotificationType] = Hook("notification type", single=True)
"""By code."""
event_lines: Hook[EventLine] = Hook("event line", single=True)
"""Event lines by code."""


def register_notification_types(*kinds: NotificationType) -> None:
    """Register notification types. Raises ValueError for a code that is taken."""
    for kind in kinds:
        notification_types.add(kind, kind.code)


def register_event_lines(lines: Iterable[tuple[str, Text]]) -> None:
    """Register event lines: codes and lazy strings with named placeholders. Raises ValueError for a code that is taken."""
    for code, text in lines:
        event_lines.add(EventLine(code, text), code)


def notification_type(code: str) -> NotificationType:
    """The kind with this code; raises LookupError for an unregistered one."""
    kind = known_notification_type(code)
    if kind is None:
        raise LookupError(f"no notification type {code}")
    return kind


def known_notification_type(code: str) -> NotificationType | None:
    """The kind with this code, or None: old rows may name kinds that no longer exist."""
    return notification_types.get(code)


def notification_name(code: str) -> str:
    """The name of the kind in the settings, in the active language; the code itself for one that no longer exists."""
    kind = known_notification_type(code)
    return kind.name if kind else code


def all_notification_types() -> list[NotificationType]:
    """All kinds in the order of registration."""
    return notification_types.values()


def event_line(code: str) -> EventLine | None:
    """The line with this code, or None."""
    return event_lines.get(code)
