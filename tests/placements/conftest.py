import pytest

from placements.models import Placement
from placements.states import ApprovalState
from tests.factories import CoordinatorFactory, MembershipFactory, PlacementFactory, UserFactory


class Cast:
    """A placement from Uzbekistan to the United States, and everybody concerned."""

    def __init__(self):
        self.placement = PlacementFactory()
        self.program = self.placement.program
        self.application = self.placement.application
        self.expert = self.placement.expert.user
        self.owner = MembershipFactory(institution=self.program.institution, role="owner").user
        self.editor = MembershipFactory(institution=self.program.institution, role="editor").user
        self.reviewer = MembershipFactory(institution=self.program.institution, role="reviewer").user
        self.sender = CoordinatorFactory(country="UZ").user
        self.receiver = CoordinatorFactory(country="US").user
        self.other_country = CoordinatorFactory(country="KZ").user
        self.secretary = UserFactory(is_secretariat=True)
        self.outsider = UserFactory()

    def approval(self, country):
        return self.placement.approvals.select_related("placement").get(country=country)

    def fresh(self):
        return Placement.objects.get(pk=self.placement.pk)

    def states(self):
        """The placement's state and what each country says."""
        said = dict(self.placement.approvals.values_list("country", "state"))
        return self.fresh().state, said["UZ"], said["US"]


@pytest.fixture
def cast(db):
    return Cast()


W, A, R, X = ApprovalState.WAITING, ApprovalState.APPROVED, ApprovalState.RETURNED, ApprovalState.REJECTED
