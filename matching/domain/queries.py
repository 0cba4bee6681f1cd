"""Queries for matches: one query per page."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.access import access_of
from applications.models import Application
from applications.states import SUBMITTED_ONCE, ApplicationState
from matching.models import Invitation, Match
from matching.models.matches import MIN_SHOWN
from profiles.models import ExpertProfile
from programs.models import Program

SHOWN = 6


def matches_for_expert(user: Any) -> "QuerySet[Match]":
    """Open programmes for this person to which they have not applied, the best first, eligible ones before others."""
    rows: QuerySet[Match] = Match.objects.visible_to(user)
    applied = Application.objects.of(user).exclude(state__in=(ApplicationState.DRAFT, ApplicationState.WITHDRAWN))
    return (
        rows.filter(expert__user=user, score__gte=MIN_SHOWN, program__in=Program.objects.visible_to(user).open())
        .exclude(program__in=applied.values("program"))
        .select_related("program", "program__institution")
        .order_by("-eligible", "-score", "pk")
    )


def matches_for_program(program: Program, user: Any) -> "QuerySet[Match]":
    """People for this programme whom this host may see, the best first; each with `invited` and `applied`."""
    rows: QuerySet[Match] = Match.objects.for_hosts().filter(program=program, expert__in=ExpertProfile.objects.visible_to(user))
    invited = Exists(Invitation.objects.filter(program=program, expert=OuterRef("expert")))
    rows = rows.select_related("expert").defer("expert__biography")
    return rows.annotate(invited=invited, applied=Exists(received(program=program, expert=OuterRef("expert")))).order_by(
        "-host_score", "pk"
    )


def received(**filters: Any) -> "QuerySet[Application]":
    """Applications the host has received, whatever became of them. Drafts are not the host's to know."""
    found: QuerySet[Application] = Application.objects.filter(
        state__in=SUBMITTED_ONCE, submitted_at__isnull=False, **filters
    ).order_by()
    return found


def invitable(user: Any, expert: ExpertProfile) -> "QuerySet[Match]":
    """Matches of this person with open programmes of the user's institutions to which they may be invited, the best first."""
    rows: QuerySet[Match] = Match.objects.for_hosts().filter(
        expert_id=expert.pk,
        program__institution__in=access_of(user).edited_institutions,
        program__in=Program.objects.open(),
    )
    known = Q(Exists(Invitation.objects.filter(program=OuterRef("program"), expert=expert)))
    known |= Q(Exists(received(program=OuterRef("program"), expert=expert)))
    return rows.exclude(known).select_related("program").order_by("-host_score", "pk")
