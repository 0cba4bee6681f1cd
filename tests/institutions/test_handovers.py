"""Ownership changes hands only when the new owner accepts; the team page says what roles may do."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from exchange.core.errors import DomainError, StaleError
from exchange.core.history import history_of
from exchange.core.jobs.outbox import process_outbox
from institutions.domain import handovers as actions
from institutions.domain.institutions import remove_member
from institutions.models import Handover, Membership
from messaging.domain.my_tasks import tasks_of
from messaging.models import Notification
from tests.factories import MembershipFactory, UserFactory
from tests.helpers.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(museum):
    return MembershipFactory(institution=museum, role="reviewer").user


def roles(museum):
    return set(museum.memberships.values_list("user_id", "role"))


def test_nothing_changes_until_it_is_accepted(museum, owner, colleague):
    handover = actions.offer_ownership(museum, colleague, by=owner)
    assert roles(museum) == {(owner.pk, "owner"), (colleague.pk, "reviewer")}

    actions.answer_handover(handover, "accepted", by=colleague)
    actions.answer_handover(handover, "accepted", by=colleague)

    assert roles(museum) == {(owner.pk, "editor"), (colleague.pk, "reviewer"), (colleague.pk, "owner")}
    assert [row.transition for row in history_of(museum)] == ["offer_ownership", "accept_ownership"]
    assert User.objects.get(pk=colleague.pk).access.roles_in(museum.pk) == {"owner", "reviewer"}


def test_who_leaves_is_gone_and_other_roles_stay_with_who_stays(museum, owner, colleague):
    handover = actions.offer_ownership(museum, colleague, by=owner, leaves=True)
    actions.answer_handover(handover, "accepted", by=colleague)
    assert roles(museum) == {(colleague.pk, "reviewer"), (colleague.pk, "owner")}

    MembershipFactory(institution=museum, user=owner, role="signatory")
    actions.answer_handover(actions.offer_ownership(museum, owner, by=colleague), "accepted", by=owner)
    assert roles(museum) == {(colleague.pk, "reviewer"), (owner.pk, "signatory"), (owner.pk, "owner")}


def test_only_owners_offer_and_only_to_the_team(museum, owner, colleague, readers):
    del readers["anonymous"]
    for reader in (*readers.values(), colleague):
        with pytest.raises(PermissionDenied):
            actions.offer_ownership(museum, owner, by=reader)
    for taker in (owner, UserFactory()):
        with pytest.raises(DomainError, match="another member"):
            actions.offer_ownership(museum, taker, by=owner)
    actions.offer_ownership(museum, colleague, by=owner)
    with pytest.raises(DomainError, match="waiting for an answer"):
        actions.offer_ownership(museum, colleague, by=owner)


def test_only_the_taker_answers_and_only_the_giver_withdraws(museum, owner, colleague, member):
    handover = actions.offer_ownership(museum, colleague, by=owner)
    for answer, reader in (("accepted", owner), ("declined", member), ("withdrawn", colleague)):
        with pytest.raises(PermissionDenied):
            actions.answer_handover(handover, answer, by=reader)
    actions.answer_handover(handover, "declined", by=colleague)
    with pytest.raises(StaleError):
        actions.answer_handover(handover, "accepted", by=colleague)
    again = actions.offer_ownership(museum, colleague, by=owner)
    Handover.objects.filter(pk=again.pk).update(expires_at=timezone.now())
    with pytest.raises(StaleError):
        actions.answer_handover(again, "accepted", by=colleague)
    actions.offer_ownership(museum, colleague, by=owner)
    assert roles(museum) == {(owner.pk, "owner"), (colleague.pk, "reviewer")}


def test_an_offer_of_somebody_who_is_owner_no_more_is_stale(museum, owner, colleague):
    handover = actions.offer_ownership(museum, colleague, by=owner)
    Membership.objects.filter(user=owner).update(role="editor")
    with pytest.raises(StaleError, match="team has changed"):
        actions.answer_handover(handover, "accepted", by=colleague)
    assert Handover.objects.get().answer == ""


def test_the_last_owner_still_cannot_leave(museum, owner, colleague):
    actions.offer_ownership(museum, colleague, by=owner)
    with pytest.raises(DomainError, match="at least one owner"):
        remove_member(museum, owner, by=owner)


def test_team_page_offers_answers_and_explains_roles(client, museum, owner, colleague, member):
    team = reverse("institution_team", args=[museum.slug])
    offer = reverse("handover_offer", args=[museum.slug])
    for reader in (member, colleague):
        client.force_login(reader)
        assert client.post(offer, {"taker": owner.pk}).status_code == 403
    client.force_login(owner)
    text = client.get(team).content.decode()
    assert "What each role may do" in text
    assert "Offer ownership" in text
    client.post(offer, {"taker": member.pk})
    assert not Handover.objects.exists()
    assert client.post(offer, {"taker": colleague.pk, "leaves": "on"}).url == team
    handover = Handover.objects.get()
    assert handover.leaves

    process_outbox()
    assert [row.url for row in tasks_of(colleague)] == [team]
    client.force_login(member)
    assert client.post(reverse("handover_answer", args=[handover.pk, "accept"])).status_code == 404
    client.force_login(colleague)
    assert "who offers it leaves the team" in client.get(team).content.decode()
    assert client.post(reverse("handover_answer", args=[handover.pk, "accept"])).url == team
    process_outbox()
    assert roles(museum) == {(colleague.pk, "reviewer"), (colleague.pk, "owner")}
    assert set(Notification.objects.values_list("user_id", "kind")) == {
        (colleague.pk, "handover_offered"),
        (owner.pk, "handover_answered"),
    }


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_accepted_and_withdrawn_at_once_one_of_them_counts(museum, owner, colleague):
    handover = actions.offer_ownership(museum, colleague, by=owner)

    results = at_once(
        lambda: actions.answer_handover(handover, "accepted", by=User.objects.get(pk=colleague.pk)),
        lambda: actions.answer_handover(handover, "withdrawn", by=User.objects.get(pk=owner.pk)),
    )

    assert sum(isinstance(result, StaleError) for result in results) == 1
    assert museum.memberships.filter(role="owner").count() == 1
