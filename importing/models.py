"""Uploaded tables of experts, and what their headings were said to mean."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import access_of
from exchange.core.countries import Country
from exchange.core.transitions import StatefulModel
from importing.states import IMPORT_TRANSITIONS, ImportState
from institutions.models.institutions import Institution
from profiles.models.imported import source_key

MAX_HEADING_KEY_LENGTH = 160


def upload_path(job: "ExpertImport", name: str) -> str:
    return f"imports/{uuid.uuid4().hex}.table"


def map_path(job: "ExpertImport", name: str) -> str:
    return f"imports/{uuid.uuid4().hex}-map.csv"


class RememberedHeading(models.Model):
    """What an institution or a country once said a heading of its tables means; an empty field means that the column is left out."""

    source = models.CharField(max_length=80)
    heading = models.CharField(max_length=MAX_HEADING_KEY_LENGTH)
    field = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("remembered heading")
        verbose_name_plural = _("remembered headings")
        constraints = [models.UniqueConstraint(fields=["source", "heading"], name="heading_remembered_once")]

    def __str__(self) -> str:
        return f"{self.heading}: {self.field}"


class ImportQuerySet(models.QuerySet["ExpertImport"]):
    def visible_to(self, user: Any) -> "ImportQuerySet":
        """Uploads for the institutions this user edits and the countries they coordinate."""
        access = access_of(user)
        return self.filter(Q(institution__in=access.edited_institutions) | Q(institution=None, country__in=access.countries))


class ExpertImport(StatefulModel):
    """One uploaded table: checked first, imported when confirmed. Belongs to an institution, or else to a country."""

    institution = models.ForeignKey(Institution, models.CASCADE, null=True, blank=True, related_name="imports")
    country = models.CharField(_("country"), max_length=2, choices=Country.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(_("file"), max_length=200)
    file = models.FileField(_("file"), upload_to=upload_path, blank=True)
    map_file = models.FileField(upload_to=map_path, blank=True)
    state = models.CharField(max_length=12, choices=ImportState.choices, default=ImportState.CHECKING)
    skip_bad_rows = models.BooleanField(_("skip the rows with errors"), default=False)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    layout = models.JSONField(default=dict)
    """How the table is read, see `importing.domain.layouts.Layout`; empty before the first check."""
    counts = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    problem_count = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    touched_at = models.DateTimeField(default=timezone.now, editable=False)

    transitions = IMPORT_TRANSITIONS
    objects: ClassVar[Any] = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of experts")
        verbose_name_plural = _("imports of experts")
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=Q(state__in=ImportState.values), name="import_state_known")]
        indexes = [
            models.Index(fields=["touched_at"], condition=Q(state__in=ImportState.working()), name="imports_at_work"),
        ]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("expert_import", args=[self.pk])

    @property
    def source(self) -> str:
        """The namespace of the ids in the table: two organisations may use the same ids."""
        return source_key(self.institution_id) if self.institution_id else f"country:{self.country}"

    @property
    def working(self) -> bool:
        return self.state in ImportState.working()

    @property
    def can_answer(self) -> bool:
        """Whether what its columns mean may still be changed."""
        return self.state in {ImportState.ASKING, ImportState.READY} and bool(self.file)

    @property
    def share(self) -> float:
        return self.done / self.total if self.total else 0.0

    def roles_of(self, user: Any) -> set[str]:
        access = access_of(user)
        mine = self.institution_id in access.edited_institutions if self.institution_id else self.country in access.countries
        return {"importer"} if mine else set()
