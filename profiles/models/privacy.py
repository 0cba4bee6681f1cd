"""What a person does about their own data: an archive of it, the end of the account, what they agreed to."""

import datetime
import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exchange.core.transitions import StatefulModel
from profiles.access import access_of
from profiles.states import EXPORT_TRANSITIONS, REMOVAL_TRANSITIONS, ConsentKind, ConsentWay, ExportState, RemovalState

GRACE = datetime.timedelta(days=14)


def export_path(export: "DataExport", name: str) -> str:
    """One export has one place, however often it is made: a second try writes over the first."""
    return f"exports/{export.key.hex}.zip"


def in_fourteen_days() -> datetime.datetime:
    return timezone.now() + GRACE


class OwnQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "OwnQuerySet":
        """One's own, and nobody else's, whatever they are."""
        return self.filter(user_id=access_of(user).user_id or 0)


class DataExport(StatefulModel):
    """One archive of everything Miras holds of a person. `lease` says which worker is at it; one that falls silent loses it."""

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
        """How much of it is done, from 0 to 1."""
        return min(1.0, self.done / self.total) if self.total else 0.0

    @property
    def name(self) -> str:
        """What the file is called on the person's own disk."""
        return f"miras-{timezone.localtime(self.created_at):%Y-%m-%d}.zip"


class AccountRemoval(StatefulModel):
    """A wish to have one's account deleted, and the days in which it can be taken back. `kept` is what taking back restores."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="removals")
    state = models.CharField(max_length=10, choices=RemovalState.choices, default=RemovalState.WAITING)
    due_at = models.DateTimeField(default=in_fourteen_days)
    kept = models.JSONField(default=dict, editable=False)
    postponed = models.PositiveSmallIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    transitions = REMOVAL_TRANSITIONS
    objects: ClassVar[Any] = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("deletion of an account")
        verbose_name_plural = _("deletions of accounts")
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(state="waiting"), name="one_removal_at_a_time"),
            models.CheckConstraint(condition=Q(state__in=RemovalState.values), name="removal_state_known"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="waiting"), name="removals_due")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.state}"

    def roles_of(self, user: Any) -> set[str]:
        # The account is closed while it waits, so its access says nothing.
        return {"holder"} if user.pk == self.user_id else set()


class Consent(models.Model):
    """One thing a person agreed to, or took back: which wording, when, where. A trigger refuses UPDATE and DELETE."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=20, choices=ConsentKind.choices)
    detail = models.CharField(max_length=60, blank=True)
    version = models.CharField(max_length=20, blank=True)
    given = models.BooleanField()
    way = models.CharField(max_length=10, choices=ConsentWay.choices)
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=ConsentKind.values), name="consent_kind_known")]
        indexes = [models.Index(fields=["user", "kind", "detail", "-id"], name="consent_latest")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {'+' if self.given else '-'}"
