"""The audit history and the outbox."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class History(models.Model):
    """One event of the audit history: actor, transition, states before and after, time, reason. A trigger refuses UPDATE and DELETE."""

    content_type = models.ForeignKey(ContentType, models.PROTECT)
    object_id = models.BigIntegerField()
    subject = GenericForeignKey("content_type", "object_id")
    transition = models.CharField(max_length=40)
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("history entry")
        verbose_name_plural = _("history")
        indexes = [models.Index(fields=["content_type", "object_id", "id"])]

    def __str__(self) -> str:
        return f"{self.content_type_id}:{self.object_id} {self.transition}"


class OutboxEvent(models.Model):
    """An effect of a committed change that must happen; handled by workers, oldest first, until its handler succeeds.

    `bulk` events wait while anything else is due, so that an edit does not wait behind an import of thousands.
    """

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001 -- NULL means: no de-duplication
    payload = models.JSONField(default=dict)
    bulk = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("outbox event")
        verbose_name_plural = _("outbox")
        indexes = [models.Index(fields=["bulk", "not_before", "id"], condition=Q(done_at__isnull=True), name="outbox_due")]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"
