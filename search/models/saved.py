"""Saved searches, the results each of them knows or has sent, and the changed documents that are still to be matched."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from search.models.documents import SearchKind


class Frequency(models.TextChoices):
    """How often a saved search notifies its owner of new results."""

    INSTANT = "instant", pgettext_lazy("how often", "At once")
    DAILY = "daily", pgettext_lazy("how often", "Once a day")
    WEEKLY = "weekly", pgettext_lazy("how often", "Once a week")
    NEVER = "never", pgettext_lazy("how often", "Never")


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    def visible_to(self, user: Any) -> "SavedSearchQuerySet":
        """Only the user's own."""
        return self.filter(owner_id=user.pk) if user is not None and user.is_authenticated and user.is_active else self.none()

    def notifying(self) -> "SavedSearchQuerySet":
        """Those that send notifications, of owners whose account is active."""
        return self.exclude(frequency=Frequency.NEVER).filter(owner__is_active=True)


class SavedSearch(models.Model):
    """A search that a user saved. `address` is its query string, as `domain.params` writes it."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches")
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(max_length=12, choices=SearchKind.choices, blank=True, help_text="Empty: of every kind.")
    address = models.CharField(max_length=2000, blank=True)
    frequency = models.CharField(
        pgettext_lazy("of a saved search", "notify me of new results"),
        max_length=8,
        choices=Frequency.choices,
        default=Frequency.DAILY,
    )
    created_at = models.DateTimeField(default=timezone.now)
    since = models.DateTimeField(
        default=timezone.now, help_text="What was made after this is new, even to a search with too many results."
    )
    begun_at = models.DateTimeField(null=True, help_text="When what existed was marked as known; before, nothing is told.")
    overflowing = models.BooleanField(
        default=False, help_text="There was more than could be marked: only what was made since is new."
    )
    next_at = models.DateTimeField(null=True, help_text="When a daily or weekly one is sent next.")

    objects: ClassVar[Any] = SavedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ["name", "pk"]
        constraints = [models.CheckConstraint(condition=Q(frequency__in=Frequency.values), name="saved_search_frequency_known")]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="saved_search_due"),
            models.Index(fields=["kind"], condition=~Q(frequency="never"), name="saved_search_telling"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def notifies(self) -> bool:
        return self.frequency != Frequency.NEVER


class KnownResult(models.Model):
    """A document that a saved search has found: known from the start, sent, or (without `notified_at`) waiting to be sent."""

    search = models.ForeignKey(SavedSearch, models.CASCADE, related_name="known")
    kind = models.CharField(max_length=12, choices=SearchKind.choices)
    object_id = models.IntegerField()
    found_at = models.DateTimeField(default=timezone.now)
    notified_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "known result of a saved search"
        verbose_name_plural = "known results of saved searches"
        constraints = [models.UniqueConstraint(fields=["search", "kind", "object_id"], name="known_result_once")]
        indexes = [models.Index(fields=["search"], condition=Q(notified_at__isnull=True), name="known_result_waiting")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} in {self.search_id}"


class ChangedDocument(models.Model):
    """A document that was written into the index and that saved searches were not matched against yet."""

    kind = models.CharField(max_length=12, choices=SearchKind.choices)
    object_id = models.IntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "changed document"
        verbose_name_plural = "changed documents"

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
