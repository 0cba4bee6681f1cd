"""Rows of a chunk of demonstration programmes, collected and written together."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F

from applications.models import Application, ApplicationFile, Review
from exchange.core.models import History
from exchange.demo.bulk import insert, reserve_keys
from exchange.demo.context import DemoContext
from messaging.models import Message, Notification, Participant, Thread
from messaging.payloads import pack_payload
from placements.models import Approval, Placement
from profiles.domain.snapshots import snapshots_of
from profiles.models import ExpertProfile

READ_AFTER = datetime.timedelta(hours=3)
OLD_NOTIFICATION = datetime.timedelta(days=12)


class RowBuffer:
    """Rows of a chunk of programmes, written together at its end."""

    def __init__(self, context: DemoContext) -> None:
        self.context = context
        self.applications: list[Application] = []
        self.threads: list[Thread] = []
        self.participants: list[Participant] = []
        self.messages: list[Message] = []
        self.reviews: list[Review] = []
        self.files: list[ApplicationFile] = []
        self.placements: list[Placement] = []
        self.approvals: list[Approval] = []
        self.notification: list[Notification] = []
        self.history: list[History] = []
        self.scenes: list[Any] = []
        self._kinds = ContentType.objects.get_for_models(Application, Placement, Approval)

    def note(
        self, subject: Any, transition: str, states: tuple[str, str], *, by: int | None, at: datetime.datetime, **words: str
    ) -> None:
        """Add a history row; its subject gets its key later."""
        kind = self._kinds[type(subject)]
        row = History(content_type=kind, transition=transition, before=states[0], after=states[1], actor_id=by, at=at, **words)
        row._of = subject  # type: ignore[attr-defined]  # noqa: SLF001 -- until the key is known
        self.history.append(row)

    def tell(self, people: Iterable[int], kind: str, application: Any, at: datetime.datetime, **data: Any) -> None:
        """Add notifications for these users; old ones are read."""
        age = self.context.world.now - at
        for person in people:
            read = age > OLD_NOTIFICATION or application.random.random() < 0.35
            row = Notification(
                user_id=person, kind=kind, created_at=at, read_at=at + READ_AFTER if read and age > READ_AFTER else None
            )
            row.data = application.facts | pack_payload(data)
            row._of = application  # type: ignore[attr-defined]  # noqa: SLF001 -- until the key is known
            self.notification.append(row)

    def write(self) -> None:
        """Assign keys and insert all rows, referenced tables first."""
        self._snapshots()
        for model, rows in self._tables():
            for row, key in zip(rows, reserve_keys(model, len(rows)), strict=True):
                row.pk = key
        for application in self.scenes:
            application.connect()
        for row in self.history:
            row.object_id = row._of.pk  # type: ignore[attr-defined]  # noqa: SLF001
        for notification in self.notification:
            application = notification._of  # type: ignore[attr-defined]  # noqa: SLF001
            placed = notification.kind.startswith(("placement_", "approval_"))
            notification.url = (application.placement if placed else application.application).get_absolute_url()
            notification.key = f"{notification.kind}:demo:{application.application.pk}:{notification.user_id}"
        for model, rows in [*self._tables(), *self._rest()]:
            insert(model, rows)
        Review.objects.filter(application__in=[row.pk for row in self.applications]).update(updated_at=F("created_at"))

    def _tables(self) -> list[tuple[Any, list[Any]]]:
        return [(Thread, self.threads), (Application, self.applications), (Placement, self.placements), (Approval, self.approvals)]

    def _rest(self) -> list[tuple[Any, list[Any]]]:
        return [
            (Participant, self.participants),
            (Message, self.messages),
            (Review, self.reviews),
            (ApplicationFile, self.files),
            (Notification, self.notification),
            (History, self.history),
        ]

    def _snapshots(self) -> None:
        """The profile snapshots of submitted applications."""
        sent = [(row, row.submitted_at.astimezone(datetime.UTC)) for row in self.applications if row.submitted_at]
        profiles = ExpertProfile.objects.filter(pk__in={row.expert_id for row, _ in sent}).select_related("affiliation")
        documents = snapshots_of(profiles)
        for row, at in sent:
            row.snapshot = documents[row.expert_id] | {"taken_at": f"{at:%Y-%m-%dT%H:%M:%S+00:00}"}
