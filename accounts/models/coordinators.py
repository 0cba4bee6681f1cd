"""Appointments of coordinators."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exchange.core.countries import Country


class CoordinatorAppointment(models.Model):
    """A user who acts for a country between two dates; with `deputy_of`, as deputy of another appointment."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="appointments")
    country = models.CharField(_("country"), max_length=2, choices=Country.choices)
    starts = models.DateField(_("from"), default=datetime.date.today)
    ends = models.DateField(_("to"), null=True, blank=True)
    deputy_of = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="deputies")

    class Meta:
        verbose_name = _("coordinator")
        verbose_name_plural = _("coordinators")
        constraints = [
            models.CheckConstraint(condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="appointment_ends_after_start")
        ]
        indexes = [models.Index(fields=["country", "starts"])]

    def __str__(self) -> str:
        return f"{self.user_id} {self.country}"
