"""Claims, merges and hand-overs by API."""

import pytest

from profiles.domain import profile_merge
from profiles.models import ClaimInvitation, ImportedExpert
from tests.factories import MembershipFactory, UserFactory
from tests.helpers.profiles import again

pytestmark = pytest.mark.django_db


def test_claims_are_listed_and_made_by_those_they_name(api, imported, maker, person, member):
    assert api(member, f"/experts/{imported.pk}/claim-invitations", {"email": "a@example.org"}).status_code == 403
    assert api(maker, f"/experts/{imported.pk}/claim-invitations", {"email": "nonsense"}).status_code == 422
    assert api(maker, f"/experts/{imported.pk}/claim-invitations", {"email": person.email}).status_code == 204
    assert ClaimInvitation.objects.get().email == person.email
    assert api(member, "/claims").json()["items"] == []
    assert api(member, f"/claims/{imported.pk}", {}).status_code == 404
    assert api(person, "/claims").json()["items"] == [{"id": imported.pk, "name": "Азиз Каримов", "headline": "Weaver"}]

    assert api(person, f"/claims/{imported.pk}", {}).json() == {"id": imported.pk, "merged": False}
    assert again(imported).user == person


def test_merges_are_proposed_answered_and_undone(api, own, duplicate, member):
    other = duplicate.user
    assert api(member, "/profile-merges", {"expert": duplicate.pk}).status_code == 422
    made = api(own.user, "/profile-merges", {"expert": duplicate.pk}).json()
    assert (made["state"], [move["name"] for move in made["moves"]]) == ("proposed", ["withdraw"])
    assert api(member, "/profile-merges").json()["items"] == []
    assert api(member, f"/profile-merges/{made['id']}/confirm", {}).status_code == 404
    assert api(own.user, f"/profile-merges/{made['id']}/confirm", {}).status_code == 403
    assert api(other, f"/profile-merges/{made['id']}/nonsense", {}).status_code == 404
    assert api(other, f"/profile-merges/{made['id']}/confirm", {}).json()["state"] == "merged"
    assert again(duplicate).merged_into == own
    assert api(member, f"/experts/{duplicate.pk}").json()["id"] == own.pk
    assert api(member, f"/experts/{10**20}").status_code == 404
    listed = api(other, "/profile-merges").json()["items"][0]
    assert [move["name"] for move in listed["moves"]] == ["undo"]
    assert api(other, f"/profile-merges/{made['id']}/undo", {}).json()["state"] == "undone"
    assert api(other, f"/profile-merges/{made['id']}/undo", {}).status_code in {409, 422}


def test_handovers_by_api(api, museum, owner, member):
    colleague = MembershipFactory(institution=museum, role="editor").user
    assert api(member, "/handovers", {"institution": "museum", "taker": colleague.pk}).status_code in {403, 404}
    assert api(owner, "/handovers", {"institution": "museum", "taker": member.pk}).status_code == 404
    made = api(owner, "/handovers", {"institution": "museum", "taker": colleague.pk}).json()
    assert api(member, f"/handovers/{made['id']}/accept", {}).status_code == 404
    assert api(member, "/handovers").json()["items"] == []
    assert api(owner, f"/handovers/{made['id']}/accept", {}).status_code == 403
    assert api(colleague, "/handovers").json()["items"][0]["id"] == made["id"]
    assert api(colleague, f"/handovers/{made['id']}/nonsense", {}).status_code == 404
    assert api(colleague, f"/handovers/{made['id']}/accept", {}).json()["answer"] == "accepted"
    assert set(museum.memberships.values_list("user_id", "role")) == {
        (owner.pk, "editor"),
        (colleague.pk, "editor"),
        (colleague.pk, "owner"),
    }


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_merges_is_flat(api, imported, maker, rows, django_assert_num_queries):
    from tests.factories import ExpertFactory

    for _ in range(rows):
        profile = ExpertFactory(user=UserFactory())
        profile_merge.propose_merge(profile, imported, by=profile.user)
    api(maker, "/profile-merges")
    with django_assert_num_queries(9):  # five of them make the token of the call
        assert len(api(maker, "/profile-merges").json()["items"]) == rows
    assert ImportedExpert.objects.exists()
