"""The placement that follows an accepted offer, and the approval of each country."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.access import access_of
from exchange.core.countries import Country
from exchange.core.transitions import StatefulModel, Transition
from placements.states import (
    ALIVE,
    APPROVAL_REASONS,
    APPROVAL_TRANSITIONS,
    PLACEMENT_TRANSITIONS,
    UNDECIDED,
    ApprovalState,
    PlacementState,
    Reminder,
    Side,
)

if TYPE_CHECKING:
    from accounts.models import User


class PlacementQuerySet(models.QuerySet["Placement"]):
    def visible_to(self, user: Any) -> "PlacementQuerySet":
        """The expert, the host's team, the coordinators of both countries, and the secretariat."""
        access = access_of(user)
        if access.secretariat:
            return self
        if access.user_id is None:
            return self.none()
        return self.filter(
            Q(expert__user_id=access.user_id)
            | Q(program__institution_id__in=access.reviewed_institutions)
            | Q(sending_country__in=access.countries)
            | Q(host_country__in=access.countries)
        )

    def alive(self) -> "PlacementQuerySet":
        """Placements that take a place of their programme."""
        return self.filter(state__in=ALIVE)


class Placement(StatefulModel):
    """One expert at one host. Exactly one per accepted application."""

    application = models.OneToOneField("applications.Application", models.PROTECT, related_name="placement")
    program = models.ForeignKey("programs.Program", models.PROTECT, related_name="placements")
    expert = models.ForeignKey("profiles.ExpertProfile", models.PROTECT, related_name="placements")
    sending_country = models.CharField(_("sending country"), max_length=2, choices=Country.choices)
    host_country = models.CharField(_("host country"), max_length=2, choices=Country.choices)
    starts = models.DateField(_("from"))
    ends = models.DateField(_("to"))
    state = models.CharField(max_length=12, choices=PlacementState.choices, default=PlacementState.PENDING)
    agreement = models.ForeignKey("partnerships.Agreement", models.SET_NULL, null=True, blank=True, related_name="placements")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    is_demo = models.BooleanField(_("demonstration"), default=False)
    created_at = models.DateTimeField(default=timezone.now)

    transitions = PLACEMENT_TRANSITIONS
    objects: ClassVar[Any] = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        constraints = [models.CheckConstraint(condition=Q(state__in=PlacementState.values), name="placement_state_known")]
        indexes = [models.Index(fields=["program", "state", "sending_country"], name="placement_seats")]

    def __str__(self) -> str:
        return f"#{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("placement", args=[self.pk])

    def roles_of(self, user: "User") -> set[str]:
        """`expert` for the person placed, else the host team's roles."""
        access = access_of(user)
        if access.expert_id is not None and access.expert_id == self.expert_id:
            return {"expert"}
        return set(access.roles_in(self.program.institution_id))

    def may_take_back(self, transition: Transition, user: "User") -> bool:
        """Only who cancelled it may take that back; what the system cancelled nobody may."""
        return self.cancelled_by_id is not None and self.cancelled_by_id == user.pk

    def blocked_reason(self, transition: Transition, user: "User") -> Any:
        """A stay that is over cannot be cancelled."""
        if transition.name == "cancel" and self.ends < timezone.now().date():
            return _("The stay is over: it can no longer be cancelled.")
        return None

    @property
    def reference(self) -> str:
        """The number that is printed on letters."""
        return f"MIRAS-{self.created_at.year}-{self.pk:06d}"


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def visible_to(self, user: Any) -> "ApprovalQuerySet":
        """Approvals of the placements this user may see."""
        return self.filter(placement__in=Placement.objects.visible_to(user))

    def tasks_of(self, user: Any) -> "ApprovalQuerySet":
        """Open approvals of this coordinator's countries, on placements that are still being approved."""
        return self.filter(
            country__in=access_of(user).countries, state=ApprovalState.WAITING, placement__state=PlacementState.PENDING
        )


class Approval(StatefulModel):
    """One country's decision on one placement."""

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="approvals")
    country = models.CharField(_("country"), max_length=2, choices=Country.choices)
    side = models.CharField(max_length=8, choices=Side.choices)
    state = models.CharField(max_length=10, choices=ApprovalState.choices, default=ApprovalState.WAITING)
    due_on = models.DateField(_("due on"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    reminder = models.PositiveSmallIntegerField(choices=Reminder.choices, default=Reminder.NONE, editable=False)

    transitions = APPROVAL_TRANSITIONS
    objects: ClassVar[Any] = ApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["placement_id", "-side"]
        constraints = [
            models.UniqueConstraint(fields=["placement", "country"], name="one_approval_per_country"),
            models.CheckConstraint(condition=Q(state__in=ApprovalState.values), name="approval_state_known"),
        ]
        indexes = [models.Index(fields=["country", "due_on"], condition=Q(state="waiting"), name="approval_queue")]

    def __str__(self) -> str:
        return f"{self.country} {self.state}"

    def roles_of(self, user: "User") -> set[str]:
        """`coordinator` for users who act for this country now."""
        return {"coordinator"} if self.country in access_of(user).countries else set()

    def conflict(self, user: "User") -> Any:
        """Why this user may never decide on this placement: nobody decides on themselves, on their own institution, or for both countries."""
        access = access_of(user)
        placement = self.placement
        if placement.expert.user_id == access.user_id:
            return _("This is your own placement: another coordinator has to decide.")
        own = access.institutions
        if placement.program.institution_id in own or placement.expert.affiliation_id in own:
            return _("Your own institution takes part in this placement: another coordinator has to decide.")
        others = [other for other in placement.approvals.all() if other.pk != self.pk]
        if any(other.decided_by_id == access.user_id and other.state != ApprovalState.WAITING for other in others):
            return _("You have decided for the other country: here another coordinator has to decide.")
        return None

    def blocked_reason(self, transition: Transition, user: "User") -> Any:
        """The conflict, or that the placement is being revised (it can be rejected even then)."""
        if transition.takes_back and self.placement.state not in (PlacementState.PENDING, PlacementState.CONFIRMED):
            return _("Somebody has acted on it meanwhile: it can no longer be taken back.")
        if self.placement.state == PlacementState.RETURNED and transition.name != "reject":
            return self.conflict(user) or _("The placement is being revised. Decide when it is sent again.")
        return self.conflict(user)

    def may_take_back(self, transition: Transition, user: "User") -> bool:
        """Only who approved may take the approval back, and not once another country has confirmed the placement by its own."""
        confirmed = self.placement.state == PlacementState.CONFIRMED
        later = confirmed and any(row.state_since > self.state_since for row in self.placement.approvals.all())
        return not later and self.decided_by_id is not None and self.decided_by_id == user.pk

    @property
    def is_open(self) -> bool:
        """Whether this country's decision is still missing."""
        return self.state == ApprovalState.WAITING and self.placement.state in UNDECIDED

    @property
    def state_text(self) -> Any:
        """The state of this approval as text; a country that had not decided before the placement ended is no longer asked."""
        if self.state == ApprovalState.WAITING and not self.is_open:
            return pgettext_lazy("approval", "No longer asked")
        return self.get_state_display()

    @property
    def reason_label(self) -> Any:
        """The label of the reason; empty without one."""
        return dict(APPROVAL_REASONS).get(self.reason, "")

    @property
    def version(self) -> str:
        """Identifies the request: a decision that names an older one is refused."""
        return f"{self.asked_at.timestamp():.6f}"
