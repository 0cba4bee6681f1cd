"""Expert profiles and their parts, as rows that search and matching read."""

import datetime
import uuid
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import access_of
from exchange.core.countries import Country
from exchange.core.spoken_languages import Language, Level, language_choices
from profiles.states import DEFAULT_AUDIENCES, WIDEST_OF_PART, Audience, NameKind, SkillLevel, narrower
from vocabulary.models import Concept

if TYPE_CHECKING:
    pass

MAX_EXPERIENCE_YEARS = 70
DEFAULT_LEAD_DAYS = 30
MAX_LEAD_DAYS = 2 * 365
MAX_STAY_DAYS = 3 * 365
ERASED_NAME = "Deleted account"
"""The name of an erased profile that is kept because an application or a placement depends on it."""


def photo_path(profile: "ExpertProfile", name: str) -> str:
    return f"photos/{uuid.uuid4().hex}{PurePath(name).suffix.lower()}"


def cv_path(profile: "ExpertProfile", name: str) -> str:
    return f"cv/{uuid.uuid4().hex}{PurePath(name).suffix.lower()}"


def audiences_open_to(user: Any) -> list[str]:
    """The audiences this reader belongs to, not counting ownership."""
    access = access_of(user)
    if access.countries or access.secretariat:
        return [Audience.EVERYONE, Audience.MEMBERS, Audience.COORDINATORS]
    return [Audience.EVERYONE, Audience.MEMBERS] if access.is_member else [Audience.EVERYONE]


class ExpertQuerySet(models.QuerySet["ExpertProfile"]):
    def visible_to(self, user: Any) -> "ExpertQuerySet":
        """Profiles whose audience this reader belongs to, and the reader's own."""
        access = access_of(user)
        named = Q(shown_name__gt="", audience__in=audiences_open_to(user))
        return self.filter(named | Q(user_id=access.user_id) if access.user_id else named)


class ExpertProfile(models.Model):
    """One person as a professional. Parts carry their own audience in `audiences` (see Part and `domain.visibility`)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="expert_profiles", null=True, blank=True)
    # Empty only in an imported profile whose source does not give it.
    country = models.CharField(_("country"), max_length=2, choices=Country.choices, blank=True, db_index=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    affiliation = models.ForeignKey(
        "institutions.Institution", models.SET_NULL, null=True, blank=True, related_name="experts", verbose_name=_("affiliation")
    )
    headline = models.CharField(_("what you do, in one line"), max_length=160, blank=True)
    biography = models.TextField(_("in your own words"), max_length=5000, blank=True)
    biography_language = models.CharField(_("language of the text"), max_length=5, choices=settings.LANGUAGES, blank=True)
    experience_years = models.PositiveSmallIntegerField(
        _("years of practice"), null=True, blank=True, validators=[MaxValueValidator(MAX_EXPERIENCE_YEARS)]
    )
    phone = models.CharField(_("phone number"), max_length=40, blank=True)
    photo = models.ImageField(_("photograph"), upload_to=photo_path, blank=True)
    cv = models.FileField(_("CV"), upload_to=cv_path, blank=True)
    cv_name = models.CharField(max_length=200, blank=True, editable=False)
    lead_time_days = models.PositiveSmallIntegerField(
        _("notice needed, in days"), default=DEFAULT_LEAD_DAYS, validators=[MaxValueValidator(MAX_LEAD_DAYS)]
    )
    longest_stay_days = models.PositiveSmallIntegerField(
        _("longest stay, in days"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MAX_STAY_DAYS)]
    )
    audience = models.CharField(_("who may see this profile"), max_length=12, choices=Audience.choices, default=Audience.MEMBERS)
    audiences = models.JSONField(default=dict, blank=True)
    confirmed_on = models.DateField(_("confirmed on"), default=datetime.date.today)
    asked_on = models.DateField(_("last asked to confirm"), null=True, blank=True, editable=False)
    orcid = models.CharField("ORCID iD", max_length=19, blank=True)
    merged_into = models.ForeignKey("self", models.CASCADE, null=True, blank=True, editable=False, related_name="merged_from")
    """The target of the merge: this profile is visible to nobody and its URL redirects there. See `domain.profile_merge`."""
    is_demo = models.BooleanField(_("demonstration"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    # Written by `domain.profiles.refresh_index`, so that lists read one row per person.
    shown_name = models.CharField(max_length=250, blank=True, editable=False)
    latin_name = models.CharField(max_length=250, blank=True, editable=False)
    sort_name = models.CharField(max_length=250, blank=True, editable=False, db_index=True)
    field_ids = ArrayField(models.BigIntegerField(), default=list, editable=False)
    language_codes = ArrayField(models.CharField(max_length=5), default=list, editable=False)
    completeness = models.PositiveSmallIntegerField(default=0, editable=False)
    filled_sections = ArrayField(models.CharField(max_length=20), default=list, blank=True, editable=False)
    """Which kinds of records there are (positions, publications, ...), so that pages need no query for empty ones."""

    is_person = True
    objects: ClassVar[Any] = ExpertQuerySet.as_manager()

    class Meta:
        verbose_name = _("expert profile")
        verbose_name_plural = _("expert profiles")
        constraints = [
            models.UniqueConstraint(fields=["user"], name="one_profile_per_account"),
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="profile_audience_known"),
        ]
        indexes = [
            GinIndex(fields=["field_ids"], name="expert_fields"),
            GinIndex(fields=["language_codes"], name="expert_languages"),
            models.Index(fields=["sort_name", "id"], name="expert_by_name"),
            models.Index(fields=["country", "sort_name", "id"], name="expert_by_country"),
            models.Index(fields=["-confirmed_on", "-id"], name="expert_by_freshness"),
            models.Index(fields=["confirmed_on", "id"], name="expert_by_confirmation"),
        ]

    def __str__(self) -> str:
        if self.shown_name == ERASED_NAME:
            return str(_("Deleted account"))
        return self.shown_name or self.latin_name or str(_("Unnamed profile"))

    def get_absolute_url(self) -> str:
        return reverse("expert", args=[self.pk])

    def audience_of(self, part: str) -> str:
        """Who may see this part, default included, and never wider than the part allows."""
        chosen = str(self.audiences.get(part) or DEFAULT_AUDIENCES[part])
        widest = WIDEST_OF_PART.get(part)  # type: ignore[call-overload]
        return narrower(chosen, widest) if widest else chosen


class PersonName(models.Model):
    """One spelling of a person's name, stored as parts and never parsed from one string.

    A table may give a name as one string: it is stored in `whole` as written and displayed instead of the parts.
    """

    profile = models.ForeignKey(ExpertProfile, models.CASCADE, related_name="names")
    kind = models.CharField(_("kind"), max_length=12, choices=NameKind.choices)
    language = models.CharField(_("language"), max_length=5, blank=True)
    given = models.CharField(_("first name"), max_length=80, blank=True)
    family = models.CharField(_("last name"), max_length=80, blank=True)
    patronymic = models.CharField(_("patronymic"), max_length=80, blank=True)
    whole = models.CharField(_("as the source writes it, unsplit"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("name")
        verbose_name_plural = _("names")
        ordering = ["profile_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "kind"],
                condition=Q(kind__in=[NameKind.NATIVE, NameKind.LATIN, NameKind.RUSSIAN, NameKind.PASSPORT]),
                name="one_name_of_a_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.full

    @property
    def full(self) -> str:
        """Given, patronymic, family: the spoken order of names in all six countries."""
        return " ".join(filter(None, [self.given, self.patronymic, self.family])) or self.whole

    @property
    def short(self) -> str:
        return " ".join(filter(None, [self.given, self.family])) or self.whole

    @property
    def sort_key(self) -> str:
        """Family name first; an unsplit name sorts as written."""
        return (" ".join(filter(None, [self.family, self.given])) or self.whole).casefold()


class ProfileField(models.Model):
    """A field of the vocabulary a person works in; a few of them primary."""

    profile = models.ForeignKey(ExpertProfile, models.CASCADE, related_name="profile_fields")
    concept = models.ForeignKey(Concept, models.PROTECT, related_name="+")
    primary = models.BooleanField(_("primary"), default=True)

    class Meta:
        verbose_name = _("field of work")
        verbose_name_plural = _("fields of work")
        constraints = [models.UniqueConstraint(fields=["profile", "concept"], name="profile_field_once")]
        indexes = [models.Index(fields=["concept", "profile"], name="profile_field_lookup")]

    def __str__(self) -> str:
        return f"{self.profile_id} {self.concept_id}"


class Competence(models.Model):
    """Material x object or site x technique, with level and last year of practice."""

    profile = models.ForeignKey(ExpertProfile, models.CASCADE, related_name="competences")
    technique = models.ForeignKey(Concept, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("technique"))
    material = models.ForeignKey(Concept, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("material"))
    object_type = models.ForeignKey(
        Concept, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("object or site")
    )
    level = models.PositiveSmallIntegerField(_("level"), choices=SkillLevel.choices, default=SkillLevel.PRACTISES)
    last_year = models.PositiveSmallIntegerField(
        _("year last practised"), null=True, blank=True, validators=[MinValueValidator(1950), MaxValueValidator(2100)]
    )
    evidence = models.CharField(_("evidence"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("competence")
        verbose_name_plural = _("competences")
        ordering = ["-level", "-last_year", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(technique__isnull=False) | Q(material__isnull=False) | Q(object_type__isnull=False),
                name="competence_names_something",
            ),
        ]

    def __str__(self) -> str:
        return " / ".join(str(part) for part in (self.material, self.object_type, self.technique) if part)


class LanguageSkill(models.Model):
    """A language a person speaks, its CEFR level, and whether they can teach in it."""

    profile = models.ForeignKey(ExpertProfile, models.CASCADE, related_name="languages")
    language = models.CharField(_("language"), max_length=5, choices=language_choices)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices)
    can_teach = models.BooleanField(_("can teach in it"), default=False)

    class Meta:
        verbose_name = _("language")
        verbose_name_plural = _("languages")
        ordering = ["-level", "language"]
        constraints = [models.UniqueConstraint(fields=["profile", "language"], name="language_once")]
        indexes = [models.Index(fields=["language", "level"], name="language_lookup")]

    def __str__(self) -> str:
        return f"{self.get_language_display()} {self.get_level_display()}"

    def get_language_display(self) -> str:  # type: ignore[no-redef]
        """The name of the language; Django's own would go through all choices."""
        return str(Language(self.language).label)


class AvailabilityWindow(models.Model):
    """A period in which the person can travel."""

    profile = models.ForeignKey(ExpertProfile, models.CASCADE, related_name="windows")
    starts = models.DateField(_("from"))
    ends = models.DateField(_("to"))

    class Meta:
        verbose_name = _("availability")
        verbose_name_plural = _("availability")
        ordering = ["starts"]
        constraints = [models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="window_ends_after_start")]

    def __str__(self) -> str:
        return f"{self.starts} - {self.ends}"
