"""The table against the project: every state, every transition, every role, by page and by API."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.domain.offers import release_place
from applications.domain.transitions import ACTIONS, make_transition
from applications.models import Application
from applications.states import APPLICATION_TRANSITIONS, ApplicationState
from exchange.core.errors import DomainError, Refusal, StaleError
from exchange.core.history import history_of, record_history, record_transition
from exchange.core.models import History
from exchange.core.transitions import SYSTEM, available_transitions
from placements.models import Placement
from tests import factories as make

ROLES = ("expert", "owner", "editor", "reviewer", "signatory", "outsider")
TAKEN_BACK = {"offered": ("select", "submitted"), "accepted": ("accept", "offered")}
"""How it came to a state from which that can be taken back."""
REASONS = {"reject": {"reason": "fit", "note": "Other profiles were nearer."}}


@pytest.fixture
def cast(host, expert, outsider):
    return {"expert": expert.user, "outsider": outsider} | {
        role: getattr(host, role) for role in ("owner", "editor", "reviewer", "signatory")
    }


def put_in(application, state):
    """The application in a state, as if it had come there long ago."""
    fields = {"state": state, "submitted_at": None if state == "draft" else timezone.now()}
    if state == "offered":
        fields["offer_expires_at"] = timezone.now() + datetime.timedelta(days=3)
    if state == "waitlisted":
        fields["waitlisted_at"] = timezone.now()
    Placement.objects.filter(application=application).delete()  # that of an earlier case
    Application.objects.filter(pk=application.pk).update(**fields)
    application.refresh_from_db()
    if state in TAKEN_BACK:
        name, before = TAKEN_BACK[state]
        record_transition(application, name, by=None, states=(before, state))
    else:
        record_history(application, transition="seeded", by=None)
    return application


def expected(state, transition, role):
    if role not in APPLICATION_TRANSITIONS[transition].by:
        return Refusal
    if state in APPLICATION_TRANSITIONS[transition].sources:
        return None
    if transition == "submit" and state not in ("draft", "withdrawn"):
        return None  # handed in already: the same answer, and nothing done
    return StaleError


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("transition", sorted(ACTIONS))
def test_every_state_move_and_role(application, cast, transition, role):
    for state in ApplicationState.values:
        put_in(application, state)
        user = cast[role]
        wanted = expected(state, transition, role)
        rows = history_of(application).count()

        if wanted is None:
            make_transition(application, transition, by=user, **REASONS.get(transition, {}))
        else:
            with pytest.raises(wanted):
                make_transition(application, transition, by=user, **REASONS.get(transition, {}))

        application.refresh_from_db()
        moved = wanted is None and state in APPLICATION_TRANSITIONS[transition].sources
        assert application.state == (APPLICATION_TRANSITIONS[transition].target if moved else state), (state, transition, role)
        assert history_of(application).count() == rows + moved
        if moved:
            last = history_of(application).last()
            assert (last.transition, last.before, last.after, last.actor) == (transition, state, application.state, user)


def test_people_make_every_move_but_those_of_the_system():
    assert {transition.name for transition in APPLICATION_TRANSITIONS if set(transition.by) != {SYSTEM}} == set(ACTIONS)


@pytest.mark.parametrize("role", ROLES)
def test_pages_and_api_refuse_as_the_actions_do(client, application, cast, role):
    """A state the transition starts from, the one it leads to, and one it has nothing to do with: the actions above know them all."""
    client.force_login(cast[role])
    transitions = [APPLICATION_TRANSITIONS[name] for name in sorted(ACTIONS)]
    cases = [
        (state, transition.name) for transition in transitions for state in (transition.sources[0], transition.target, "released")
    ]
    for state, transition in cases:
        put_in(application, state)
        sees = role == "expert" or (role in ("owner", "editor", "reviewer") and state != "draft")
        wanted = expected(state, transition, role)
        data = REASONS.get(transition, {})

        page = client.post(reverse("application_move", args=[application.pk, transition]), data)
        by_page = Application.objects.get(pk=application.pk).state
        put_in(application, state)
        answer = client.post(f"/api/v1/applications/{application.pk}/{transition}", data, content_type="application/json")
        by_api = Application.objects.get(pk=application.pk).state

        case = (state, transition, role)
        assert by_page == by_api or transition == "submit", case  # a draft is submitted from its own page
        if not sees:
            assert (page.status_code, answer.status_code) == (404, 404), case
        elif wanted is Refusal:
            assert (page.status_code, answer.status_code) == (403, 403) or (transition, state) == ("submit", "draft"), case
        elif wanted is StaleError:
            assert (page.status_code, answer.status_code) == (409, 409), case
            assert answer.json()["detail"], case
        else:
            assert (page.status_code, answer.status_code) == (302, 200), case
            assert answer.json()["state"] == by_api, case


@pytest.mark.parametrize("role", ROLES)
def test_buttons_are_the_available_transitions(application, cast, role):
    for state in ApplicationState.values:
        put_in(application, state)

        shown = {legal.name for legal in available_transitions(application, cast[role])}

        assert shown == {
            transition.name for transition in APPLICATION_TRANSITIONS if state in transition.sources and role in transition.by
        }, state


def test_nobody_of_the_team_decides_on_their_own_application(client, application, host, expert):
    make.MembershipFactory(institution=host.institution, user=expert.user, role="owner")
    client.force_login(expert.user)

    page = client.get(application.get_absolute_url()).content.decode()
    answers = [
        client.post(reverse("application_move", args=[application.pk, transition]), REASONS.get(transition))
        for transition in ("select", "reject")
    ]
    review = client.post(reverse("application_review", args=[application.pk]), {})
    table = client.get(reverse("program_applications", args=[application.program.slug])).content.decode()

    assert "Status" not in page
    assert "My review" not in page
    assert [answer.status_code for answer in answers] == [403, 403]
    assert review.status_code == 403
    assert application.expert.shown_name not in table
    assert "0 applications" in table


def test_a_double_click_is_answered_as_done(client, application, host):
    client.force_login(host.owner)
    url = reverse("application_move", args=[application.pk, "shortlist"])

    first = client.post(url)
    second = client.post(url, follow=True)

    assert first.status_code == 302
    assert "This was already done" in second.content.decode()
    assert History.objects.filter(transition="shortlist").count() == 1


def test_another_persons_second_decision_is_refused(application, host):
    make_transition(application, "shortlist", by=host.owner)

    with pytest.raises(StaleError):
        make_transition(application, "shortlist", by=host.editor)


def test_reject_asks_for_a_reason_of_its_list(application, host):
    for reason in ("", "because", "<script>"):
        with pytest.raises(DomainError) as refused:
            make_transition(application, "reject", by=host.owner, reason=reason)
        assert refused.value.code == "reason-needed"


@pytest.mark.parametrize("state", ["cancelled", "completed"])
def test_nothing_is_decided_for_a_programme_that_is_over(application, program, host, state):
    type(program).objects.filter(pk=program.pk).update(state=state)

    for transition in ("select", "shortlist", "waitlist", "reject"):
        with pytest.raises(DomainError) as refused:
            make_transition(application, transition, by=host.owner, **REASONS.get(transition, {}))
        assert refused.value.code == "not-now"


def test_the_system_releases_an_accepted_place(application):
    put_in(application, "accepted")

    release_place(application, note="The placement was rejected.")

    assert application.state == "released"
    row = history_of(application).last()
    assert (row.transition, row.actor, row.note) == ("release", None, "The placement was rejected.")


@pytest.mark.parametrize("transition", ["promote", "expire", "release"])
def test_transitions_of_the_system_have_no_url(client, application, host, transition):
    client.force_login(host.owner)

    assert client.post(reverse("application_move", args=[application.pk, transition])).status_code == 404
    assert (
        client.post(f"/api/v1/applications/{application.pk}/{transition}", {}, content_type="application/json").status_code == 404
    )
