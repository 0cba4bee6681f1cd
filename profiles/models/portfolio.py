"""Portfolio: works with pictures and their rights."""

import uuid
from pathlib import PurePath

from django.db import models
from django.utils.translation import gettext_lazy as _

from profiles.models.experts import ExpertProfile
from profiles.models.records import YEARS
from profiles.states import Licence
from vocabulary.models import Concept

WIDTHS = {"small": 480, "medium": 960, "large": 1600}


def picture_path(picture: "CasePicture", name: str) -> str:
    return f"cases/{uuid.uuid4().hex}{PurePath(name).suffix.lower()}"


class PortfolioCase(models.Model):
    """One work, in the owner's order."""

    profile = models.ForeignKey(ExpertProfile, models.CASCADE, related_name="cases")
    title = models.CharField(_("title"), max_length=160)
    story = models.TextField(_("what was done"), max_length=4000, blank=True)
    material = models.ForeignKey(Concept, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("material"))
    object_type = models.ForeignKey(
        Concept, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("object or site")
    )
    technique = models.ForeignKey(Concept, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("technique"))
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True, validators=YEARS)
    place = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("work of a portfolio")
        verbose_name_plural = _("portfolio")
        ordering = ["place", "pk"]

    def __str__(self) -> str:
        return self.title


class CasePicture(models.Model):
    """A picture of a work. The upload is never served: a worker makes the sizes and deletes it."""

    case = models.ForeignKey(PortfolioCase, models.CASCADE, related_name="pictures")
    upload = models.FileField(upload_to=picture_path, blank=True, editable=False)
    small = models.FileField(upload_to=picture_path, blank=True, editable=False)
    medium = models.FileField(upload_to=picture_path, blank=True, editable=False)
    large = models.FileField(upload_to=picture_path, blank=True, editable=False)
    width = models.PositiveIntegerField(default=0, editable=False)
    height = models.PositiveIntegerField(default=0, editable=False)
    failed = models.BooleanField(default=False, editable=False)
    alt = models.CharField(_("what can be seen"), max_length=250)
    caption = models.CharField(_("caption"), max_length=300, blank=True)
    holder = models.CharField(_("rights holder"), max_length=200)
    licence = models.CharField(_("licence"), max_length=10, choices=Licence.choices, default=Licence.RESERVED)
    place = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("picture of a work")
        verbose_name_plural = _("pictures of works")
        ordering = ["place", "pk"]

    def __str__(self) -> str:
        return self.alt

    @property
    def ready(self) -> bool:
        """Whether the sizes are made."""
        return bool(self.small)
