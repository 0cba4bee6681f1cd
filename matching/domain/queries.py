"""Queries for matches: one query per page."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from matching.models import Invitation, Match
from matching.models.matches import MIN_SHOWN
from profiles.models import ExpertProfile
from programs.models import Program

SHOWN = 6


def matches_for_expert(user: Any) -> "QuerySet[Match]":
    """Open programmes for this person, the best first, eligible ones before others."""
    rows: QuerySet[Match] = Match.objects.visible_to(user)
    return (
        rows.filter(expert__user=user, score__gte=MIN_SHOWN, program__in=Program.objects.visible_to(user).open())
        .select_related("program", "program__institution")
        .order_by("-eligible", "-score", "pk")
    )


def matches_for_program(program: Program, user: Any) -> "QuerySet[Match]":
    """People for this programme whom this host may see, the best first; each with `invited`."""
    rows: QuerySet[Match] = Match.objects.for_hosts().filter(program=program, expert__in=ExpertProfile.objects.visible_to(user))
    invited = Exists(Invitation.objects.filter(program=program, expert=OuterRef("expert")))
    return rows.select_related("expert").defer("expert__biography").annotate(invited=invited).order_by("-host_score", "pk")
