"""Tables that hosts and coordinators upload: checked first, imported when they confirm, both by a job that tells how far it is.

The job may die at any point: whatever a chunk has written stays, and the next attempt finds it as it was.
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

from exchange.core.access import require
from exchange.core.errors import DomainError, StaleError
from exchange.core.outbox import enqueue
from exchange.core.transitions import apply_transition
from profiles.access import access_of
from profiles.domain.importing.people import Source
from profiles.domain.importing.runs import Report, TableError, import_people, write_map
from profiles.domain.importing.tables import Problem, Problems
from profiles.models import ExpertImport, Institution, User
from profiles.states import ImportState, InstitutionState

MAX_WAITING = 5
STALLED_AFTER = datetime.timedelta(minutes=3)
MAX_ATTEMPTS = 5
KEPT_FOR = datetime.timedelta(days=30)
"""How long a table waits to be confirmed, before it is deleted with what it says of people."""


@dataclass(frozen=True)
class ImportScope:
    """What somebody may import people for: an institution, or a country."""

    institution: Institution | None
    country: str

    @property
    def key(self) -> str:
        return f"institution-{self.institution.pk}" if self.institution else f"country-{self.country}"


def import_scopes_of(user: Any) -> list[ImportScope]:
    """The verified institutions this person edits, by name, then the countries they coordinate."""
    access = access_of(user)
    rows = Institution.objects.filter(pk__in=access.edited_institutions, state=InstitutionState.VERIFIED)
    hosts = sorted(rows.only("pk", "slug", "name", "country", "state"), key=lambda row: str(row.name).casefold())
    return [ImportScope(row, row.country) for row in hosts] + [ImportScope(None, code) for code in sorted(access.countries)]


def can_import(user: Any) -> bool:
    """Whoever has a ground to import for."""
    return bool(import_scopes_of(user))


def upload_table(*, by: User, scope: ImportScope, table: File[bytes]) -> ExpertImport:
    """Keep a table (checked by the form before) and have it checked in the background. Writes the outbox event "profiles.check_import".

    Refused to whoever may not import for this ground, and while many tables of theirs wait.
    """
    require(scope.key in {each.key for each in import_scopes_of(by)})
    waiting = ExpertImport.objects.filter(by=by, state__in=[*ImportState.working(), ImportState.READY])
    if waiting.count() >= MAX_WAITING:
        raise DomainError(_("Several tables of yours still wait. Import or cancel them first."), code="too-many")
    with transaction.atomic():
        job = ExpertImport.objects.create(
            institution=scope.institution, country=scope.country, by=by, name=(table.name or "table.csv")[:200], file=table
        )
        enqueue("profiles.check_import", import_id=job.pk)
    return job


def confirm_import(job: ExpertImport, *, by: User, skip_bad_rows: bool = False) -> ExpertImport:
    """Have a checked table imported. A second confirmation changes nothing. Writes the outbox event "profiles.run_import".

    Refused when the institution is no longer verified, and while rows have mistakes that are not to be left out.
    """
    held = ExpertImport.objects.get(pk=job.pk)
    require("importer" in held.roles_of(by))
    if held.state in {ImportState.IMPORTING, ImportState.DONE}:
        return held
    if held.institution is not None and held.institution.state != InstitutionState.VERIFIED:
        raise DomainError(_("Only a verified institution brings its experts."), code="not-verified")
    if held.problem_count and not skip_bad_rows:
        raise DomainError(_("Rows have mistakes. Mend the table and upload it again, or leave those rows out."), code="table")
    fresh: dict[str, Any] = {"done": 0, "attempts": 0, "touched_at": timezone.now()}
    with suppress(StaleError), transaction.atomic():  # of two clicks the later one finds it on its way
        apply_transition(held, "confirm", by=by, skip_bad_rows=skip_bad_rows, **fresh)
        ExpertImport.objects.filter(pk=held.pk).update(by=by)  # whoever confirms brings the people
        enqueue("profiles.run_import", import_id=held.pk)
    return held


@transaction.atomic
def cancel_import(job: ExpertImport, *, by: User) -> ExpertImport:
    """Drop a checked table; its file is deleted after commit."""
    apply_transition(job, "cancel", by=by, problems=[])
    _forget_file(job)
    return job


def source_of(job: ExpertImport) -> Source:
    """An institution brings its own people, wherever they are from; a country's coordinator those of the country alone."""
    return Source(job.source, by=job.by, institution=job.institution, country=job.country, one_country=job.institution_id is None)


# ---- the jobs --------------------------------------------------------------------------------------------------------


def check_table(import_id: int) -> None:
    """Say what importing the table would do, and what is wrong with it. Does nothing to one that is checked already."""
    job = _at_work(import_id, ImportState.CHECKING)
    if job is None:
        return
    with translation.override(_language_of(job)):
        report = import_people(_content(job), source_of(job), dry=True, start=_starting(job), advance=_advancing(job))
    problems = report.problems
    apply_transition(job, "refuse" if problems.whole else "pass_check", by=None, **_told(problems), **_counted(report))


def run_table(import_id: int) -> None:
    """Import a confirmed table and keep the map of its ids. Does nothing to one that is imported already."""
    job = _at_work(import_id, ImportState.IMPORTING)
    if job is None:
        return
    try:
        with translation.override(_language_of(job)):
            report = import_people(
                _content(job), source_of(job), skip_bad_rows=job.skip_bad_rows, start=_starting(job), advance=_advancing(job)
            )
    except TableError as error:  # the vocabulary, say, has changed since it was checked
        apply_transition(job, "refuse", by=None, **_told(error.problems))
        return
    out = io.StringIO()
    write_map(report.outcome.ids, out)
    job.map_file.save("map.csv", ContentFile(out.getvalue().encode()), save=False)
    with transaction.atomic():
        apply_transition(job, "finish", by=None, map_file=job.map_file.name, **_told(report.problems), **_counted(report))
        _forget_file(job)


def resume_imports() -> int:
    """Go on with imports whose job has died; give up on one that dies again and again. Returns how many were started anew."""
    started = 0
    for job in ExpertImport.objects.filter(state__in=ImportState.working(), touched_at__lt=timezone.now() - STALLED_AFTER):
        if job.attempts >= MAX_ATTEMPTS:
            with translation.override(_language_of(job)):
                text = _("The import broke off several times. What is imported stays; upload the table again to go on.")
            apply_transition(job, "refuse", by=None, problems=[Problem(None, "", text).as_list()], problem_count=1)
            continue
        with transaction.atomic():
            ExpertImport.objects.filter(pk=job.pk).update(touched_at=timezone.now())
            kind = "profiles.check_import" if job.state == ImportState.CHECKING else "profiles.run_import"
            enqueue(kind, import_id=job.pk)
        started += 1
    return started


def forget_tables() -> int:
    """Delete tables that nobody confirmed for a month. Returns how many."""
    old = ExpertImport.objects.filter(state__in=[ImportState.READY, ImportState.REFUSED], touched_at__lt=timezone.now() - KEPT_FOR)
    forgotten = 0
    for job in old.exclude(file=""):
        _forget_file(job)
        if job.state == ImportState.READY:
            apply_transition(job, "expire", by=None)
        forgotten += 1
    return forgotten


def _at_work(import_id: int, state: str) -> ExpertImport | None:
    """The import, marked as being worked on, if it is in this state."""
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


def _told(problems: Problems) -> dict[str, Any]:
    return {"problems": [problem.as_list() for problem in problems.kept], "problem_count": problems.count}


def _counted(report: Report) -> dict[str, Any]:
    counts = report.outcome.counts | {"rows": report.total, "bad": len(report.problems.rows)}
    return {"counts": counts, "touched_at": timezone.now()}


def _forget_file(job: ExpertImport) -> None:
    if not job.file:
        return
    storage, name = job.file.storage, str(job.file.name)
    ExpertImport.objects.filter(pk=job.pk).update(file="")
    job.file = ""  # type: ignore[assignment]
    transaction.on_commit(lambda: storage.delete(name), robust=True)
