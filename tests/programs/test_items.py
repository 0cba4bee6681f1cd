import pytest

from exchange.core.errors import DomainError, Refusal, StaleError
from programs.domain.items import (
    MAX_CRITERIA,
    add_criterion,
    add_question,
    delete_criterion,
    delete_question,
    edit_criterion,
    edit_question,
    match_choices,
    shift_criterion,
    shift_question,
)
from programs.models import Criterion, Question
from tests.factories import CriterionFactory, QuestionFactory

TWO = [{"id": "0", "en": "Silk", "ru": "Шёлк"}, {"id": "1", "en": "Wool", "ru": "Шерсть"}]


def question(**changes):
    return {"kind": "long", "label": {"en": "Why?"}, "help": {}, "required": True, "choices": [], "limit": None} | changes


def order(rows):
    return [str(row.label) for row in rows.all()]


def test_questions_are_added_at_the_end_and_moved(draft, owner):
    for word in "abc":
        add_question(draft, by=owner, version=None, **question(label={"en": word}))
    b = Question.objects.get(program=draft, position=1)

    shift_question(b, by=owner, up=True)
    assert order(draft.questions) == ["b", "a", "c"]
    shift_question(b, by=owner, up=True)
    assert order(draft.questions) == ["b", "a", "c"]
    shift_question(b, by=owner, up=False)
    shift_question(b, by=owner, up=False)
    assert order(draft.questions) == ["a", "c", "b"]

    delete_question(Question.objects.get(program=draft, position=0), by=owner)
    assert list(draft.questions.values_list("position", flat=True)) == [0, 1]


@pytest.mark.parametrize("who", ["reviewer", "other_host", "other_user"])
def test_questions_and_rubric_are_closed_to_others(who, draft, request):
    user = request.getfixturevalue(who)
    row, line = QuestionFactory(program=draft), draft.criteria.get()

    for action in (
        lambda: add_question(draft, by=user, version=None, **question()),
        lambda: edit_question(row, by=user, version=1, **question()),
        lambda: delete_question(row, by=user),
        lambda: shift_question(row, by=user, up=True),
        lambda: add_criterion(draft, by=user, version=None, label={"en": "x"}, help={}, weight=1),
        lambda: edit_criterion(line, by=user, version=1, label={"en": "x"}, help={}, weight=1),
        lambda: delete_criterion(line, by=user),
        lambda: shift_criterion(line, by=user, up=True),
    ):
        with pytest.raises(Refusal):
            action()
    assert (Question.objects.count(), Criterion.objects.count()) == (1, 1)


def test_edit_question_over_an_older_version_is_refused(draft, owner, editor):
    row = QuestionFactory(program=draft)
    edit_question(row, by=owner, version=1, **question(label={"en": "Hers"}))

    with pytest.raises(StaleError):
        edit_question(row, by=editor, version=1, **question(label={"en": "His"}))

    assert str(Question.objects.get().label) == "Hers"


def test_an_answered_question_stays(program, owner, used):
    row = QuestionFactory(program=program)
    used(answered=frozenset({row.pk}))

    with pytest.raises(DomainError) as refusal:
        delete_question(row, by=owner)

    assert refusal.value.code == "answered"
    assert Question.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    ("stored", "changes", "refused"),
    [
        ({}, {"label": {"en": "Reworded"}, "help": {"en": "A hint"}}, False),
        ({}, {"kind": "short"}, True),
        ({"kind": "one_of", "choices": TWO}, {"kind": "one_of", "choices": [*TWO, {"id": "2", "en": "Felt"}]}, False),
        ({"kind": "one_of", "choices": TWO}, {"kind": "one_of", "choices": [{"id": "0", "en": "Silk!"}, TWO[1]]}, False),
        ({"kind": "one_of", "choices": TWO}, {"kind": "one_of", "choices": [TWO[0], {"id": "2", "en": "Felt"}]}, True),
        ({"limit": 500}, {"limit": 900}, False),
        ({"limit": 500}, {"limit": 400}, True),
        ({"limit": 500}, {"limit": None}, False),
    ],
)
def test_an_answered_question_changes_only_so_that_answers_survive(owner, used, stored, changes, refused):
    row = QuestionFactory(program__institution_id=owner.memberships.get().institution_id, program__country="US", **stored)
    used(answered=frozenset({row.pk}))

    if refused:
        with pytest.raises(DomainError) as refusal:
            edit_question(row, by=owner, version=1, **question(**changes))
        assert refusal.value.code == "answered"
    else:
        edit_question(row, by=owner, version=1, **question(**changes))


def test_edit_question_forgets_choices_and_limits_of_another_kind(draft, owner):
    row = QuestionFactory(program=draft, kind="one_of", choices=TWO)

    edit_question(row, by=owner, version=1, **question(kind="date", choices=TWO, limit=100))

    row.refresh_from_db()
    assert (row.choices, row.limit) == ([], None)


def test_a_published_form_keeps_choices_to_choose_from(program, owner):
    row = QuestionFactory(program=program, kind="one_of", choices=TWO)

    with pytest.raises(DomainError):
        edit_question(row, by=owner, version=1, **question(kind="one_of", choices=TWO[:1]))


def test_a_question_deleted_meanwhile_is_told(draft, owner):
    row = QuestionFactory(program=draft)
    Question.objects.filter(pk=row.pk).delete()

    with pytest.raises(DomainError) as refusal:
        edit_question(row, by=owner, version=1, **question())

    assert refusal.value.status == 409


def test_the_rubric_is_fixed_once_scored_but_for_its_words(program, owner, used):
    row = CriterionFactory(program=program, weight=2)
    used(scored=frozenset({row.pk}))

    for action in (
        lambda: add_criterion(program, by=owner, version=None, label={"en": "x"}, help={}, weight=1),
        lambda: edit_criterion(row, by=owner, version=1, label={"en": "x"}, help={}, weight=3),
        lambda: delete_criterion(row, by=owner),
    ):
        with pytest.raises(DomainError) as refusal:
            action()
        assert refusal.value.code == "scored"
    edit_criterion(row, by=owner, version=1, label={"en": "Better words"}, help={}, weight=2)
    assert str(row.label) == "Better words"


def test_a_rubric_has_an_end(draft, owner):
    for _ in range(MAX_CRITERIA - 1):
        CriterionFactory(program=draft)

    with pytest.raises(DomainError):
        add_criterion(draft, by=owner, version=None, label={"en": "x"}, help={}, weight=1)


@pytest.mark.parametrize(
    ("texts", "ids"),
    [
        ([{"en": "Silk"}, {"en": "Wool"}], ["0", "1"]),
        ([{"en": "Wool"}, {"en": "Silk"}], ["1", "0"]),
        ([{"en": "Felt"}, {"en": "Silk"}, {"en": "Wool"}], ["2", "0", "1"]),
        ([{"en": "Silken"}, {"en": "Wool"}], ["0", "1"]),
        ([{"ru": "Шерсть"}], ["1"]),
        ([{"en": "Silk, undyed", "ru": "Шёлк"}, {"en": "Felt"}], ["0", "1"]),
        ([{"en": "Silk"}, {"en": "Wool"}, {"en": "Felt"}, {"en": "Paper"}], ["0", "1", "2", "3"]),
    ],
)
def test_match_choices_keeps_what_answers_point_at(texts, ids):
    assert [choice["id"] for choice in match_choices(texts, TWO)] == ids


def test_match_choices_numbers_those_without_ids_by_their_place():
    before = [{"en": "Silk"}, {"en": "Wool"}]

    assert match_choices([{"en": "Wool"}, {"en": "Felt"}], before) == [{"id": "1", "en": "Wool"}, {"id": "2", "en": "Felt"}]
