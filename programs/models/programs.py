"""Programmes, their quotas and required languages."""

import datetime
import zoneinfo
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import access_of
from exchange.core.countries import Country
from exchange.core.spoken_languages import Language, Level, language_choices
from exchange.core.transitions import StatefulModel, Transition
from exchange.core.translated import TranslatedField
from programs.states import PROGRAM_TRANSITIONS, PUBLIC_STATES, Modality, ProgramKind, ProgramState

if TYPE_CHECKING:
    from accounts.models import User

NEVER = datetime.datetime(9999, 1, 1, tzinfo=datetime.UTC)


def closing_time() -> Coalesce:
    """The closing time for ordering and indexes: programmes without a deadline come last."""
    return Coalesce("deadline", Value(NEVER), output_field=models.DateTimeField())


class ProgramQuerySet(models.QuerySet["Program"]):
    def visible_to(self, user: Any) -> "ProgramQuerySet":
        """Published programmes; drafts only for the host's team."""
        access = access_of(user)
        if access.secretariat:
            return self
        published = Q(state__in=PUBLIC_STATES, was_published=True)
        return self.filter(published | Q(institution_id__in=access.institutions) if access.institutions else published)

    def open(self) -> "ProgramQuerySet":
        """Programmes that take applications now."""
        return self.filter(Q(deadline__isnull=True) | Q(deadline__gt=timezone.now()), state=ProgramState.PUBLISHED)


class Program(StatefulModel):
    """One programme of a host institution."""

    slug = models.SlugField(max_length=100, unique=True)
    institution = models.ForeignKey(
        "institutions.Institution", models.PROTECT, related_name="programs", verbose_name=_("host institution")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=ProgramKind.choices)
    title: Any = TranslatedField(_("title"), max_length=200)
    summary: Any = TranslatedField(_("summary"), max_length=1500, widget="textarea")
    description: Any = TranslatedField(_("what participants will do"), max_length=10000, blank=True, widget="textarea")
    funding: Any = TranslatedField(_("funding"), max_length=500, blank=True)
    concepts = models.ManyToManyField(
        "vocabulary.Concept", verbose_name=_("fields, materials, techniques"), blank=True, related_name="programs"
    )
    country = models.CharField(_("country"), max_length=2, choices=Country.choices)
    city = models.CharField(_("city"), max_length=120)
    modality = models.CharField(_("modality"), max_length=8, choices=Modality.choices, default=Modality.ONSITE)
    starts = models.DateField(_("starts"))
    ends = models.DateField(_("ends"))
    deadline = models.DateTimeField(
        _("deadline"), null=True, blank=True, help_text=_("Empty: applications are accepted at any time.")
    )
    deadline_zone = models.CharField(_("time zone of the deadline"), max_length=50, default="UTC")
    seats = models.PositiveSmallIntegerField(_("places"), validators=[MinValueValidator(1), MaxValueValidator(1000)])
    eligible_countries = ArrayField(
        models.CharField(max_length=2, choices=Country.choices), verbose_name=_("eligible countries"), default=list
    )
    minimum_experience = models.PositiveSmallIntegerField(
        _("years of practice required"), default=0, validators=[MaxValueValidator(50)]
    )
    offer_days = models.PositiveSmallIntegerField(
        _("days to answer an offer"), default=14, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    approval_days = models.PositiveSmallIntegerField(
        _("days for a coordinator to decide"), default=7, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    state = models.CharField(max_length=12, choices=ProgramState.choices, default=ProgramState.DRAFT)
    was_published = models.BooleanField(default=False, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    is_demo = models.BooleanField(_("demonstration"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    # Written by `domain.programs.refresh_index`, so that lists and facets read one row per programme.
    field_ids = ArrayField(models.BigIntegerField(), default=list, editable=False)
    language_codes = ArrayField(models.CharField(max_length=5), default=list, editable=False)

    known_eligible: bool | None = None
    """Whether the reader is eligible, for page slots of other apps; set by the page, not stored."""
    known_applied: bool | None = False
    """Whether the reader has sent an application; False for a draft and while it is unknown, None without one. Set by the page, not stored."""

    transitions = PROGRAM_TRANSITIONS
    objects: ClassVar[Any] = ProgramQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ProgramState.values), name="program_state_known"),
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="program_ends_after_start"),
            models.CheckConstraint(condition=Q(seats__gte=1), name="program_has_seats"),
        ]
        indexes = [
            models.Index(fields=["deadline", "id"], name="program_by_deadline", condition=Q(state="published")),
            models.Index(closing_time(), "id", name="program_by_closing"),
            models.Index(fields=["starts", "id"], name="program_by_beginning"),
            models.Index(fields=["state", "starts", "id"], name="program_by_start"),
            GinIndex(fields=["field_ids"], name="program_fields"),
            GinIndex(fields=["language_codes"], name="program_languages"),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return reverse("program", args=[self.slug])

    @property
    def is_open(self) -> bool:
        """Whether applications are taken now."""
        return self.state == ProgramState.PUBLISHED and (self.deadline is None or self.deadline > timezone.now())

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The time zone of the programme and its deadline."""
        return zoneinfo.ZoneInfo(self.deadline_zone)

    def roles_of(self, user: "User") -> set[str]:
        """Roles for the transition table: those in the host's team."""
        return set(access_of(user).roles_in(self.institution_id))

    def blocked_reason(self, transition: Transition, user: "User | None") -> Any:
        """Dates that block a transition. No query, so that a button can show the reason."""
        today = timezone.localdate(timezone=self.zone)
        if transition.name == "reopen" and self.deadline is not None and self.deadline <= timezone.now():
            return _("The deadline is over. Move it first, then open the programme again.")
        if transition.name == "reopen" and self.starts <= today:
            return _("The programme has begun.")
        if transition.name == "start" and self.starts > today:
            return _("The programme begins on a later day.")
        if transition.name == "complete" and self.ends > today:
            return _("The programme ends on a later day.")
        return None


class CountryQuota(models.Model):
    """Places for the experts of one country: `reserved` are for them alone, `most` is the maximum they may take.

    Empty `most` means no upper limit but the programme's places. See `programs.rules.places_left`.
    """

    program = models.ForeignKey(Program, models.CASCADE, related_name="quotas")
    country = models.CharField(_("country"), max_length=2, choices=Country.choices)
    reserved = models.PositiveSmallIntegerField(_("reserved places"), default=0)
    most = models.PositiveSmallIntegerField(_("at most"), null=True, blank=True)

    class Meta:
        verbose_name = _("country quota")
        verbose_name_plural = _("country quotas")
        ordering = ["country"]
        constraints = [
            models.UniqueConstraint(fields=["program", "country"], name="quota_once"),
            models.CheckConstraint(condition=Q(most__isnull=True) | Q(most__gte=F("reserved")), name="quota_most_holds_reserved"),
        ]

    def __str__(self) -> str:
        return f"{self.country}: {self.reserved}-{self.most}"


class RequiredLanguage(models.Model):
    """A language participants need, with its minimum level. All of them are required."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="required_languages")
    language = models.CharField(_("language"), max_length=5, choices=language_choices)
    level = models.PositiveSmallIntegerField(_("level"), choices=[choice for choice in Level.choices if choice[0] < Level.NATIVE])

    class Meta:
        verbose_name = _("required language")
        verbose_name_plural = _("required languages")
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["program", "language"], name="required_language_once")]

    def __str__(self) -> str:
        return f"{self.get_language_display()} {self.get_level_display()}"

    def get_language_display(self) -> str:  # type: ignore[no-redef]
        """The name of the language; Django's own would go through all choices."""
        return str(Language(self.language).label)
