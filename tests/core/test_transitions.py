"""The transition table and its one entry point."""

import threading

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from exchange.core.errors import Refusal, StaleError
from exchange.core.history import history_of
from exchange.core.models import History
from exchange.core.transitions import Transition, TransitionTable, apply_transition, available_transitions
from institutions.models import Institution
from tests.factories import CoordinatorFactory, InstitutionFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def museum():
    return InstitutionFactory(country="UZ", state="unverified")


@pytest.fixture
def coordinator():
    return CoordinatorFactory(country="UZ").user


def test_apply_transition_changes_state_and_writes_one_history_row(museum, coordinator):
    apply_transition(museum, "verify", by=coordinator, note="papers seen")

    museum.refresh_from_db()
    row = history_of(museum).get()
    assert museum.state == "verified"
    assert (row.transition, row.before, row.after, row.actor, row.note) == (
        "verify",
        "unverified",
        "verified",
        coordinator,
        "papers seen",
    )


def test_apply_transition_updates_the_given_instance(museum, coordinator):
    since = museum.state_since

    apply_transition(museum, "verify", by=coordinator, city="Nukus")

    assert (museum.state, museum.city) == ("verified", "Nukus")
    assert museum.state_since > since
    written = Institution.objects.get(pk=museum.pk)
    assert (written.state_since, written.city) == (museum.state_since, "Nukus")


def test_apply_transition_reads_the_state_anew_unless_the_row_is_locked(museum, coordinator):
    """What was read before the lock is old: the history has to say where it really came from."""
    secretariat = UserFactory(is_secretariat=True)
    old = Institution.objects.get(pk=museum.pk)
    apply_transition(museum, "verify", by=coordinator)

    with CaptureQueriesContext(connection) as queries:
        apply_transition(old, "suspend", by=secretariat)

    assert [(row.before, row.after) for row in history_of(museum)] == [("unverified", "verified"), ("verified", "suspended")]
    assert any("FOR UPDATE" in query["sql"] for query in queries)


def test_apply_transition_on_a_locked_row_asks_for_no_lock_and_trusts_what_was_read(museum, coordinator):
    secretariat = UserFactory(is_secretariat=True)
    old = Institution.objects.get(pk=museum.pk)
    apply_transition(museum, "verify", by=coordinator)

    with CaptureQueriesContext(connection) as queries, pytest.raises(StaleError):
        apply_transition(old, "suspend", by=secretariat, locked=True)

    assert not any("FOR UPDATE" in query["sql"] for query in queries)
    assert Institution.objects.get(pk=museum.pk).state == "verified"


def test_apply_transition_refuses_a_second_time(museum, coordinator):
    apply_transition(museum, "verify", by=coordinator)

    with pytest.raises(StaleError):
        apply_transition(museum, "verify", by=coordinator)

    assert history_of(museum).count() == 1


@pytest.mark.parametrize("who", ["outsider", "other country", "team owner"])
def test_apply_transition_refuses_whoever_lacks_the_role(museum, who):
    people = {
        "outsider": UserFactory,
        "other country": lambda: CoordinatorFactory(country="TJ").user,
        "team owner": lambda: MembershipFactory(institution=museum).user,
    }

    with pytest.raises(Refusal):
        apply_transition(museum, "verify", by=people[who]())

    museum.refresh_from_db()
    assert museum.state == "unverified"
    assert not history_of(museum).exists()


def test_available_transitions_show_why_a_button_is_disabled(museum, coordinator):
    MembershipFactory(institution=museum, user=coordinator)

    (transition,) = available_transitions(museum, coordinator)

    assert transition.name == "verify"
    assert not transition.allowed
    assert "another coordinator" in str(transition.blocked_reason)


def test_transition_table_refuses_two_transitions_of_one_name():
    transition = Transition("go", ("a",), "b", by=("x",), label="Go", done="Gone")
    with pytest.raises(ValueError, match="share a name"):
        TransitionTable((transition, transition))


def test_a_transition_needs_no_input_by_default():
    plain = Transition("go", ("a",), "b", by=("x",), label="Go", done="Gone")

    assert (plain.needs_reason, plain.note_required, plain.note_offered, plain.form) == (False, False, False, False)
    assert Transition("go", ("a",), "b", by=("x",), label="Go", done="Gone", reasons=(("r", "Reason"),)).needs_reason is True


def test_transition_table_is_read_by_name_and_in_its_order():
    rows = tuple(Transition(name, ("a",), "b", by=("x",), label=name, done=name) for name in ("second", "first"))
    table = TransitionTable(rows)

    assert [transition.name for transition in table] == ["second", "first"]
    assert table["first"] is rows[1]
    assert ("first" in table, "third" in table) == (True, False)
    assert "_by_name" not in repr(table)
    assert table == TransitionTable(rows)


def test_nobody_edits_by_hand_since_when_it_stands_so():
    assert Institution._meta.get_field("state_since").editable is False


@pytest.mark.parametrize("statement", ["UPDATE core_history SET note = 'changed'", "DELETE FROM core_history"])
def test_history_cannot_be_rewritten(museum, coordinator, statement):
    apply_transition(museum, "verify", by=coordinator)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert History.objects.get().note == ""


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_concurrent_apply_transition_runs_once():
    museum = InstitutionFactory(country="UZ", state="unverified")
    coordinators = [CoordinatorFactory(country="UZ").user for _ in range(8)]
    barrier = threading.Barrier(len(coordinators))
    answers = []

    def transition(user):
        subject = Institution.objects.get(pk=museum.pk)
        barrier.wait()
        try:
            apply_transition(subject, "verify", by=user)
            answers.append("moved")
        except StaleError:
            answers.append("stale")
        finally:
            connection.close()

    threads = [threading.Thread(target=transition, args=(user,)) for user in coordinators]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["moved"] + ["stale"] * 7
    assert history_of(museum).count() == 1
