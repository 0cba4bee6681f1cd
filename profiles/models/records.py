"""Records of a profile: positions, education, accreditations, publications."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from profiles.models.experts import ExpertProfile

YEARS = [MinValueValidator(1900), MaxValueValidator(2100)]


class Position(models.Model):
    """A current or former position; the institution is in the register, or a text."""

    profile = models.ForeignKey(ExpertProfile, models.CASCADE, related_name="positions")
    title = models.CharField(_("position"), max_length=160)
    institution = models.ForeignKey("institutions.Institution", models.SET_NULL, null=True, blank=True, related_name="+")
    place = models.CharField(_("institution"), max_length=200, blank=True)
    starts = models.PositiveSmallIntegerField(_("from"), null=True, blank=True, validators=YEARS)
    ends = models.PositiveSmallIntegerField(_("to"), null=True, blank=True, validators=YEARS)

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = [F("ends").desc(nulls_first=True), F("starts").desc(nulls_last=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(starts__isnull=True) | Q(ends__gte=F("starts")), name="position_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Education(models.Model):
    """A degree or a training that was completed."""

    profile = models.ForeignKey(ExpertProfile, models.CASCADE, related_name="education")
    degree = models.CharField(_("degree or training"), max_length=160)
    institution = models.ForeignKey("institutions.Institution", models.SET_NULL, null=True, blank=True, related_name="+")
    place = models.CharField(_("institution"), max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True, validators=YEARS)

    class Meta:
        verbose_name = _("education")
        verbose_name_plural = _("education")
        ordering = [F("year").desc(nulls_last=True), "pk"]

    def __str__(self) -> str:
        return self.degree


class Accreditation(models.Model):
    """A licence or membership granted by an authority; its number has an audience of its own."""

    profile = models.ForeignKey(ExpertProfile, models.CASCADE, related_name="accreditations")
    title = models.CharField(_("accreditation"), max_length=200)
    body = models.CharField(_("given by"), max_length=200, blank=True)
    number = models.CharField(_("number"), max_length=80, blank=True)
    expires = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("accreditation")
        verbose_name_plural = _("accreditations")
        ordering = [F("expires").desc(nulls_first=True), "pk"]

    def __str__(self) -> str:
        return self.title


class Publication(models.Model):
    """One publication. `authors` are written as in the source, separated by semicolons."""

    class Source(models.TextChoices):
        HAND = "hand"
        BIBTEX = "bibtex"
        ORCID = "orcid"

    profile = models.ForeignKey(ExpertProfile, models.CASCADE, related_name="publications")
    title = models.CharField(_("title"), max_length=500)
    authors = models.CharField(_("authors"), max_length=1000, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True, validators=YEARS)
    container = models.CharField(_("published in"), max_length=300, blank=True)
    doi = models.CharField("DOI", max_length=200, blank=True)
    url = models.URLField(_("address on the web"), max_length=500, blank=True)
    source = models.CharField(max_length=6, choices=Source.choices, default=Source.HAND, editable=False)

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = [F("year").desc(nulls_last=True), "title", "pk"]
        constraints = [models.UniqueConstraint(fields=["profile", "doi"], condition=~Q(doi=""), name="doi_once_a_profile")]

    def __str__(self) -> str:
        return self.title

    @property
    def link(self) -> str:
        """Its DOI link, or else the given URL."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url
