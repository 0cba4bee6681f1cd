"""Every state, every transition, every role."""

import pytest

from exchange.core.transitions import available_transitions
from placements.models import Approval

pytestmark = pytest.mark.django_db

ROLES = ("outsider", "expert", "owner", "editor", "reviewer", "sender", "receiver", "other_country", "secretary")
PLACEMENT_ACTORS = {
    ("returned", "resubmit"): {"expert", "owner", "editor"},
    ("pending", "cancel"): {"expert", "owner"},
    ("returned", "cancel"): {"expert", "owner"},
    ("confirmed", "cancel"): {"expert", "owner"},
}


@pytest.mark.parametrize("state", ["pending", "returned", "confirmed", "rejected", "cancelled"])
def test_transitions_of_a_placement_by_state_and_role(cast, state):
    cast.placement.state = state
    for role in ROLES:
        shown = {legal.name for legal in available_transitions(cast.placement, getattr(cast, role))}
        assert shown == {
            transition for (source, transition), movers in PLACEMENT_ACTORS.items() if source == state and role in movers
        }


@pytest.mark.parametrize("state", ["waiting", "approved", "returned", "rejected"])
def test_transitions_of_an_approval_by_state_and_role(cast, state):
    Approval.objects.filter(pk=cast.approval("UZ").pk).update(state=state)
    for role in ROLES:
        shown = [legal.name for legal in available_transitions(cast.approval("UZ"), getattr(cast, role))]
        assert shown == (["approve", "return", "reject"] if role == "sender" and state == "waiting" else [])
