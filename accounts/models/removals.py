"""Requests to delete an account."""

import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.own import OwnQuerySet
from accounts.states import REMOVAL_TRANSITIONS, RemovalState
from exchange.core.transitions import StatefulModel

GRACE = datetime.timedelta(days=14)


def in_fourteen_days() -> datetime.datetime:
    return timezone.now() + GRACE


class AccountRemoval(StatefulModel):
    """A request to delete an account, which can be cancelled until `due_at`. `kept` holds the values that cancelling restores."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="removals")
    state = models.CharField(max_length=10, choices=RemovalState.choices, default=RemovalState.WAITING)
    due_at = models.DateTimeField(default=in_fourteen_days)
    kept = models.JSONField(default=dict, editable=False)
    postponed = models.PositiveSmallIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    transitions = REMOVAL_TRANSITIONS
    objects: ClassVar[Any] = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("deletion of an account")
        verbose_name_plural = _("deletions of accounts")
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(state="waiting"), name="one_removal_at_a_time"),
            models.CheckConstraint(condition=Q(state__in=RemovalState.values), name="removal_state_known"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="waiting"), name="removals_due")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.state}"

    def roles_of(self, user: Any) -> set[str]:
        # The account is closed meanwhile, so its access is empty.
        return {"holder"} if user.pk == self.user_id else set()
