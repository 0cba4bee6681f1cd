"""The register of agreements that placements require."""

import datetime
import uuid
from pathlib import PurePath
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import access_of
from exchange.core.translated import TranslatedField
from partnerships.rules import SOON_DAYS, Validity, validity


def agreement_path(agreement: "Agreement", name: str) -> str:
    return f"agreements/{uuid.uuid4().hex}{PurePath(name).suffix.lower()}"


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, user: Any) -> "AgreementQuerySet":
        """Agreements of the user's institutions and countries; all of them for the secretariat."""
        access = access_of(user)
        if access.secretariat:
            return self
        return self.filter(
            Q(first_id__in=access.institutions)
            | Q(second_id__in=access.institutions)
            | Q(first__country__in=access.countries)
            | Q(second__country__in=access.countries)
        )

    def valid_on(self, day: Any) -> "AgreementQuerySet":
        """Agreements in force on that day."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day)

    def between(self, one: int, other: int) -> "AgreementQuerySet":
        """Agreements of these two institutions, in either order."""
        return self.filter(Q(first_id=one, second_id=other) | Q(first_id=other, second_id=one))

    def in_state(self, state: str, day: datetime.date) -> "AgreementQuerySet":
        """Those whose `rules.validity` on that day is `state`; all of them for an empty or unknown one."""
        soon = day + datetime.timedelta(days=SOON_DAYS)
        if state == "future":
            return self.filter(valid_from__gt=day)
        if state == "valid":
            return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=soon), valid_from__lte=day)
        if state == "expiring":
            return self.filter(valid_until__range=(day, soon), valid_from__lte=day)
        return self.filter(valid_until__lt=day, valid_from__lte=day) if state == "expired" else self


class Agreement(models.Model):
    """A memorandum between two institutions, in force between two dates.

    `version` is the optimistic lock: an edit with an older one is refused. `warned_days` is the last warning of its end that was sent.
    """

    reference = models.CharField(_("reference"), max_length=60, unique=True)
    title: Any = TranslatedField(_("title"), max_length=250)
    first = models.ForeignKey("institutions.Institution", models.PROTECT, related_name="+", verbose_name=_("first party"))
    second = models.ForeignKey("institutions.Institution", models.PROTECT, related_name="+", verbose_name=_("second party"))
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    yearly_places = models.PositiveSmallIntegerField(_("places a year, each way"), null=True, blank=True)
    scan = models.FileField(_("signed copy"), upload_to=agreement_path, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    warned_days = models.PositiveSmallIntegerField(null=True, editable=False)
    is_demo = models.BooleanField(_("demonstration"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-valid_from", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(first=F("second")), name="agreement_between_two"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")), name="agreement_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("agreement", args=[self.pk])

    @property
    def validity(self) -> Validity:
        """Its validity today."""
        return validity(self.valid_from, self.valid_until, timezone.now().date())
