"""Further names, fact sheets and former slugs of institutions, and pairs declared distinct."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exchange.core.spoken_languages import language_choices
from exchange.core.translated import TranslatedField
from institutions.models.institutions import Institution
from institutions.states import InstitutionNameKind


class InstitutionName(models.Model):
    """A further name of an institution, besides `name` and `short_name`. Shown as "also known as"."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="names")
    text = models.CharField(_("name"), max_length=250)
    language = models.CharField(_("language"), max_length=5, choices=language_choices, blank=True)
    kind = models.CharField(_("kind of name"), max_length=8, choices=InstitutionNameKind.choices, default=InstitutionNameKind.ALIAS)

    class Meta:
        verbose_name = _("name of an institution")
        verbose_name_plural = _("names of institutions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "text"], name="institution_name_once"),
            models.CheckConstraint(condition=Q(kind__in=InstitutionNameKind.values), name="institution_name_kind_known"),
        ]

    def __str__(self) -> str:
        return self.text


class FactSheet(models.Model):
    """Facts for guests; every text in any of the seven languages."""

    institution = models.OneToOneField(Institution, models.CASCADE, related_name="fact_sheet", primary_key=True)
    labs: Any = TranslatedField(_("laboratories and workshops"), max_length=3000, blank=True, widget="textarea")
    equipment: Any = TranslatedField(_("equipment"), max_length=3000, blank=True, widget="textarea")
    collections: Any = TranslatedField(_("collections"), max_length=3000, blank=True, widget="textarea")
    library: Any = TranslatedField(_("library and archive"), max_length=3000, blank=True, widget="textarea")
    housing: Any = TranslatedField(_("housing"), max_length=3000, blank=True, widget="textarea")
    housing_places = models.PositiveSmallIntegerField(
        _("places to stay"), null=True, blank=True, validators=[MaxValueValidator(5000)]
    )
    housing_price: Any = TranslatedField(_("what it costs"), max_length=300, blank=True)
    visa_help: Any = TranslatedField(_("help with visas and registration"), max_length=3000, blank=True, widget="textarea")
    accessibility: Any = TranslatedField(_("accessibility"), max_length=3000, blank=True, widget="textarea")
    work_languages = ArrayField(
        models.CharField(max_length=5, choices=language_choices), verbose_name=_("languages of work"), default=list, blank=True
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("fact sheet")
        verbose_name_plural = _("fact sheets")

    def __str__(self) -> str:
        return f"{self.institution_id}"


class FormerSlug(models.Model):
    """The slug of an institution that was merged; it redirects to the target of the merge."""

    slug = models.SlugField(max_length=80, unique=True)
    institution = models.ForeignKey(Institution, models.CASCADE, related_name="old_addresses")
    since = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")

    def __str__(self) -> str:
        return self.slug


class DistinctInstitutions(models.Model):
    """Two institutions with similar names that somebody declared distinct. `first` has the smaller id."""

    first = models.ForeignKey(Institution, models.CASCADE, related_name="+")
    second = models.ForeignKey(Institution, models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("two institutions with similar names")
        verbose_name_plural = _("pairs of institutions with similar names")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="distinct_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="distinct_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} != {self.second_id}"
