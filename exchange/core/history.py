"""Writing and reading the audit history. Rows are only ever added: the database refuses to change or delete one."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet

from exchange.core.models import History


def record_history(
    subject: Model,
    *,
    transition: str,
    by: Any | None,
    before: str = "",
    after: str = "",
    reason: str = "",
    note: str = "",
    data: dict[str, Any] | None = None,
) -> History:
    """Add one row about `subject` in the current transaction."""
    return History.objects.create(
        content_type=ContentType.objects.get_for_model(subject, for_concrete_model=True),
        object_id=subject.pk,
        transition=transition,
        before=before,
        after=after,
        actor=by,
        reason=reason,
        note=note,
        data=data or {},
    )


def history_of(subject: Model) -> QuerySet[History]:
    """What happened to `subject`, oldest first, with the people who did it."""
    return (
        History.objects.filter(content_type=ContentType.objects.get_for_model(subject), object_id=subject.pk)
        .select_related("actor")
        .order_by("pk")
    )
