"""The questions of a programme's application form and the criteria of its rubric."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from exchange.core.translated import TranslatedField
from programs.models.programs import Program
from programs.states import QuestionKind

MAX_SCORE = 5
"""Scores go from 1 (does not meet) to this (outstanding)."""


class Question(models.Model):
    """One question of a programme's form."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("kind of answer"), max_length=8, choices=QuestionKind.choices, default=QuestionKind.LONG)
    label: Any = TranslatedField(_("question"), max_length=300)
    help: Any = TranslatedField(_("hint"), max_length=500, blank=True)
    required = models.BooleanField(_("an answer is required"), default=True)
    choices: Any = models.JSONField(_("choices"), default=list, blank=True, help_text=_("A list of texts by language."))
    limit = models.PositiveIntegerField(_("longest answer, in characters"), null=True, blank=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["program_id", "position", "pk"]

    def __str__(self) -> str:
        return str(self.label)


class Criterion(models.Model):
    """One line of the rubric: scored 1 to HIGHEST_SCORE, with a weight."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField(default=0)
    label: Any = TranslatedField(_("criterion"), max_length=200)
    help: Any = TranslatedField(_("what earns a high score"), max_length=500, blank=True)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1, validators=[MinValueValidator(1), MaxValueValidator(100)])

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("rubric")
        ordering = ["program_id", "position", "pk"]

    def __str__(self) -> str:
        return str(self.label)
