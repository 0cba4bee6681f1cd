"""How well an expert fits a programme and why: computed in jobs, read in one query."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import access_of
from matching.models.choices import MatchSettings
from matching.scoring.blocks import ELIGIBLE
from profiles.models import ExpertProfile
from programs.models import Program

MIN_SHOWN = 100
"""A match below this many points (of 1000) says too little to be proposed; it is stored all the same, so that lists are complete."""


class MatchQuerySet(models.QuerySet["Match"]):
    def visible_to(self, user: Any) -> "MatchQuerySet":
        """An expert's own; for a host's editors those of their programmes with people whose profile they may see and who are proposed."""
        access = access_of(user)
        if access.user_id is None:
            return self.none()
        hosted: Any = models.Q(
            program__institution_id__in=access.edited_institutions, expert__in=ExpertProfile.objects.visible_to(user)
        )
        hosted &= ~models.Exists(MatchSettings.objects.filter(expert=models.OuterRef("expert"), proposed=False))
        return self.filter(models.Q(expert__user_id=access.user_id) | hosted)

    def for_hosts(self) -> "MatchQuerySet":
        """The people that a host is shown: eligible as far as hosts may know, and among the best of the programme by the host's score."""
        return self.filter(among_the_best(), host_eligible=True)


def among_the_best() -> Q:
    """Matches that stand in the programme's own list, by the host's score alone, and say enough to be proposed.

    A row that is stored for the list of the person alone is left out: that it is there may follow from a hidden part.
    """
    floor = Coalesce(F("program__match_vector__floor"), 0)
    outside = Q(host_eligible=True, host_score__lt=floor - ELIGIBLE) | Q(host_eligible=False, host_score__lt=floor)
    return Q(host_score__gte=MIN_SHOWN) & ~outside


class Match(models.Model):
    """`score` 0 to 1000; `parts` and `missing` say why, as codes and ids that can be worded in any language; `requirements` names those that are not met.

    The `host_` columns are the same, computed only from what the profile shows to members: a hidden part never changes a number that a host reads.
    """

    expert = models.ForeignKey(ExpertProfile, models.CASCADE, related_name="matches")
    program = models.ForeignKey(Program, models.CASCADE, related_name="matches")
    score = models.PositiveSmallIntegerField()
    eligible = models.BooleanField(default=True)
    requirements = models.JSONField(default=list)
    parts = models.JSONField(default=list)
    missing = models.JSONField(default=list)
    host_score = models.PositiveSmallIntegerField(default=0)
    host_parts = models.JSONField(default=list)
    host_missing = models.JSONField(default=list)
    host_eligible = models.BooleanField(default=True)
    host_requirements = models.JSONField(default=list)
    computed_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = MatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        constraints = [models.UniqueConstraint(fields=["expert", "program"], name="match_once")]
        indexes = [
            models.Index(fields=["expert", "-score", "id"], name="match_for_expert"),
            models.Index(fields=["program", "-host_score", "id"], name="match_for_program"),
        ]

    def __str__(self) -> str:
        return f"{self.expert_id} ~ {self.program_id}: {self.score}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: Any) -> "InvitationQuerySet":
        """An expert's own, and those of the programmes that this user may edit."""
        access = access_of(user)
        if access.user_id is None:
            return self.none()
        return self.filter(
            models.Q(expert__user_id=access.user_id) | models.Q(program__institution_id__in=access.edited_institutions)
        )


class Invitation(models.Model):
    """A host's invitation to apply, with a message. The invited person opens it by opening the programme, and may decline it."""

    expert = models.ForeignKey(ExpertProfile, models.CASCADE, related_name="invitations")
    program = models.ForeignKey(Program, models.CASCADE, related_name="invitations")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    words = models.TextField(_("message"), max_length=2000)
    created_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [models.UniqueConstraint(fields=["expert", "program"], name="invitation_once")]

    def __str__(self) -> str:
        return f"{self.expert_id} to {self.program_id}"
