"""The register of agreements on which placements rest."""

import uuid
from pathlib import PurePath
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exchange.core.translated import TranslatedField
from profiles.standing import standing_of


def agreement_path(agreement: "Agreement", name: str) -> str:
    return f"agreements/{uuid.uuid4().hex}{PurePath(name).suffix.lower()}"


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, user: Any) -> "AgreementQuerySet":
        """The parties' teams, the coordinators of their countries, and the secretariat."""
        standing = standing_of(user)
        if standing.secretariat:
            return self
        return self.filter(
            Q(first_id__in=standing.institutions)
            | Q(second_id__in=standing.institutions)
            | Q(first__country__in=standing.countries)
            | Q(second__country__in=standing.countries)
        )

    def valid_on(self, day: Any) -> "AgreementQuerySet":
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day)


class Agreement(models.Model):
    """A memorandum between two institutions, in force between two dates."""

    reference = models.CharField(_("reference"), max_length=60, unique=True)
    title: Any = TranslatedField(_("title"), max_length=250)
    first = models.ForeignKey("profiles.Institution", models.PROTECT, related_name="+", verbose_name=_("first party"))
    second = models.ForeignKey("profiles.Institution", models.PROTECT, related_name="+", verbose_name=_("second party"))
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    yearly_places = models.PositiveSmallIntegerField(_("places a year, each way"), null=True, blank=True)
    scan = models.FileField(_("signed copy"), upload_to=agreement_path, blank=True)
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
