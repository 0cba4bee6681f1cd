"""Notifications about institutions: verified, suspended, handed over."""

from typing import Any

from django.urls import reverse

from accounts.domain.coordinators import coordinator_ids
from institutions.domain.queries import team_ids
from institutions.models import Handover, Institution
from messaging.domain.notifications import notify


def notify_of_handover(handover: Handover) -> None:
    """Notify the taker of an open offer; once it is answered, the giver."""
    url = reverse("institution_team", args=[handover.institution.slug])
    words: dict[str, Any] = {"institution": handover.institution.name}
    if not handover.answer:
        words |= {"name": handover.giver.get_full_name(), "date": handover.expires_at.date()}
        notify([handover.taker_id], "handover_offered", key=f"{handover.pk}", url=url, **words)
    elif handover.answer != "withdrawn":
        words |= {"name": handover.taker.get_full_name(), "answer": handover.get_answer_display()}
        notify([handover.giver_id], "handover_answered", key=f"{handover.pk}", url=url, **words)


def notify_of_institution(institution_id: int, transition: str) -> None:
    """Notify the coordinators of the country of a new institution, and the team of the other transitions."""
    institution = Institution.objects.only("slug", "name", "country", "state_since").get(pk=institution_id)
    words = {"institution": institution.name, "country": institution.get_country_display()}
    key = f"{institution.pk}-{institution.state_since:%Y%m%d%H%M%S}"
    kind = {"create": "institution_to_verify", "verify": "institution_verified", "suspend": "institution_suspended"}.get(transition)
    if kind:
        people = coordinator_ids(institution.country) if transition == "create" else team_ids(institution.pk)
        notify(people, kind, key=key, url=institution.get_absolute_url(), **words)
