"""Portfolio: works with pictures and their rights."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from exchange.core.pictures import Picture, picture_path
from profiles.models.experts import ExpertProfile
from profiles.models.records import YEARS
from vocabulary.models import Concept

__all__ = ["CasePicture", "PortfolioCase", "picture_path"]
# Migrations name `picture_path` here.


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


class CasePicture(Picture):
    """A picture of a work."""

    folder = "cases"

    case = models.ForeignKey(PortfolioCase, models.CASCADE, related_name="pictures")
    caption = models.CharField(_("caption"), max_length=300, blank=True)
    place = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("picture of a work")
        verbose_name_plural = _("pictures of works")
        ordering = ["place", "pk"]
