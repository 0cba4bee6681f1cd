"""Consents of users."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.own import OwnQuerySet
from accounts.states import ConsentKind, ConsentWay


class Consent(models.Model):
    """A consent given or withdrawn: version of the text, time, place. A trigger refuses UPDATE and DELETE."""

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
