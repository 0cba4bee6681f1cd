"""Archives of personal data."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import access_of
from accounts.models.own import OwnQuerySet
from exchange.core.transitions import StatefulModel
from privacy.states import EXPORT_TRANSITIONS, ExportState


def export_path(export: "DataExport", name: str) -> str:
    """One path per export: a second attempt overwrites the first."""
    return f"exports/{export.key.hex}.zip"


class DataExport(StatefulModel):
    """An archive of a user's personal data. `lease` identifies the worker that writes it; a worker without heartbeat loses it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="data_exports")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=8, choices=ExportState.choices, default=ExportState.WORKING)
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=0)
    file = models.FileField(upload_to=export_path, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True, editable=False)
    touched_at = models.DateTimeField(default=timezone.now, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)

    transitions = EXPORT_TRANSITIONS
    objects: ClassVar[Any] = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("archive of my data")
        verbose_name_plural = _("archives of data")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(state="working"), name="one_export_at_a_time"),
            models.CheckConstraint(condition=Q(state__in=ExportState.values), name="export_state_known"),
        ]
        indexes = [
            models.Index(fields=["touched_at"], condition=Q(state="working"), name="exports_at_work"),
            models.Index(fields=["expires_at"], condition=Q(state="ready"), name="exports_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("my_data_archive", args=[self.key])

    def roles_of(self, user: Any) -> set[str]:
        return {"holder"} if access_of(user).user_id == self.user_id else set()

    @property
    def share(self) -> float:
        """Progress from 0 to 1."""
        return min(1.0, self.done / self.total) if self.total else 0.0

    @property
    def name(self) -> str:
        """The file name of the download."""
        return f"miras-{timezone.localtime(self.created_at):%Y-%m-%d}.zip"
