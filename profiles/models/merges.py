"""Claim invitations, and merges of two profiles of one person."""

import datetime
import secrets
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import access_of
from accounts.models.addresses import in_thirty_days
from accounts.states import Answer
from exchange.core.transitions import StatefulModel
from profiles.models.experts import ExpertProfile
from profiles.states import MERGE_TRANSITIONS, MergeState

if TYPE_CHECKING:
    from accounts.models.users import User

UNDO_WITHIN = datetime.timedelta(days=30)


def fresh_secret() -> str:
    return secrets.token_urlsafe(32)


class ClaimInvitation(models.Model):
    """An invitation to claim an imported profile. The link in the e-mail contains `secret`."""

    profile = models.ForeignKey(ExpertProfile, models.CASCADE, related_name="claim_invitations")
    email = models.EmailField(_("e-mail address"))
    secret = models.CharField(max_length=64, unique=True, default=fresh_secret, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(default=in_thirty_days)
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("invitation to claim a profile")
        verbose_name_plural = _("invitations to claim profiles")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["profile"], condition=Q(answer=""), name="one_open_claim_invitation"),
        ]
        indexes = [models.Index(fields=["email"], condition=Q(answer=""), name="open_claim_invitations")]

    def __str__(self) -> str:
        return f"{self.email} #{self.profile_id}"

    @property
    def is_open(self) -> bool:
        return not self.answer and self.expires_at > timezone.now()


class MergeQuerySet(models.QuerySet["ProfileMerge"]):
    def visible_to(self, user: Any) -> "MergeQuerySet":
        """Merges of the user's own profile, or of profiles without account made by an institution or country they act for."""
        access = access_of(user)
        if access.user_id is None:
            return self.none()
        made = Q(made_by_institution__in=access.edited_institutions) | Q(made_by_country__in=access.countries)
        return self.filter(Q(target_user=access.user_id) | Q(source_user=access.user_id) | made)


class ProfileMerge(StatefulModel):
    """Two profiles of one person: proposed by one side, confirmed by the other, can be undone within 30 days.

    `source` stays as a hidden row that redirects to `target`; `moved` is what undoing needs, deleted after 30 days.
    The side of `source` is its account, or else the institution or the country that made it.
    """

    target = models.ForeignKey(ExpertProfile, models.CASCADE, related_name="merges")
    source = models.ForeignKey(ExpertProfile, models.CASCADE, related_name="merged_away")
    target_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    source_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    made_by_institution = models.ForeignKey("institutions.Institution", models.SET_NULL, null=True, related_name="+")
    made_by_country = models.CharField(max_length=2, blank=True)
    state = models.CharField(max_length=10, choices=MergeState.choices, default=MergeState.PROPOSED)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    merged_at = models.DateTimeField(null=True)
    moved = models.JSONField(default=dict)

    transitions = MERGE_TRANSITIONS
    objects: ClassVar[Any] = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge of two profiles")
        verbose_name_plural = _("merges of profiles")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MergeState.values), name="merge_state_known"),
            models.CheckConstraint(condition=~Q(target=F("source")), name="merge_of_two"),
            models.UniqueConstraint(fields=["target", "source"], condition=Q(state="proposed"), name="one_open_merge"),
        ]
        indexes = [models.Index(fields=["merged_at"], condition=Q(state="merged"), name="merges_to_forget")]

    def __str__(self) -> str:
        return f"{self.source_id} into {self.target_id}"

    def get_absolute_url(self) -> str:
        return reverse("profile_merge", args=[self.pk])

    @property
    def undo_until(self) -> datetime.datetime | None:
        return self.merged_at + UNDO_WITHIN if self.merged_at else None

    @property
    def can_be_undone(self) -> bool:
        return self.state == MergeState.MERGED and bool(self.moved) and (self.undo_until or timezone.now()) > timezone.now()

    def roles_of(self, user: "User") -> set[str]:
        """`proposer` for the account of `target`, `asked` for the side of `source`."""
        access = access_of(user)
        roles = set()
        if access.user_id is not None and access.user_id == self.target_user_id:
            roles.add("proposer")
        if self.source_user_id is not None:
            asked = self.source_user_id == access.user_id
        else:
            asked = self.made_by_institution_id in access.edited_institutions or self.made_by_country in access.countries
        return roles | ({"asked"} if asked else set())

    def blocked_reason(self, transition: Any, user: "User") -> Any:
        """The proposer may not answer; a merge older than 30 days cannot be undone."""
        if transition.name == "confirm" and self.target_user_id == user.pk:
            return _("You are the one who proposed it: somebody else has to confirm.")
        if transition.name == "undo" and not self.can_be_undone:
            return _("A merge can be undone for 30 days only.")
        return None
