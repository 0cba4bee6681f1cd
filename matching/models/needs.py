"""Needs: whom a host seeks without a call, and the experts proposed for it."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import access_of
from exchange.core.countries import Country
from exchange.core.spoken_languages import Language, Level, language_choices
from profiles.models import ExpertProfile
from programs.models import Program


class NeedQuerySet(models.QuerySet["Need"]):
    def visible_to(self, user: Any) -> "NeedQuerySet":
        """Those of the institutions whose programmes this user may edit; nobody else reads a need."""
        return self.filter(institution_id__in=access_of(user).edited_institutions)


class Need(models.Model):
    """Whom an institution seeks: concepts, languages, days, a text. It is compared with profiles like a programme, and is no call."""

    institution = models.ForeignKey("institutions.Institution", models.CASCADE, related_name="needs")
    title = models.CharField(max_length=200)
    text = models.TextField(_("in your own words"), max_length=3000, blank=True)
    text_language = models.CharField(_("language of the text"), max_length=5, choices=settings.LANGUAGES, blank=True)
    concepts = models.ManyToManyField(
        "vocabulary.Concept", verbose_name=_("fields, materials, techniques"), blank=True, related_name="+"
    )
    countries = ArrayField(models.CharField(max_length=2, choices=Country.choices), default=list)
    starts = models.DateField(_("starts"))
    ends = models.DateField(_("ends"))
    minimum_experience = models.PositiveSmallIntegerField(
        _("years of practice required"), default=0, validators=[MaxValueValidator(50)]
    )
    program = models.ForeignKey(Program, models.SET_NULL, null=True, blank=True, related_name="+")
    """The draft that was made of it."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = "need"
        verbose_name_plural = "needs"
        constraints = [models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="need_ends_after_start")]
        indexes = [models.Index(fields=["institution", "-id"], name="need_of_institution")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("need", args=[self.pk])


class NeedLanguage(models.Model):
    """A language that a need requires, with its minimum level."""

    need = models.ForeignKey(Need, models.CASCADE, related_name="languages")
    language = models.CharField(_("language"), max_length=5, choices=language_choices)
    level = models.PositiveSmallIntegerField(_("level"), choices=[choice for choice in Level.choices if choice[0] < Level.NATIVE])

    class Meta:
        verbose_name = "language of a need"
        verbose_name_plural = "languages of needs"
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["need", "language"], name="need_language_once")]

    def __str__(self) -> str:
        return f"{Language(self.language).label} {self.get_level_display()}"


class NeedMatchQuerySet(models.QuerySet["NeedMatch"]):
    def visible_to(self, user: Any) -> "NeedMatchQuerySet":
        """Of needs this user may read, those with people whose profile they may see."""
        return self.filter(need__in=Need.objects.visible_to(user), expert__in=ExpertProfile.objects.visible_to(user))


class NeedMatch(models.Model):
    """How well an expert fits a need, from what the profile shows to members alone: the same columns as the host's side of a match."""

    need = models.ForeignKey(Need, models.CASCADE, related_name="matches")
    expert = models.ForeignKey(ExpertProfile, models.CASCADE, related_name="need_matches")
    host_score = models.PositiveSmallIntegerField()
    eligible = models.BooleanField(default=True)
    host_parts = models.JSONField(default=list)
    host_missing = models.JSONField(default=list)
    computed_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = NeedMatchQuerySet.as_manager()

    class Meta:
        verbose_name = "match of a need"
        verbose_name_plural = "matches of needs"
        constraints = [models.UniqueConstraint(fields=["need", "expert"], name="need_match_once")]
        indexes = [models.Index(fields=["need", "-host_score", "id"], name="need_match_best")]

    def __str__(self) -> str:
        return f"{self.expert_id} ~ need {self.need_id}: {self.host_score}"
