"""Queries for placements: the page of one, the list of the user's own."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.access import access_of
from accounts.domain.coordinators import current
from accounts.models import CoordinatorAppointment, User
from applications.domain.queries import Answered, answers_of, documents
from applications.models import Application, ApplicationFile
from exchange.core.transitions import AvailableTransition, available_transitions
from messaging.models import Participant, Thread
from partnerships.models import Agreement
from partnerships.rules import can_see_agreement
from placements.domain.country_decisions import CountryDecision
from placements.domain.timeline import Event, Step, events_of, timeline_of
from placements.models import Approval, Placement
from placements.rules import due_status, reads_for_approval
from placements.states import UNDECIDED, ApprovalState, PlacementState
from profiles.models import ExpertProfile

RELATED = ("program__institution", "expert__affiliation", "agreement__first", "agreement__second", "application")


def with_parts(rows: "QuerySet[Placement]") -> "QuerySet[Placement]":
    """Load everything a list, a page or the API shows of each placement, in a constant number of queries."""
    approvals = Approval.objects.select_related("decided_by").order_by("-side", "pk")
    return rows.select_related(*RELATED).prefetch_related(Prefetch("approvals", approvals))


def my_placements(user: User, state: str = "") -> QuerySet[Placement]:
    """Placements this reader sees, in one state when that is named; latest stays first."""
    rows = Placement.objects.visible_to(user)
    if state in PlacementState.values:
        rows = rows.filter(state=state)
    return with_parts(rows)


MINE_ORDER = ("-starts", "-pk")


@dataclass(frozen=True)
class CoveringAgreement:
    """The agreement that covers a placement, as a reader sees it."""

    agreement: Agreement
    readable: bool
    ends_early: bool
    """It ends before the stay does."""
    used: int | None = None
    """Places of this agreement taken in the year of the stay, in the same direction, this one included."""


@dataclass(frozen=True)
class PlacementPage:
    """Everything the page of one placement shows."""

    placement: Placement
    decisions: list[CountryDecision]
    transitions: list[AvailableTransition]
    steps: list[Step]
    events: list[Event]
    covering: CoveringAgreement | None
    thread: Thread | None
    profile_url: str
    application_url: str
    role: str
    """The reader's role: expert, host, coordinator or secretariat."""

    @property
    def to_decide(self) -> list[CountryDecision]:
        """The approvals this reader decides, or would decide if they were not blocked by a conflict."""
        return [decision for decision in self.decisions if decision.transitions or decision.conflict]


def country_decisions_of(placement: Placement, user: Any, people: dict[str, list[str]] | None = None) -> list[CountryDecision]:
    """Each country's decision, with its due status and this reader's transitions; no query when approvals are prefetched."""
    today, countries = timezone.now().date(), access_of(user).countries
    decisions = []
    for approval in placement.approvals.all():
        approval.placement = placement
        runs = approval.is_open and placement.state == PlacementState.PENDING
        acts = approval.is_open and approval.country in countries
        approved = approval.state == ApprovalState.APPROVED and approval.country in countries
        decisions.append(
            CountryDecision(
                approval=approval,
                due_status=due_status(approval.asked_at.date(), approval.due_on, today) if runs else None,
                transitions=available_transitions(approval, user) if acts or approved else [],
                conflict=approval.conflict(user) if acts else None,
                people=(people or {}).get(approval.country, []),
            )
        )
    return decisions


def placement_page(placement: Placement, user: User) -> PlacementPage:
    """The page of one placement, loaded `with_parts`, as this reader sees it."""
    access = access_of(user)
    own = placement.expert_id == access.expert_id
    hosts = placement.program.institution_id in access.reviewed_institutions
    acts = bool({placement.sending_country, placement.host_country} & access.countries)
    decisions = country_decisions_of(placement, user, people_of(placement))
    return PlacementPage(
        placement=placement,
        decisions=decisions,
        transitions=available_transitions(placement, user),
        steps=timeline_of(placement, decisions),
        events=events_of(placement),
        covering=covering_agreement_of(placement, user, count=True),
        thread=_thread_of(placement, user),
        profile_url=_profile_url(placement, user),
        application_url=_application_url(placement, user),
        role="expert" if own else "host" if hosts else "coordinator" if acts else "secretariat",
    )


def _application_url(placement: Placement, user: User) -> str:
    """Where this reader reads the application: the applicant and the host's team on its own page, those who approve on the placement's."""
    if reads_for_approval(user, placement):
        return reverse("placement_application", args=[placement.pk])
    access = access_of(user)
    reads = placement.expert_id == access.expert_id or placement.program.institution_id in access.reviewed_institutions
    return placement.application.get_absolute_url() if reads else ""


@dataclass(frozen=True)
class ApprovedApplication:
    """The application of a placement as those who approve read it: never the host's reviews and notes."""

    application: Application
    answers: list[Answered]
    documents: list[ApplicationFile]


def application_for_approval(placement: Placement) -> ApprovedApplication:
    """What the expert sent, in three queries. The caller has checked `reads_for_approval`."""
    application = Application.objects.select_related("program", "expert").get(pk=placement.application_id)
    files = list(application.files.all())
    answers = answers_of(application, files)
    return ApprovedApplication(application, answers, documents(files, [row.question for row in answers]))


def covering_agreement_of(placement: Placement, user: Any, *, count: bool = False) -> CoveringAgreement | None:
    """The agreement, or None; with `count`, how many of its places are taken this year."""
    agreement = placement.agreement
    if agreement is None:
        return None
    return CoveringAgreement(
        agreement=agreement,
        readable=can_see_agreement(user, agreement),
        ends_early=agreement.valid_until is not None and agreement.valid_until < placement.ends,
        used=_places_used(placement) if count and agreement.yearly_places else None,
    )


def _places_used(placement: Placement) -> int:
    rows = Placement.objects.alive().filter(
        agreement=placement.agreement,
        program__institution_id=placement.program.institution_id,
        starts__year=placement.starts.year,
    )
    return int(rows.count())


def people_of(placement: Placement) -> dict[str, list[str]]:
    """Names of the acting coordinators of each country that has not decided."""
    if placement.state not in UNDECIDED:
        return {}
    waiting = [approval.country for approval in placement.approvals.all() if approval.state == ApprovalState.WAITING]
    people: dict[str, list[str]] = {}
    for appointment in acting(waiting):
        people.setdefault(appointment.country, []).append(str(appointment.user))
    return people


def acting(countries: Collection[str], on: datetime.date | None = None) -> QuerySet[CoordinatorAppointment]:
    """Appointments of these countries in force today, appointees before deputies."""
    rows = CoordinatorAppointment.objects.filter(current(on), country__in=countries, user__is_active=True)
    return rows.select_related("user", "deputy_of__user").order_by("country", "deputy_of_id", "starts", "pk")


def _thread_of(placement: Placement, user: User) -> Thread | None:
    thread_id = placement.application.thread_id
    if thread_id is None:
        return None
    taking_part = Participant.objects.filter(thread_id=thread_id, user=user, left_at__isnull=True).select_related("thread").first()
    return taking_part.thread if taking_part else None


def _profile_url(placement: Placement, user: User) -> str:
    """The expert's page, for those who may open it."""
    visible = ExpertProfile.objects.visible_to(user).filter(pk=placement.expert_id).exists()
    return placement.expert.get_absolute_url() if visible else ""


def placement_of(application: Any, user: Any = None) -> Placement | None:
    """The placement of an application or None (with `user`, only if they may see it), loaded `with_parts`."""
    rows = Placement.objects.all() if user is None else Placement.objects.visible_to(user)
    found: Placement | None = with_parts(rows).filter(application=application).first()
    return found


def placements_under(agreement: Agreement, user: Any) -> QuerySet[Placement]:
    """Placements covered by an agreement that this reader may see, latest stays first."""
    return with_parts(Placement.objects.visible_to(user).alive().filter(agreement=agreement).order_by("-starts", "-pk"))
