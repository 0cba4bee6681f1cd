"""Hand-overs: offers of ownership from one team member to another."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.addresses import in_thirty_days
from accounts.states import Answer
from institutions.models.institutions import Institution


class HandoverQuerySet(models.QuerySet["Handover"]):
    def open(self) -> "HandoverQuerySet":
        """Neither answered nor withdrawn nor expired."""
        return self.filter(answer="", expires_at__gt=timezone.now())


class Handover(models.Model):
    """An offer of ownership from one member of a team to another; at most one is open per institution."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="handovers")
    giver = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    taker = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="handovers")
    leaves = models.BooleanField(_("leaves the team once it is accepted"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(default=in_thirty_days)
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("hand-over of an institution")
        verbose_name_plural = _("hand-overs of institutions")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["institution"], condition=Q(answer=""), name="one_open_handover"),
        ]

    def __str__(self) -> str:
        return f"{self.institution_id}: {self.giver_id} to {self.taker_id}"
