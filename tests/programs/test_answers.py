import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from django.utils.datastructures import MultiValueDict

from exchange.core.errors import DomainError
from programs.domain.answers import answer_form, answer_problems, check_answers, display_answers
from tests.factories import QuestionFactory

CHOICES = [{"id": "a", "en": "Silk", "ru": "Шёлк"}, {"id": "b", "en": "Wool", "ru": "Шерсть"}]
PDF = b"%PDF-1.4\n%EOF"


def ask(program, kind, **more):
    more.setdefault("choices", CHOICES if kind in ("one_of", "some_of") else [])
    return QuestionFactory(program=program, kind=kind, **more)


def sent(**values):
    return MultiValueDict({key: value if isinstance(value, list) else [value] for key, value in values.items()})


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("short", "  Suzani ", "Suzani"),
        ("short", "Самарқанд", "Самарқанд"),
        ("long", "a\r\nb", "a\nb"),
        ("long", "<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("number", "3", 3),
        ("number", "-2.5", -2.5),
        ("number", "2,5", 2.5),
        ("date", "2027-08-30", "2027-08-30"),
        ("yes_no", "yes", True),
        ("yes_no", "no", False),
        ("one_of", "b", "b"),
        ("some_of", ["b", "a"], ["a", "b"]),
        ("some_of", ["b"], ["b"]),
    ],
)
def test_answers_are_kept_as_json_by_question(program, kind, typed, kept):
    question = ask(program, kind)

    form = answer_form(program, sent(**{f"q-{question.pk}": typed}), MultiValueDict())

    assert form.is_valid(), form.errors
    assert form.answers() == {str(question.pk): kept}
    assert check_answers(program, form.answers()) == form.answers()


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("short", ""),
        ("short", "   "),
        ("short", "x" * 301),
        ("short", "a\x00b"),
        ("long", "x" * 4001),
        ("number", "many"),
        ("number", "nan"),
        ("number", "inf"),
        ("number", "1e300"),
        ("date", "30/02/2027"),
        ("date", "2027-02-30"),
        ("date", "0001-01-01"),
        ("date", "9999-12-31"),
        ("yes_no", "maybe"),
        ("yes_no", ""),
        ("one_of", "c"),
        ("one_of", "Silk"),
        ("some_of", ["a", "c"]),
        ("some_of", []),
        ("file", ""),
    ],
)
def test_answers_that_do_not_fit_are_refused(program, kind, typed):
    question = ask(program, kind)

    form = answer_form(program, sent(**{f"q-{question.pk}": typed}), MultiValueDict())

    assert not form.is_valid()
    assert str(question.pk) in form.errors


@pytest.mark.parametrize("kind", ["short", "long", "number", "date", "yes_no", "one_of", "some_of", "file"])
def test_a_draft_and_an_optional_question_require_nothing(program, kind):
    question = ask(program, kind)

    partial = answer_form(program, sent(), MultiValueDict(), partial=True)
    assert partial.is_valid()
    assert partial.answers() == {}

    question.required = False
    question.save()
    assert check_answers(program, {}) == {}


def test_a_limit_of_the_question_counts_line_breaks_once(program):
    question = ask(program, "long", limit=10)

    assert answer_form(program, sent(**{f"q-{question.pk}": "1234\r\n6789"}), MultiValueDict()).is_valid()
    assert not answer_form(program, sent(**{f"q-{question.pk}": "1234\r\n67890_"}), MultiValueDict()).is_valid()


def test_a_file_is_handed_over_and_needed_once(program):
    question = ask(program, "file")
    upload = SimpleUploadedFile("cv.pdf", PDF)

    form = answer_form(program, sent(), MultiValueDict({f"q-{question.pk}": [upload]}))
    assert form.is_valid(), form.errors
    assert list(form.uploads()) == [question.pk]
    assert form.answers() == {}

    assert [q.pk for q, _text in answer_problems(program, {})] == [question.pk]
    assert check_answers(program, {}, uploaded=[question.pk]) == {}


def test_a_file_that_is_something_else_is_refused(program):
    question = ask(program, "file")

    form = answer_form(program, sent(), MultiValueDict({f"q-{question.pk}": [SimpleUploadedFile("cv.pdf", b"MZ\x90\x00")]}))

    assert not form.is_valid()


@pytest.mark.parametrize(
    "hostile",
    [
        {"9999999": "not mine"},
        {"__proto__": "x"},
        {"": ""},
    ],
)
def test_unknown_answers_are_dropped(program, hostile):
    question = ask(program, "short")

    assert check_answers(program, {str(question.pk): "ok"} | hostile) == {str(question.pk): "ok"}


@pytest.mark.parametrize("value", [{"a": 1}, [["x"]], None, [], "", 12.5, True, "x" * 5000])
@pytest.mark.parametrize("kind", ["short", "number", "date", "yes_no", "one_of", "some_of"])
def test_hostile_json_never_breaks_the_check(program, kind, value):
    question = ask(program, kind)

    try:
        check_answers(program, {str(question.pk): value})
    except DomainError as refusal:
        assert refusal.code == "answers"  # noqa: PT017 -- either answer is right, a crash is not


def test_problems_name_the_question_in_the_readers_language(program):
    ask(program, "short", label={"en": "Which object?", "ru": "Какой предмет?"})

    with translation.override("ru"), pytest.raises(DomainError, match="Какой предмет"):
        check_answers(program, {})


def test_help_of_a_question_is_text_not_markup(program):
    ask(program, "short", help={"en": "<img src=x onerror=alert(1)>"})

    assert "<img" not in str(answer_form(program))
    assert "&lt;img" in str(answer_form(program))


def test_initial_answers_stand_in_the_form(program):
    yes, some = ask(program, "yes_no"), ask(program, "some_of")

    html = str(answer_form(program, initial={str(yes.pk): False, str(some.pk): ["b"]}))

    assert html.count("checked") == 2


def test_display_answers_in_words(program):
    kinds = {kind: ask(program, kind) for kind in ("short", "number", "date", "yes_no", "one_of", "some_of", "file")}
    answers = {
        "short": "Suzani",
        "number": 3,
        "date": "2027-08-30",
        "yes_no": False,
        "one_of": "b",
        "some_of": ["a", "b"],
    }

    shown = display_answers(program, {str(kinds[kind].pk): value for kind, value in answers.items()})

    assert [text for _question, text in shown] == ["Suzani", "3", "30 August 2027", "No", "Wool", "Silk; Wool"]


def test_display_answers_survives_a_question_that_was_changed(program):
    choice, day = ask(program, "one_of"), ask(program, "date")

    shown = display_answers(program, {str(choice.pk): "gone", str(day.pk): "some day"})

    assert [text for _question, text in shown] == ["gone", "some day"]


@pytest.mark.parametrize("questions", [1, 3])
def test_answer_form_is_one_query(program, questions, django_assert_num_queries):
    for _ in range(questions):
        ask(program, "short")

    with django_assert_num_queries(1):
        str(answer_form(program))
