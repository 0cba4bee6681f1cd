"""Writing and reading the audit history. Rows are only added: a trigger refuses to change or delete one."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet

from exchange.core.models import History


def record_history(
    subject: Model, *, transition: str, by: Any | None, before: str = "", after: str = "", data: dict[str, Any] | None = None
) -> History:
    """Add one row about `subject` in the current transaction."""
    return _add(subject, by, transition=transition, before=before, after=after, data=data or {})


def record_transition(
    subject: Model, transition: str, *, by: Any | None, states: tuple[str, str], reason: str = "", note: str = ""
) -> History:
    """Add one row about a transition of `subject` between two states, with its reason and note."""
    before, after = states
    return _add(subject, by, transition=transition, before=before, after=after, reason=reason, note=note)


def _add(subject: Model, actor: Any | None, **facts: Any) -> History:
    content_type = ContentType.objects.get_for_model(subject, for_concrete_model=True)
    return History.objects.create(content_type=content_type, object_id=subject.pk, actor=actor, **facts)


def history_of(subject: Model) -> QuerySet[History]:
    """The history of `subject`, oldest first, with its actors."""
    return (
        History.objects.filter(content_type=ContentType.objects.get_for_model(subject), object_id=subject.pk)
        .select_related("actor")
        .order_by("pk")
    )
