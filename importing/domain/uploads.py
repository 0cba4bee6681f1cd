"""Tables uploaded by hosts and coordinators: checked first, imported when confirmed, both by a background job with progress.

The job may be interrupted at any point: written chunks stay, and the next attempt continues.
"""

import datetime
import io
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.access import access_of
from accounts.models import User
from exchange.core.access import require
from exchange.core.errors import DomainError, StaleError, Text
from exchange.core.files import delete_files
from exchange.core.jobs.outbox import enqueue
from exchange.core.table_files import TableFileError
from exchange.core.transitions import apply_transition
from importing.domain.answers import layout_of
from importing.domain.layouts import Layout
from importing.domain.people import Source
from importing.domain.runs import Progress, Report, TableError, import_people, write_map
from importing.domain.tables import Problem, Problems, note_unreadable
from importing.models import ExpertImport
from importing.states import ImportState
from institutions.models import Institution
from institutions.states import InstitutionState

MAX_WAITING = 5
STALLED_AFTER = datetime.timedelta(minutes=3)
MAX_ATTEMPTS = 5
UNCONFIRMED_LIFETIME = datetime.timedelta(days=30)
"""An unconfirmed table is deleted after this time."""


@dataclass(frozen=True)
class ImportScope:
    """The institution or country a user may import people for."""

    institution: Institution | None
    country: str

    @property
    def key(self) -> str:
        return f"institution-{self.institution.pk}" if self.institution else f"country-{self.country}"


def import_scopes_of(user: Any) -> list[ImportScope]:
    """The verified institutions this user edits, by name, then the countries they coordinate."""
    access = access_of(user)
    rows = Institution.objects.filter(pk__in=access.edited_institutions, state=InstitutionState.VERIFIED)
    hosts = sorted(rows.only("pk", "slug", "name", "country", "state"), key=lambda row: str(row.name).casefold())
    return [ImportScope(row, row.country) for row in hosts] + [ImportScope(None, code) for code in sorted(access.countries)]


def can_import(user: Any) -> bool:
    """Whether the user has any import scope."""
    return bool(import_scopes_of(user))


def upload_table(*, by: User, scope: ImportScope, table: File[bytes]) -> ExpertImport:
    """Store a table (validated by the form) and check it in the background. Enqueues "importing.check".

    Refuses a user without this scope, and one with too many tables waiting.
    """
    require(scope.key in {each.key for each in import_scopes_of(by)})
    waiting = ExpertImport.objects.filter(by=by, state__in=[*ImportState.working(), ImportState.ASKING, ImportState.READY])
    if waiting.count() >= MAX_WAITING:
        raise DomainError(_("Several of your tables are still waiting. Import or cancel them first."), code="too-many")
    with transaction.atomic():
        job = ExpertImport.objects.create(
            institution=scope.institution, country=scope.country, by=by, name=(table.name or "table")[:200], file=table
        )
        enqueue("importing.check", import_id=job.pk)
    return job


def confirm_import(job: ExpertImport, *, by: User, skip_bad_rows: bool = False) -> ExpertImport:
    """Start the import of a checked table. A second confirmation changes nothing. Enqueues "importing.run".

    Refuses when the institution is no longer verified, and when rows have mistakes and `skip_bad_rows` is not set.
    """
    current = ExpertImport.objects.get(pk=job.pk)
    require("importer" in current.roles_of(by))
    if current.state in {ImportState.IMPORTING, ImportState.DONE}:
        return current
    if current.institution is not None and current.institution.state != InstitutionState.VERIFIED:
        raise DomainError(_("Only a verified institution can add its experts."), code="not-verified")
    if current.problem_count and not skip_bad_rows:
        raise DomainError(_("Some rows have errors. Correct the table and upload it again, or skip those rows."), code="table")
    fresh: dict[str, Any] = {"done": 0, "attempts": 0, "touched_at": timezone.now()}
    with suppress(StaleError), transaction.atomic():  # the second of two clicks finds it confirmed
        apply_transition(current, "confirm", by=by, skip_bad_rows=skip_bad_rows, **fresh)
        ExpertImport.objects.filter(pk=current.pk).update(by=by)  # the user who confirms is the author of the import
        enqueue("importing.run", import_id=current.pk)
    return current


def reassign_blocked_reason(source_id: int) -> Text | None:
    """Why the tables of an institution cannot be reassigned now, or None."""
    if ExpertImport.objects.filter(institution_id=source_id, state__in=ImportState.working()).exists():
        return _("A table of people is being imported for the institution that is not kept. Wait until the import is finished.")
    return None


def reassign_tables(target_id: int, source_id: int) -> None:
    """Reassign the tables of a merged institution to the target. Refuses (DomainError) while one of them is being imported."""
    if blocked_reason := reassign_blocked_reason(source_id):
        raise DomainError(blocked_reason, code="cannot-merge")
    ExpertImport.objects.filter(institution_id=source_id).update(institution_id=target_id)


@transaction.atomic
def cancel_import(job: ExpertImport, *, by: User) -> ExpertImport:
    """Cancel a checked table; its file is deleted after commit."""
    apply_transition(job, "cancel", by=by, problems=[])
    _forget_file(job)
    return job


def source_of(job: ExpertImport) -> Source:
    """An institution may import people of any country; a coordinator only those of their country."""
    return Source(job.source, by=job.by, institution=job.institution, country=job.country, one_country=job.institution_id is None)


# ---- the jobs --------------------------------------------------------------------------------------------------------


def check_table(import_id: int) -> None:
    """Check the table: a dry run and its mistakes, or questions about its layout. Does nothing to one that is checked already."""
    job = _at_work(import_id, ImportState.CHECKING)
    if job is None:
        return
    content = _content(job)
    with translation.override(_language_of(job)):
        try:
            layout = layout_of(job, content)
        except TableFileError as error:
            problems = Problems()
            note_unreadable(error, problems)
            apply_transition(job, "refuse", by=None, **_problem_fields(problems), touched_at=timezone.now())
            return
        if layout.asks and any(column.samples for column in layout.columns):
            apply_transition(job, "ask", by=None, layout=layout.as_json(), touched_at=timezone.now())
            return
        report = import_people(content, source_of(job), layout=layout, dry=True, progress=_progress(job))
    problems = report.problems
    move = "refuse" if problems.whole else "pass_check"
    apply_transition(job, move, by=None, layout=layout.as_json(), **_problem_fields(problems), **_count_fields(report))


def run_table(import_id: int) -> None:
    """Import a confirmed table and store the list of matching ids. Does nothing to one that is imported already."""
    job = _at_work(import_id, ImportState.IMPORTING)
    if job is None:
        return
    try:
        with translation.override(_language_of(job)):
            report = import_people(
                _content(job),
                source_of(job),
                layout=Layout.from_json(job.layout) if job.layout else None,
                skip_bad_rows=job.skip_bad_rows,
                progress=_progress(job),
            )
    except TableError as error:  # for example, the vocabulary has changed since the check
        apply_transition(job, "refuse", by=None, **_problem_fields(error.problems))
        return
    out = io.StringIO()
    write_map(report.outcome.ids, out)
    job.map_file.save("map.csv", ContentFile(out.getvalue().encode()), save=False)
    with transaction.atomic():
        apply_transition(
            job, "finish", by=None, map_file=job.map_file.name, **_problem_fields(report.problems), **_count_fields(report)
        )
        _forget_file(job)


def resume_imports() -> int:
    """Restart imports whose job was interrupted; fail those interrupted repeatedly. Returns how many were restarted."""
    started = 0
    for job in ExpertImport.objects.filter(state__in=ImportState.working(), touched_at__lt=timezone.now() - STALLED_AFTER):
        if job.attempts >= MAX_ATTEMPTS:
            with translation.override(_language_of(job)):
                text = _("The import was interrupted several times. What was imported is kept; upload the table again to continue.")
            apply_transition(job, "refuse", by=None, problems=[Problem(None, "", text).as_list()], problem_count=1)
            continue
        with transaction.atomic():
            ExpertImport.objects.filter(pk=job.pk).update(touched_at=timezone.now())
            kind = "importing.check" if job.state == ImportState.CHECKING else "importing.run"
            enqueue(kind, import_id=job.pk)
        started += 1
    return started


def delete_unconfirmed_tables() -> int:
    """Delete tables that were not confirmed for a month. Returns how many."""
    old = ExpertImport.objects.filter(
        state__in=[ImportState.ASKING, ImportState.READY, ImportState.REFUSED], touched_at__lt=timezone.now() - UNCONFIRMED_LIFETIME
    )
    forgotten = 0
    for job in old.exclude(file=""):
        _forget_file(job)
        if job.state in {ImportState.ASKING, ImportState.READY}:
            apply_transition(job, "expire", by=None)
        forgotten += 1
    return forgotten


def _at_work(import_id: int, state: str) -> ExpertImport | None:
    """The import, marked as in progress, if it is in this state; else None."""
    job: ExpertImport | None = ExpertImport.objects.filter(pk=import_id, state=state).select_related("by", "institution").first()
    if job is not None:
        job.attempts += 1
        ExpertImport.objects.filter(pk=job.pk).update(attempts=job.attempts, touched_at=timezone.now())
    return job


def _content(job: ExpertImport) -> bytes:
    with job.file.open("rb") as stored:
        content: bytes = stored.read()
    return content


def _language_of(job: ExpertImport) -> str:
    return (job.by.language if job.by else "") or settings.LANGUAGE_CODE


def _progress(job: ExpertImport) -> Progress:
    return Progress(_starting(job), _advancing(job))


def _starting(job: ExpertImport) -> Callable[[int], None]:
    def start(total: int) -> None:
        ExpertImport.objects.filter(pk=job.pk).update(total=total, done=0, touched_at=timezone.now())

    return start


def _advancing(job: ExpertImport) -> Callable[[int], None]:
    done = 0

    def advance(rows: int) -> None:
        nonlocal done
        done += rows
        ExpertImport.objects.filter(pk=job.pk).update(done=done, touched_at=timezone.now())

    return advance


def _problem_fields(problems: Problems) -> dict[str, Any]:
    return {"problems": [problem.as_list() for problem in problems.listed], "problem_count": problems.count}


def _count_fields(report: Report) -> dict[str, Any]:
    counts = report.outcome.counts | {"rows": report.total, "bad": len(report.problems.rows)}
    return {"counts": counts, "touched_at": timezone.now()}


def _forget_file(job: ExpertImport) -> None:
    if not job.file:
        return
    delete_files([str(job.file.name)])
    layout = Layout.from_json(job.layout).without_samples() if job.layout else {}
    ExpertImport.objects.filter(pk=job.pk).update(file="", layout=layout)
    job.file = ""  # type: ignore[assignment]
