"""The timeline of a placement, the same for all sides: its steps, and what happened, country by country."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from applications.domain.timeline import Step
from exchange.core.countries import Country
from exchange.core.date_format import write_date, write_range
from exchange.core.errors import Text
from exchange.core.models import History
from placements.domain.country_decisions import CountryDecision
from placements.domain.notifications import REASONS
from placements.models import Approval, Placement
from placements.states import APPROVAL_TRANSITIONS, PLACEMENT_TRANSITIONS, UNDECIDED, ApprovalState, PlacementState

ECHOES = ("return", "reject")
"""Transitions of the placement that repeat the decision of a country."""
SILENT = ("ask", "dates", "agreement", "letter", "unconfirm")


@dataclass(frozen=True)
class Event:
    """One entry of the history: what happened, for which country, by whom, why."""

    title: Text
    at: datetime.datetime
    country: str = ""
    who: str = ""
    reason: Text = ""
    note: str = ""
    change: str = ""
    tone: str = ""


def timeline_of(placement: Placement, decisions: "Sequence[CountryDecision]") -> list[Step]:
    """The steps from the accepted offer to the stay; the current step says who has to act and until when."""
    steps = [Step(_("Offer accepted"), "done", at=placement.created_at)]
    steps += [_country_step(decision) for decision in decisions]
    if placement.state == PlacementState.RETURNED:
        steps.append(Step(_("The expert or the host revises it and sends it again"), "now", at=placement.state_since))
    if placement.state == PlacementState.CANCELLED:
        return [*steps, Step(str(PlacementState.CANCELLED.label), "stopped", at=placement.state_since)]
    if placement.state == PlacementState.REJECTED:
        return [*steps, Step(pgettext("placement", "It ended here; the place is free again"), "stopped", at=placement.state_since)]
    return [*steps, *_last_steps(placement)]


def _country_step(decision: CountryDecision) -> Step:
    approval = decision.approval
    names = {"country": Country(approval.country).label}
    if approval.state == ApprovalState.APPROVED:
        return Step(
            pgettext("step; a country's name comes first", "%(country)s: approved") % names,
            "done",
            str(approval.decided_by or ""),
            approval.decided_at,
        )
    if approval.state == ApprovalState.REJECTED:
        return Step(
            pgettext("step; a country's name comes first", "%(country)s: not approved") % names,
            "stopped",
            str(approval.decided_by or ""),
            approval.decided_at,
        )
    if approval.state == ApprovalState.RETURNED:
        return Step(
            pgettext("step; a country's name comes first", "%(country)s: returned for revision") % names,
            "stopped",
            str(approval.decided_by or ""),
            approval.decided_at,
        )
    if approval.placement.state not in UNDECIDED:
        return Step(pgettext("step; a country's name comes first", "%(country)s: no longer asked") % names)
    title = pgettext("step; a country's name comes first", "%(country)s: decides") % names
    if decision.due_status is None:
        return Step(title)
    who = ", ".join(decision.people) or _("nobody is appointed at the moment")
    until = _("decides by %(date)s") % {"date": write_date(approval.due_on)}
    return Step(title, "now", f"{who} · {until} · {decision.due_status.text}")


def _last_steps(placement: Placement) -> list[Step]:
    confirmed = placement.state == PlacementState.CONFIRMED
    today = timezone.now().date()
    stay = "" if not confirmed or today < placement.starts else "done" if today > placement.ends else "now"
    return [
        Step(
            _("Confirmed; the invitation letter is ready") if confirmed else _("Confirmed, with an invitation letter"),
            "done" if confirmed else "",
            at=placement.confirmed_at,
        ),
        Step(pgettext("step of a placement", "The stay"), stay, write_range(placement.starts, placement.ends)),
    ]


def steps_after_acceptance(placement: Placement, decisions: Sequence[CountryDecision]) -> list[Step]:
    """The same steps for the applicant's timeline, which already contains the accepted offer; the countries link to the placement."""
    url = reverse("placement", args=[placement.pk])
    return [
        Step(step.title, step.state, step.note, step.at, url if step.state == "now" else "")
        for step in timeline_of(placement, decisions)[1:]
    ]


def events_of(placement: Placement) -> list[Event]:
    """History of the placement and of each country's decision, oldest first, in two queries at most."""
    approvals = {approval.pk: approval for approval in placement.approvals.all()}
    kinds = ContentType.objects.get_for_models(Placement, Approval)
    mine = Q(content_type=kinds[Placement], object_id=placement.pk)
    theirs = Q(content_type=kinds[Approval], object_id__in=approvals)
    rows = list(History.objects.filter(mine | theirs).select_related("actor").order_by("pk"))
    own = [row for row in rows if row.content_type_id == kinds[Placement].pk]
    dates = {row.pk: later for row, later in pairwise(own) if later.transition == "dates"}
    events = []
    for row in rows:
        approval = approvals.get(row.object_id) if row.content_type_id == kinds[Approval].pk else None
        if row.transition in SILENT or (approval is None and row.transition in ECHOES):
            continue
        events.append(_event(row, approval, dates.get(row.pk)))
    return events


def _event(row: History, approval: Approval | None, changed: History | None) -> Event:
    table = APPROVAL_TRANSITIONS if approval else PLACEMENT_TRANSITIONS
    return Event(
        title=table[row.transition].done if row.transition in table else _("The offer was accepted; the countries were asked"),
        at=row.at,
        country=approval.country if approval else "",
        who=str(row.actor) if row.actor else "",
        reason=REASONS.get(row.reason, ""),
        note=row.note,
        change=_change(changed.data) if changed else "",
        tone={"approve": "success", "confirm": "success", "reject": "danger", "cancel": "danger", "return": "warning"}.get(
            row.transition, ""
        ),
    )


def _change(data: dict[str, Any]) -> str:
    before, after = (write_range(*(datetime.date.fromisoformat(day) for day in data[key])) for key in ("before", "after"))
    return _("Dates: %(before)s → %(after)s") % {"before": before, "after": after}
