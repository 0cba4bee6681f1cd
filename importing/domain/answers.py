"""What a person says about the columns of an uploaded table, and what is remembered of it for the next table of the same source."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from exchange.core.jobs.outbox import enqueue
from exchange.core.table_files import open_table
from exchange.core.transitions import apply_transition
from importing.domain.headings import column_of, heading_key
from importing.domain.layouts import Layout, plan_layout
from importing.models import MAX_HEADING_KEY_LENGTH, ExpertImport, RememberedHeading

MAX_REMEMBERED = 500
"""At most this many headings are remembered for a source."""


def layout_of(job: ExpertImport, content: bytes) -> Layout:
    """The layout somebody has confirmed, or else the one that the headings suggest. Raises TableFileError for an unreadable table."""
    stored = Layout.from_json(job.layout) if job.layout else Layout()
    if stored.confirmed:
        return stored
    table = open_table(content, encoding=stored.encoding, sheet=stored.sheet)
    layout = plan_layout(table, remembered_fields(job.source))
    layout.encoding_chosen = stored.encoding_chosen
    return layout


def remembered_fields(source: str) -> dict[str, str]:
    """The fields of headings that this source has named before, by `heading_key`."""
    return dict(RememberedHeading.objects.filter(source=source).values_list("heading", "field"))


@transaction.atomic
def answer_layout(job: ExpertImport, fields: Mapping[int, str], *, by: User, ids_from_names: bool = False) -> ExpertImport:
    """Set the field of each column by its number, remember them for the source, and check the table again.

    Enqueues "importing.check". Refuses an import that is not waiting for answers or confirmation.
    """
    layout = Layout.from_json(job.layout)
    for number, column in enumerate(layout.columns):
        column.field = fields.get(number, column.field)
    layout.ids_from_names, layout.confirmed = ids_from_names, True
    _check_again(job, layout, by)
    _remember(job.source, layout)
    return job


@transaction.atomic
def choose_reading(job: ExpertImport, *, by: User, encoding: str, sheet: str) -> ExpertImport:
    """Read the file with another encoding or from another sheet, and plan its columns anew. Enqueues "importing.check"."""
    stored = Layout.from_json(job.layout)
    layout = Layout(encoding=encoding, encodings=stored.encodings, sheet=sheet, sheets=stored.sheets, encoding_chosen=True)
    _check_again(job, layout, by)
    return job


def _check_again(job: ExpertImport, layout: Layout, by: User) -> None:
    fresh: dict[str, Any] = {"done": 0, "total": 0, "attempts": 0, "counts": {}, "problems": [], "problem_count": 0}
    apply_transition(job, "answer", by=by, layout=layout.as_json(), touched_at=timezone.now(), **fresh)
    enqueue("importing.check", import_id=job.pk)


def _remember(source: str, layout: Layout) -> None:
    """Store the answers that the known headings would not give by themselves."""
    chosen = {heading_key(column.heading): (column.heading, column.field) for column in layout.columns if column.field is not None}
    rows = [
        RememberedHeading(source=source, heading=key, field=field)
        for key, (heading, field) in list(chosen.items())[:MAX_REMEMBERED]
        if key and len(key) <= MAX_HEADING_KEY_LENGTH and not heading.startswith("#")
    ]
    RememberedHeading.objects.bulk_create(
        [row for row in rows if row.field != column_of(chosen[row.heading][0])],
        update_conflicts=True,
        unique_fields=["source", "heading"],
        update_fields=["field"],
    )
    same = [row.heading for row in rows if row.field == column_of(chosen[row.heading][0])]
    RememberedHeading.objects.filter(source=source, heading__in=same).delete()
