"""The questions of a programme's form and the criteria of its rubric: add, edit, move, delete."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from exchange.core.errors import DomainError
from exchange.core.versions import Version
from programs.domain.answers import choice_id, choice_texts
from programs.domain.editing import editing
from programs.domain.usage import usage_of
from programs.models import Criterion, Program, Question
from programs.states import QuestionKind

MAX_QUESTIONS = 40
MAX_CRITERIA = 20
MAX_CHOICES = 40
CHOOSING = (QuestionKind.ONE_OF, QuestionKind.SOME_OF)
WRITING = (QuestionKind.SHORT, QuestionKind.LONG)
ItemT = TypeVar("ItemT", Question, Criterion)


def add_question(program: Program, *, by: User, version: Version | None, **values: Any) -> Question:
    """Add a question at the end. Refuses more than 40."""
    with editing(program, "questions", by=by, version=version) as locked:
        question = Question(program=locked, position=_end(locked.questions.all(), MAX_QUESTIONS))
        _write_question(question, values)
    return question


def edit_question(question: Question, *, by: User, version: Version | None, **values: Any) -> Question:
    """Change a question. For an answered one, refuses another kind, fewer choices and a shorter maximum length."""
    with editing(question.program, "questions", by=by, version=version) as locked:
        fresh = _one(locked.questions.all(), question.pk)
        if fresh.pk in usage_of(locked.pk).answered:
            _require_answers_survive(fresh, values)
        _write_question(fresh, values)
    question.refresh_from_db()
    return question


def delete_question(question: Question, *, by: User, version: Version | None = None) -> None:
    """Delete a question. Refuses one that has answers."""
    with editing(question.program, "questions", by=by, version=version) as locked:
        fresh = _one(locked.questions.all(), question.pk)
        if fresh.pk in usage_of(locked.pk).answered:
            raise DomainError(
                _("This question has been answered and cannot be deleted, so that no answer is lost."), code="answered"
            )
        fresh.delete()
        _number(locked.questions.all())


def shift_question(question: Question, *, by: User, up: bool) -> None:
    """Shift a question up or down by one; at either end nothing changes."""
    with editing(question.program, "questions", by=by, version=None) as locked:
        _shift(locked.questions.all(), question.pk, up=up)


def add_criterion(program: Program, *, by: User, version: Version | None, **values: Any) -> Criterion:
    """Add a criterion. Refuses more than 20, and any once reviewers have scored: the means would no longer be comparable."""
    with editing(program, "rubric", by=by, version=version) as locked:
        _require_unscored(locked)
        criterion = Criterion(program=locked, position=_end(locked.criteria.all(), MAX_CRITERIA))
        _write(criterion, values)
    return criterion


def edit_criterion(criterion: Criterion, *, by: User, version: Version | None, **values: Any) -> Criterion:
    """Change a criterion. Refuses another weight once reviewers have scored."""
    with editing(criterion.program, "rubric", by=by, version=version) as locked:
        fresh = _one(locked.criteria.all(), criterion.pk)
        if values.get("weight", fresh.weight) != fresh.weight:
            _require_unscored(locked)
        _write(fresh, values)
    criterion.refresh_from_db()
    return criterion


def delete_criterion(criterion: Criterion, *, by: User, version: Version | None = None) -> None:
    """Delete a criterion. Refuses once reviewers have scored."""
    with editing(criterion.program, "rubric", by=by, version=version) as locked:
        fresh = _one(locked.criteria.all(), criterion.pk)
        _require_unscored(locked)
        fresh.delete()
        _number(locked.criteria.all())


def shift_criterion(criterion: Criterion, *, by: User, up: bool) -> None:
    """Shift a criterion up or down by one; at either end nothing changes."""
    with editing(criterion.program, "rubric", by=by, version=None) as locked:
        _shift(locked.criteria.all(), criterion.pk, up=up)


def _require_unscored(program: Program) -> None:
    if usage_of(program.pk).scored:
        raise DomainError(_("Reviewers have scored with this rubric: only its wording can be changed."), code="scored")


def _require_answers_survive(question: Question, values: dict[str, Any]) -> None:
    if values.get("kind", question.kind) != question.kind:
        raise DomainError(_("This question has been answered: the kind of answer cannot be changed."), code="answered")
    if question.kind in CHOOSING and "choices" in values:
        before = {choice_id(choice, place) for place, choice in enumerate(question.choices)}
        after = {choice_id(choice, place) for place, choice in enumerate(values["choices"])}
        if before - after:
            raise DomainError(
                _("This question has been answered: choices can be added and reworded, not removed."), code="answered"
            )
    limit = values.get("limit", question.limit)
    if question.kind in WRITING and limit is not None and (question.limit is None or limit < question.limit):
        raise DomainError(_("This question has been answered: the longest answer cannot become shorter."), code="answered")


def _write_question(question: Question, values: dict[str, Any]) -> None:
    kind = values.get("kind", question.kind)
    if kind not in CHOOSING:
        values = values | {"choices": []}
    if kind not in WRITING:
        values = values | {"limit": None}
    if len(values.get("choices", ())) > MAX_CHOICES:
        raise DomainError(_("Choose at most %(most)s.") % {"most": MAX_CHOICES}, code="too-many")
    _write(question, values)


def _write(item: ItemT, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(item, name, value)
    try:
        item.clean_fields(exclude={"program", "choices"})
    except ValidationError as error:
        raise DomainError(" ".join(error.messages), code="invalid") from error
    item.save()


def _one(rows: Any, pk: int) -> Any:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise DomainError(_("This has been deleted in the meantime."), code="gone", status=409)
    return found


def _end(rows: Any, most: int) -> int:
    count = int(rows.count())
    if count >= most:
        raise DomainError(_("There are already %(most)s, which is the limit.") % {"most": most}, code="too-many")
    return count


def _number(rows: Any) -> None:
    """Renumber positions from 0, without gaps, in the current order."""
    _write_order(list(rows))


def _shift(rows: Any, pk: int, *, up: bool) -> None:
    order = list(rows)
    at = next((place for place, row in enumerate(order) if row.pk == pk), None)
    to = None if at is None else at + (-1 if up else 1)
    if at is not None and to is not None and 0 <= to < len(order):
        order[at], order[to] = order[to], order[at]
    _write_order(order)


def _write_order(order: Sequence[Any]) -> None:
    for place, row in enumerate(order):
        row.position = place
    if order:
        type(order[0]).objects.bulk_update(order, ["position"])


def match_choices(texts: Sequence[dict[str, str]], before: Sequence[Any]) -> list[dict[str, str]]:
    """The new choices, with the ids of the old ones they replace: first by equal text in any language, then by position.

    An answer stores the id of its choice, so rewording or moving a choice never turns one answer into another.
    """
    old = {choice_id(choice, place): dict(choice_texts(choice)) for place, choice in enumerate(before or [])}
    ids: list[str | None] = []
    for row in texts:
        ids.append(next((key for key, words in old.items() if key not in ids and set(words.items()) & set(row.items())), None))
    for place, key in enumerate(old):
        if key not in ids and place < len(ids) and ids[place] is None:
            ids[place] = key
    free = max((int(key) for key in old if key.isdigit()), default=-1) + 1
    numbered = []
    for known, row in zip(ids, texts, strict=True):
        if known is None:
            free += 1
        numbered.append({"id": str(free - 1) if known is None else known} | row)
    return numbered
