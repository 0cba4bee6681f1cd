"""What experts and hosts decided about proposals, and what an expert wants of matching."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.access import access_of
from matching.states import Choice, DismissReason
from profiles.models import ExpertProfile
from programs.models import Program


class ProgramChoiceQuerySet(models.QuerySet["ProgramChoice"]):
    def visible_to(self, user: Any) -> "ProgramChoiceQuerySet":
        """Only the expert's own: no host learns who saved or dismissed a programme."""
        return self.filter(expert__user_id=access_of(user).user_id or 0)


class ProgramChoice(models.Model):
    """A programme that an expert saved, or dismissed with a reason."""

    expert = models.ForeignKey(ExpertProfile, models.CASCADE, related_name="program_choices")
    program = models.ForeignKey(Program, models.CASCADE, related_name="expert_choices")
    choice = models.CharField(max_length=10, choices=Choice.choices)
    reason = models.CharField(max_length=10, choices=DismissReason.choices, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = ProgramChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = "choice about a programme"
        verbose_name_plural = "choices about programmes"
        constraints = [
            models.UniqueConstraint(fields=["expert", "program"], name="program_choice_once"),
            models.CheckConstraint(condition=Q(choice__in=Choice.values), name="program_choice_known"),
        ]
        indexes = [models.Index(fields=["expert", "choice", "reason"], name="program_choice_tuning")]

    def __str__(self) -> str:
        return f"{self.expert_id} {self.choice} {self.program_id}"


class PersonChoiceQuerySet(models.QuerySet["PersonChoice"]):
    def visible_to(self, user: Any) -> "PersonChoiceQuerySet":
        """Those of the programmes that this user may edit."""
        return self.filter(program__institution_id__in=access_of(user).edited_institutions)


class PersonChoice(models.Model):
    """A person whom the host of a programme saved to its shortlist, or dismissed. Shared by the host's editors."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="person_choices")
    expert = models.ForeignKey(ExpertProfile, models.CASCADE, related_name="host_choices")
    choice = models.CharField(max_length=10, choices=Choice.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = PersonChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = "choice about a person"
        verbose_name_plural = "choices about people"
        constraints = [
            models.UniqueConstraint(fields=["program", "expert"], name="person_choice_once"),
            models.CheckConstraint(condition=Q(choice__in=Choice.values), name="person_choice_known"),
        ]

    def __str__(self) -> str:
        return f"{self.program_id} {self.choice} {self.expert_id}"


class MatchSettings(models.Model):
    """What an expert wants of matching. No row: proposed to hosts, no weekly e-mail."""

    expert = models.OneToOneField(ExpertProfile, models.CASCADE, related_name="match_settings")
    proposed = models.BooleanField(default=True)
    weekly_mail = models.BooleanField(default=False)
    next_at = models.DateTimeField(null=True, help_text="When the weekly e-mail is sent next.")

    class Meta:
        verbose_name = "settings of matching"
        verbose_name_plural = "settings of matching"
        indexes = [
            models.Index(fields=["next_at"], condition=Q(weekly_mail=True), name="match_mail_due"),
            models.Index(fields=["expert"], condition=Q(proposed=False), name="match_not_proposed"),
        ]

    def __str__(self) -> str:
        return str(self.expert_id)


class KnownMatch(models.Model):
    """A good match that is no longer new to an expert: it existed when the weekly e-mail was switched on, or it was in one."""

    expert = models.ForeignKey(ExpertProfile, models.CASCADE, related_name="known_matches")
    program = models.ForeignKey(Program, models.CASCADE, related_name="+")
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "match known to an expert"
        verbose_name_plural = "matches known to experts"
        constraints = [models.UniqueConstraint(fields=["expert", "program"], name="known_match_once")]

    def __str__(self) -> str:
        return f"{self.expert_id} {self.program_id}"


class DismissedConcept(models.Model):
    """A concept that was read out of an expert's text and that the expert says is not meant: it is not read again."""

    expert = models.ForeignKey(ExpertProfile, models.CASCADE, related_name="dismissed_concepts")
    concept = models.ForeignKey("vocabulary.Concept", models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "dismissed concept"
        verbose_name_plural = "dismissed concepts"
        constraints = [models.UniqueConstraint(fields=["expert", "concept"], name="dismissed_concept_once")]

    def __str__(self) -> str:
        return f"{self.expert_id} {self.concept_id}"
