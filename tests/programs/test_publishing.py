import datetime
import threading

import pytest
from django.db import connection
from django.utils import timezone

from exchange.core.errors import DomainError, Refusal, StaleError
from exchange.core.history import history_of
from exchange.core.transitions import available_transitions
from institutions.models import Institution
from institutions.states import InstitutionState
from programs.domain.publishing import (
    ACTIONS,
    advice_for,
    close_program,
    missing_for_publishing,
    publish_program,
    transition_program,
)
from programs.models import Program
from programs.signals import program_cancelled, program_changed, program_published
from programs.states import PROGRAM_TRANSITIONS, ProgramState
from tests.factories import (
    CoordinatorFactory,
    CriterionFactory,
    InstitutionFactory,
    MembershipFactory,
    ProgramFactory,
    QuestionFactory,
    QuotaFactory,
    UserFactory,
)


@pytest.fixture
def heard():
    """Which signals were sent, in order."""
    names = []
    signals = {program_published: "published", program_changed: "changed", program_cancelled: "cancelled"}

    def listen(signal, program_id, **kwargs):
        names.append((signals[signal], program_id))

    for signal in signals:
        signal.connect(listen)
    yield names
    for signal in signals:
        signal.disconnect(listen)


def test_publish_opens_the_draft_and_tells(draft, owner, heard):
    publish_program(draft, by=owner)

    stored = Program.objects.get(pk=draft.pk)
    assert (stored.state, stored.was_published) == (ProgramState.PUBLISHED, True)
    assert stored.published_at is not None
    assert [row.transition for row in history_of(draft)] == ["publish"]
    assert heard == [("changed", draft.pk), ("published", draft.pk)]


def test_publish_names_everything_that_is_missing_at_once(institution, owner):
    Institution.objects.filter(pk=institution.pk).update(state=InstitutionState.UNVERIFIED)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    program = ProgramFactory(
        institution=institution,
        state=ProgramState.DRAFT,
        was_published=False,
        title={},
        summary={},
        starts=yesterday,
        ends=yesterday,
        deadline=timezone.now() - datetime.timedelta(hours=1),
        eligible_countries=[],
        seats=1,
    )
    QuotaFactory(program=program, country="UZ", reserved=2, most=2)
    QuestionFactory(program=program, kind="one_of", choices=[{"id": "0", "en": "Only this"}])

    with pytest.raises(DomainError) as refusal:
        publish_program(program, by=owner)

    missing = missing_for_publishing(Program.objects.get(pk=program.pk))
    assert [thing.code for thing in missing] == [
        "institution",
        "title",
        "summary",
        "starts",
        "deadline",
        "countries",
        "quotas",
        "quotas",
        "choices",
    ]
    assert all(thing.text in str(refusal.value) for thing in missing)
    assert Program.objects.get(pk=program.pk).state == ProgramState.DRAFT
    assert not history_of(program).exists()


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"title": {"uz": "Toʻqimachilik"}}, []),
        ({"deadline": None}, []),
        ({"summary": {"en": "   "}}, ["summary"]),
        ({"seats": 2}, []),
        ({"seats": 1}, ["quotas"]),
        ({"eligible_countries": ["KZ"]}, ["quotas"]),
    ],
)
def test_missing_for_publishing_is_kind_to_what_is_enough(draft, changes, codes):
    QuotaFactory(program=draft, country="UZ", reserved=2, most=2)
    for name, value in changes.items():
        setattr(draft, name, value)
    draft.save()

    assert [thing.code for thing in missing_for_publishing(Program.objects.get(pk=draft.pk))] == codes


def test_missing_deadline_on_the_first_day_is_too_late(draft):
    there = datetime.datetime.combine(draft.starts, datetime.time(0, 30), tzinfo=draft.zone)
    draft.deadline = there
    assert [thing.code for thing in missing_for_publishing(draft)] == ["deadline"]

    draft.deadline = there - datetime.timedelta(hours=1)  # 23:30 of the day before, in Newark; already the first day in Tashkent
    assert missing_for_publishing(draft) == []


def test_advice_keeps_nothing_from_being_published(draft):
    draft.criteria.all().delete()
    draft.title = {"en": "Only English"}
    draft.save()

    assert [thing.code for thing in advice_for(Program.objects.get(pk=draft.pk))] == ["concepts", "criteria", "languages"]
    assert missing_for_publishing(draft) == []


@pytest.mark.parametrize("questions", [1, 3])
def test_missing_for_publishing_asks_the_same_number_of_queries(draft, questions, django_assert_num_queries):
    for _ in range(questions):
        QuestionFactory(program=draft, kind="one_of", choices=[{"en": "a"}, {"en": "b"}])
    for country in ["UZ", "KZ", "TJ"][:questions]:
        QuotaFactory(program=draft, country=country, reserved=1, most=1)
    program = Program.objects.select_related("institution").get(pk=draft.pk)

    with django_assert_num_queries(2):
        missing_for_publishing(program)


# ---- every state, every transition, every role ----------------------------------------------------------------------------

ROLES = ("owner", "editor", "reviewer", "signatory", "other_owner", "coordinator", "secretariat", "other_user", "system")


def person(role, institution):
    if role == "other_owner":
        return MembershipFactory(institution=InstitutionFactory(), role="owner").user
    if role == "coordinator":
        return CoordinatorFactory(country=institution.country).user
    if role == "secretariat":
        return UserFactory(is_secretariat=True)
    if role == "other_user":
        return UserFactory()
    return None if role == "system" else MembershipFactory(institution=institution, role=role).user


def ready_for(transition, state, institution):
    """A programme in this state on whose clock nothing stands in the way of the transition."""
    today = timezone.localdate()
    starts, ends, deadline = today + datetime.timedelta(days=60), today + datetime.timedelta(days=90), None
    if transition in ("start", "complete"):
        starts, ends = today - datetime.timedelta(days=20), today - datetime.timedelta(days=1)
    if transition == "close":
        deadline = timezone.now() - datetime.timedelta(minutes=1)
    program = ProgramFactory(
        institution=institution, state=state, was_published=state != "draft", starts=starts, ends=ends, deadline=deadline
    )
    CriterionFactory(program=program)
    return program


@pytest.mark.parametrize("transition", [transition.name for transition in PROGRAM_TRANSITIONS])
@pytest.mark.parametrize("state", ProgramState.values)
def test_moves_by_state_and_role(transition, state, institution):
    row = PROGRAM_TRANSITIONS[transition]
    for role in ROLES:
        program = ready_for(transition, state, institution)
        user = person(role, institution)
        allowed = role in row.by
        if user is not None:
            names = [legal.name for legal in available_transitions(program, user)]
            assert (transition in names) is (allowed and state in row.sources)
        if not allowed:
            with pytest.raises(Refusal):
                transition_program(program, transition, by=user, note="because")
        elif state not in row.sources:
            with pytest.raises(DomainError):
                transition_program(program, transition, by=user, note="because")
        else:
            transition_program(program, transition, by=user, note="because")
            state_after = row.target
            assert Program.objects.get(pk=program.pk).state == state_after
            assert history_of(program).count() == 1
            continue
        assert Program.objects.get(pk=program.pk).state == state
        assert not history_of(program).exists()


def test_every_move_of_the_table_has_an_action():
    assert set(ACTIONS) == {transition.name for transition in PROGRAM_TRANSITIONS}


@pytest.mark.parametrize(
    ("transition", "state"), [("start", "closed"), ("start", "decided"), ("complete", "running"), ("reopen", "closed")]
)
def test_doors_that_only_time_opens(program, owner, transition, state):
    deadline = timezone.now() - datetime.timedelta(days=1)
    Program.objects.filter(pk=program.pk).update(state=state, deadline=deadline)
    program.refresh_from_db()

    button = next(legal for legal in available_transitions(program, owner) if legal.name == transition)
    with pytest.raises(DomainError) as refusal:
        transition_program(program, transition, by=owner)

    assert str(refusal.value) == str(button.blocked_reason)
    assert refusal.value.code == "not-now"


def test_reopen_is_refused_for_a_suspended_institution(program, owner, institution):
    Program.objects.filter(pk=program.pk).update(state="closed")
    Institution.objects.filter(pk=institution.pk).update(state=InstitutionState.SUSPENDED)
    program.refresh_from_db()

    with pytest.raises(DomainError, match="verify"):
        transition_program(program, "reopen", by=owner)


def test_cancel_needs_words_for_the_applicants(program, owner, heard):
    with pytest.raises(DomainError) as refusal:
        transition_program(program, "cancel", by=owner, note="  ")
    assert refusal.value.code == "note-required"

    transition_program(program, "cancel", by=owner, note=" The studio has burnt down. ")

    assert history_of(program).get().note == "The studio has burnt down."
    assert heard == [("changed", program.pk), ("cancelled", program.pk)]


def test_the_system_closes_only_what_is_over(program):
    with pytest.raises(StaleError):
        close_program(program, by=None)

    assert Program.objects.get(pk=program.pk).state == ProgramState.PUBLISHED


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_publish_by_eight_at_once_happens_once():
    institution = InstitutionFactory()
    owners = [MembershipFactory(institution=institution, role="owner").user for _ in range(8)]
    draft = ProgramFactory(institution=institution, state=ProgramState.DRAFT, was_published=False)
    barrier, answers = threading.Barrier(8), []

    def publish(user):
        try:
            barrier.wait()
            publish_program(Program.objects.get(pk=draft.pk), by=user)
            answers.append("done")
        except StaleError:
            answers.append("stale")
        finally:
            connection.close()

    threads = [threading.Thread(target=publish, args=(user,)) for user in owners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["done", *["stale"] * 7]
    assert history_of(draft).count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_publish_never_overtakes_an_edit_that_takes_something_away():
    from programs.domain.editing import ProgramTexts, edit_texts

    institution = InstitutionFactory()
    owner = MembershipFactory(institution=institution, role="owner").user
    draft = ProgramFactory(institution=institution, state=ProgramState.DRAFT, was_published=False)
    barrier = threading.Barrier(2)

    def race(action):
        try:
            barrier.wait()
            action()
        except DomainError:
            pass
        finally:
            connection.close()

    blank = ProgramTexts(kind="exchange", title={}, summary={}, description={}, funding={})
    actions = [
        lambda: publish_program(Program.objects.get(pk=draft.pk), by=owner),
        lambda: edit_texts(Program.objects.get(pk=draft.pk), blank, by=owner, version=None),
    ]
    threads = [threading.Thread(target=race, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    stored = Program.objects.get(pk=draft.pk)
    assert bool(stored.title) is (stored.state == ProgramState.PUBLISHED)
