"""Notifications about placements and events in their threads: who is notified of what, all in the transaction of the action."""

from typing import Any

from django.utils import timezone

from accounts.domain.coordinators import coordinator_ids
from accounts.models import User
from accounts.states import EDITING_ROLES
from exchange.core.countries import Country
from institutions.domain.queries import team_ids
from institutions.models import Membership
from messaging.domain.notifications import notify
from messaging.domain.threads import add_participants, post_event, remove_participants, set_thread_link
from messaging.models import Participant
from placements.models import Approval, Placement
from placements.states import APPROVAL_REASONS, SYSTEM_REASONS

REASONS = dict(APPROVAL_REASONS) | SYSTEM_REASONS
COORDINATOR = "coordinator"


def decider_ids(placement: Placement, country: str) -> list[int]:
    """Users who act for a country today and may decide on this placement: not the expert, nor members of an institution that takes part."""
    ids = [pk for pk in coordinator_ids(country) if pk != placement.expert.user_id]
    own = [pk for pk in (placement.program.institution_id, placement.expert.affiliation_id) if pk is not None]
    barred = set(Membership.objects.filter(user_id__in=ids, institution_id__in=own).values_list("user_id", flat=True))
    return [pk for pk in ids if pk not in barred]


def secretariat_ids() -> list[int]:
    """The accounts of the secretariat."""
    return list(User.objects.filter(is_secretariat=True, is_active=True).values_list("pk", flat=True))


def side_ids(placement: Placement) -> list[int]:
    """The expert, and the host's owners and editors."""
    expert = [placement.expert.user_id] if placement.expert.user_id is not None else []
    return [*expert, *team_ids(placement.program.institution_id, EDITING_ROLES)]


def countries_of(placement: Placement) -> list[str]:
    """Sending and host country, each once."""
    return list(dict.fromkeys([placement.sending_country, placement.host_country]))


def all_ids(placement: Placement) -> list[int]:
    """Everybody concerned: both sides and the coordinators of both countries."""
    return [*side_ids(placement), *(pk for country in countries_of(placement) for pk in coordinator_ids(country))]


def notify_users(
    placement: Placement, user_ids: list[int], kind: str, *, but: User | None = None, key: str = "", **data: Any
) -> None:
    """Notify these users, except the one who acted."""
    readers = [pk for pk in user_ids if but is None or pk != but.pk]
    if readers:
        moment = f"{timezone.now().timestamp():.6f}"
        facts = _facts(placement) | data
        notify(readers, kind, key=f"{kind}:{placement.pk}:{key or moment}", url=placement.get_absolute_url(), **facts)


def ask_country(placement: Placement, approval: Approval) -> None:
    """Ask a country's coordinators for their decision; the secretariat is notified when nobody there may decide."""
    asked = decider_ids(placement, approval.country)
    kind = "approval_requested" if asked else "approval_unmanned"
    notify_users(placement, asked or secretariat_ids(), kind, key=f"{approval.country}:{approval.version}", **about(approval))


def about(approval: Approval) -> dict[str, Any]:
    """The payload of a notification about one country's decision."""
    return {"country": country_label(approval.country), "date": approval.due_on}


def country_label(code: str) -> Any:
    """The name of a country, localised for each reader."""
    return Country(code).label


def post_thread_event(placement: Placement, code: str, **data: Any) -> None:
    """Add a line about what happened to the thread, if there is a thread."""
    thread = placement.application.thread
    if thread is not None:
        post_event(thread, f"placement.{code}", data)


def join_coordinators(placement: Placement) -> None:
    """Add the coordinators of both countries to the conversation, and remove those who no longer act for them.

    The thread links to the placement from now on, because coordinators may not read the application.
    """
    thread = placement.application.thread
    if thread is None:
        return
    set_thread_link(thread, placement.get_absolute_url())
    wanted = {pk for country in countries_of(placement) for pk in coordinator_ids(country)} - {placement.expert.user_id}
    current = Participant.objects.filter(thread=thread, left_at__isnull=True)
    rows = dict(current.values_list("user_id", "capacity"))
    leaving = {pk for pk, capacity in rows.items() if capacity == COORDINATOR} - wanted
    if wanted - set(rows):
        add_participants(thread, sorted(wanted - set(rows)), capacity=COORDINATOR)
    if leaving:
        remove_participants(thread, sorted(leaving))


def _facts(placement: Placement) -> dict[str, Any]:
    program = placement.program
    return {
        "name": placement.expert.shown_name or placement.expert.latin_name,
        "program": dict(program.title),
        "institution": dict(program.institution.name),
    }
