"""One expert's application to one programme, from draft to answer."""

import uuid
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import access_of
from applications.rules import acceptance_acted_on
from applications.states import APPLICATION_TRANSITIONS, REVIEWED, SUBMITTED_ONCE, ApplicationState
from exchange.core.countries import Country
from exchange.core.transitions import StatefulModel, Transition
from programs.states import PLACING_STATES

if TYPE_CHECKING:
    from accounts.models import User


def _hosted(institutions: "frozenset[int]") -> Q:
    return Q(program__institution_id__in=institutions, state__in=SUBMITTED_ONCE, submitted_at__isnull=False)


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, user: Any) -> "ApplicationQuerySet":
        """The expert's own; and, once submitted (a draft that was withdrawn never was), what the host's reviewing team may read."""
        access = access_of(user)
        own = Q(expert__user_id=access.user_id) if access.user_id else Q(pk__in=[])
        return self.filter(own | _hosted(access.reviewed_institutions)) if access.reviewed_institutions else self.filter(own)

    def of(self, user: Any) -> "ApplicationQuerySet":
        """This user's own applications."""
        return self.filter(expert__user_id=access_of(user).user_id or 0)

    def hosted_by(self, user: Any) -> "ApplicationQuerySet":
        """Applications this user may read for their institutions; never their own, whatever team they belong to."""
        access = access_of(user)
        if not access.reviewed_institutions:
            return self.none()
        return self.filter(_hosted(access.reviewed_institutions)).exclude(expert_id=access.expert_id or 0)


class Application(StatefulModel):
    """`version` guards the draft: an autosave with an older one is refused, and the response has the newer text."""

    program = models.ForeignKey("programs.Program", models.PROTECT, related_name="applications", verbose_name=_("programme"))
    expert = models.ForeignKey("profiles.ExpertProfile", models.CASCADE, related_name="applications", verbose_name=_("expert"))
    country = models.CharField(
        _("country"), max_length=2, choices=Country.choices, help_text=_("The sending country: that of the profile at submission.")
    )
    state = models.CharField(max_length=12, choices=ApplicationState.choices, default=ApplicationState.DRAFT)
    statement = models.TextField(_("statement"), max_length=6000, blank=True)
    answers = models.JSONField(default=dict, blank=True, help_text=_("Answers by question id."))
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(default=timezone.now)
    snapshot = models.JSONField(default=dict, blank=True, editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True)
    offer_expires_at = models.DateTimeField(null=True, blank=True)
    waitlisted_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    note = models.TextField(_("message to the applicant"), max_length=2000, blank=True)
    thread = models.OneToOneField("messaging.Thread", models.SET_NULL, null=True, blank=True, related_name="application")
    mean_score = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True, editable=False)
    review_count = models.PositiveSmallIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    transitions = APPLICATION_TRANSITIONS
    known_places_left: int | None = None
    """Places left for this application's country, where a page has counted them, so that the offer button can be disabled with the reason."""

    files: Any
    reviews: Any
    objects: ClassVar[Any] = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        constraints = [
            models.UniqueConstraint(fields=["program", "expert"], name="one_application_per_programme"),
            models.CheckConstraint(condition=Q(state__in=ApplicationState.values), name="application_state_known"),
        ]
        indexes = [
            models.Index(fields=["program", "state", "country"], name="application_seats"),
            models.Index(fields=["program", "-mean_score", "id"], name="application_by_score"),
            models.Index(fields=["offer_expires_at"], condition=Q(state="offered"), name="application_offers"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("application", args=[self.pk])

    def roles_of(self, user: "User") -> set[str]:
        """Roles in the transition table: `expert` for the applicant, else the host team's roles. Nobody decides on their own application."""
        access = access_of(user)
        if access.expert_id is not None and access.expert_id == self.expert_id:
            return {"expert"}
        return set(access.roles_in(self.program.institution_id))

    def blocked_reason(self, transition: Transition, user: "User") -> Any:
        """Why a transition that the table allows is blocked: the call is closed, the programme is over, a deadline has passed."""
        if transition.name in {"submit", "reopen"}:
            return None if self.program.is_open else _("This programme does not accept applications now.")
        if transition.name == "withdraw":
            return None
        if self.program.state not in PLACING_STATES:
            return _("This programme has ended or was cancelled: nothing can be decided any more.")
        if transition.name == "accept" and self.has_lapsed:
            return _("The time to answer this offer has run out.")
        if transition.name == "select" and self.known_places_left == 0:
            return _("No place is left for this country.")
        return None

    def may_take_back(self, transition: Transition, user: "User") -> bool:
        """An acceptance only while no country has decided; one query, for a recent acceptance alone."""
        acted_on = acceptance_acted_on.get() if transition.name == "take_back_acceptance" else None
        return acted_on is None or not acted_on(self)

    @property
    def has_lapsed(self) -> bool:
        """An offer whose time to answer is over, whether or not the scheduled task has expired it yet."""
        return self.offer_expires_at is not None and self.offer_expires_at <= timezone.now()

    @property
    def takes_reviews(self) -> bool:
        """Whether reviewers may still score it."""
        return self.state in REVIEWED


class ApplicationFileQuerySet(models.QuerySet["ApplicationFile"]):
    def visible_to(self, user: Any) -> "ApplicationFileQuerySet":
        """The files of the applications this person sees."""
        return self.filter(application__in=Application.objects.visible_to(user))


def application_file_path(stored: "ApplicationFile", name: str) -> str:
    return f"applications/{uuid.uuid4().hex}{PurePath(name).suffix.lower()}"


class ApplicationFile(models.Model):
    """A file of an application: an answer to a question, or a supporting document."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="files")
    question = models.ForeignKey("programs.Question", models.SET_NULL, null=True, blank=True, related_name="+")
    file = models.FileField(upload_to=application_file_path)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = ApplicationFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of an application")
        verbose_name_plural = _("files of applications")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
