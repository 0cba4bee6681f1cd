"""What is computed of people and programmes once, and the weights it is computed with."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from profiles.models import ExpertProfile
from programs.models import Program


class PersonVector(models.Model):
    """How far a person answers for each concept, and the facts that requirements compare: as the person sees it, and as hosts may.

    `stamp` names the vocabulary, weights and year it was computed with; a row with another stamp is computed again before it is used.
    `floor` is the lowest key (see `matching.domain.compute`) of the person's full list of programmes, 0 while the list is not full.
    """

    expert = models.OneToOneField(ExpertProfile, models.CASCADE, primary_key=True, related_name="match_vector")
    stamp = models.CharField(max_length=64)
    own = models.JSONField()
    own_evidence = models.JSONField()
    own_vector = models.BinaryField()
    host: Any = models.JSONField(null=True)
    host_evidence: Any = models.JSONField(null=True)
    host_vector = models.BinaryField(null=True)
    floor = models.PositiveSmallIntegerField(default=0)
    computed_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["PersonVector"]] = models.Manager()

    class Meta:
        verbose_name = _("vector of a person")
        verbose_name_plural = _("vectors of people")

    def __str__(self) -> str:
        return str(self.expert_id)


class CallVector(models.Model):
    """What a programme asks: points by concept. `stamp` and `floor` as above, the floor over its list of people."""

    program = models.OneToOneField(Program, models.CASCADE, primary_key=True, related_name="match_vector")
    stamp = models.CharField(max_length=64)
    wanted = models.JSONField()
    floor = models.PositiveSmallIntegerField(default=0)
    computed_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["CallVector"]] = models.Manager()

    class Meta:
        verbose_name = _("vector of a programme")
        verbose_name_plural = _("vectors of programmes")

    def __str__(self) -> str:
        return str(self.program_id)


class WeightTable(models.Model):
    """A table of weights by its name; never changed once stored. The newest one that is active is in force; without any, the one in the code is."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    weights = models.JSONField()
    active = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects: ClassVar[models.Manager["WeightTable"]] = models.Manager()

    class Meta:
        verbose_name = _("table of weights")
        verbose_name_plural = _("tables of weights")
        constraints = [models.UniqueConstraint(fields=["active"], condition=Q(active=True), name="one_active_weight_table")]

    def __str__(self) -> str:
        return self.name


class MatchBuild(models.Model):
    """One rebuild of all matches. An unfinished one with the same stamp is continued after `done_id`."""

    stamp = models.CharField(max_length=64)
    day = models.DateField()
    done_id = models.BigIntegerField(default=0)
    stored = models.PositiveIntegerField(default=0)
    drift = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["MatchBuild"]] = models.Manager()

    class Meta:
        verbose_name = _("rebuild of the matches")
        verbose_name_plural = _("rebuilds of the matches")

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"
