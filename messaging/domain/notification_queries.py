"""Queries of notifications: rows of the page and the API, and the settings by group."""

from dataclasses import dataclass
from typing import Any

from accounts.access import access_of
from accounts.models import User
from exchange.core.paging import Page, keyset_page
from messaging.models import Notification, NotificationPreference
from messaging.notification_types import GROUPS, NotificationType, all_notification_types, known_notification_type
from messaging.payloads import fill_text

NOTIFICATIONS_PER_PAGE = 30


@dataclass
class NotificationRow:
    """A notification in the reader's language."""

    notification: Notification
    kind: NotificationType | None

    @property
    def title(self) -> str:
        return fill_text(self.kind.title, self.notification.data) if self.kind else self.notification.kind

    @property
    def text(self) -> str:
        return fill_text(self.kind.text, self.notification.data) if self.kind else ""

    @property
    def action(self) -> str:
        return fill_text(self.kind.action, self.notification.data) if self.kind else ""


def notification_row(notification: Notification) -> NotificationRow:
    return NotificationRow(notification, known_notification_type(notification.kind))


def notification_page(user: User, *, unread_only: bool = False, cursor: str | None = None) -> Page[Any]:
    """This user's notifications as NotificationRow, the latest first."""
    rows = Notification.objects.visible_to(user)
    page = keyset_page(rows.unread() if unread_only else rows, ("-pk",), cursor=cursor, size=NOTIFICATIONS_PER_PAGE)
    return Page([notification_row(row) for row in page.items], page.next, page.first)


@dataclass(frozen=True)
class PreferenceRow:
    """A kind of notifications in the settings: whether it is sent by e-mail, and whether the user may change that."""

    kind: NotificationType
    by_mail: bool

    @property
    def fixed(self) -> bool:
        return self.kind.urgent or not self.kind.mail


def preference_rows(user: User) -> list[PreferenceRow]:
    """Every kind that this user can get in their roles, with their preference; by group, then by name."""
    wishes = dict(NotificationPreference.objects.filter(user=user).values_list("kind", "by_mail"))
    access = access_of(user)
    roles = {"expert": access.expert_id, "host": access.teams, "coordinator": access.countries, "secretariat": access.secretariat}
    held = {role for role, holds in roles.items() if holds}
    order = list(GROUPS)
    return [
        PreferenceRow(kind, by_mail=kind.mail and (kind.urgent or wishes.get(kind.code, True)))
        for kind in sorted(all_notification_types(), key=lambda kind: (order.index(kind.group), kind.name))
        if not kind.to or held & set(kind.to)
    ]
