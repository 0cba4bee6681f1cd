"""Archives of a user's personal data: requested by the user, written by a worker, available to that user alone for a week.

A worker holds a lease while it writes; without a heartbeat it loses the lease, and another worker writes the archive again to the same path.
"""

import json
import tempfile
import time
import uuid
import zipfile
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from exchange.core.access import require
from exchange.core.errors import DomainError, StaleError
from exchange.core.files import delete_files
from exchange.core.history import record_history
from exchange.core.jobs.outbox import enqueue
from exchange.core.personal_data import StoredFile
from exchange.core.transitions import apply_transition
from exchange.core.uploads import clean_name
from messaging.domain.mail import reading_as
from privacy.domain.notifications import notify_of_export
from privacy.domain.summary import EXPORTERS, Exporter
from privacy.models import DataExport, export_path
from privacy.states import ExportState

MAKE = "privacy.make_export"
EXPORT_LIFETIME = timedelta(days=7)
SILENT_AFTER = timedelta(seconds=90)
MAX_ATTEMPTS = 3
MAX_A_DAY = 5
HEARTBEAT_SECONDS = 5.0
CHUNK = 256 * 1024
ROOT = "miras"


def request_export(user: User, *, by: User) -> DataExport:
    """Request an archive; returns the one in progress if there is one. Deletes an older one. Refuses a sixth within a day."""
    require(by.pk == user.pk and by.is_active)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        mine = DataExport.objects.filter(user=user)
        at_work: DataExport | None = mine.filter(state=ExportState.WORKING).first()
        if at_work is not None:
            return at_work
        if mine.filter(created_at__gt=timezone.now() - timedelta(days=1)).count() >= MAX_A_DAY:
            raise DomainError(_("You have asked for several archives today. Ask again tomorrow."), code="too-many")
        for old in mine.filter(state=ExportState.READY):
            expire_export(old, by=user)
        export: DataExport = DataExport.objects.create(user=user, total=len(EXPORTERS))
        record_history(export, transition="ask", by=by, after=export.state)
        enqueue(MAKE, export_id=export.pk)
    return export


@transaction.atomic
def expire_export(export: DataExport, *, by: User | None) -> DataExport:
    """Delete the file of the archive; the row is kept as a record. Raises StaleError when it was deleted already."""
    locked: DataExport = DataExport.objects.select_for_update().get(pk=export.pk)
    name = locked.file.name
    apply_transition(locked, "expire", by=by, file="", size=0)
    delete_files([name] if name else [])
    return locked


def latest_export(user: User) -> DataExport | None:
    """The newest archive of this user, or None."""
    found: DataExport | None = DataExport.objects.visible_to(user).order_by("-pk").first()
    return found


def expire_exports() -> int:
    """Delete archives older than a week, and restart those whose worker stopped sending heartbeats. Returns the number of both."""
    now = timezone.now()
    touched = 0
    for export in DataExport.objects.filter(state=ExportState.READY, expires_at__lte=now).order_by("pk")[:500]:
        try:
            expire_export(export, by=None)
        except StaleError:
            continue
        touched += 1
    for export in DataExport.objects.filter(state=ExportState.WORKING, touched_at__lt=now - SILENT_AFTER).order_by("pk")[:500]:
        enqueue(MAKE, key=f"export:{export.pk}:{export.touched_at.timestamp():.6f}", export_id=export.pk)
        touched += 1
    return touched


# ---- making ----------------------------------------------------------------------------------------------------------


class LeaseLostError(Exception):
    """Another worker took over, or the account was deleted: stop writing."""


def make_export(export_id: int) -> bool:
    """Write the archive and notify its user. False when another worker has the lease, or it is finished or has failed."""
    export = _claim(export_id)
    if export is None:
        return False
    if export.attempts > MAX_ATTEMPTS or not export.user.is_active:
        return _give_up(export)
    try:
        with tempfile.TemporaryFile() as out:
            with reading_as(export.user):
                write_archive(export, out, beat=lambda done: _beat(export, done))
            out.seek(0)
            _store(export, out)
    except LeaseLostError:
        return False
    return True


def _claim(export_id: int) -> DataExport | None:
    now, lease = timezone.now(), uuid.uuid4()
    free = Q(lease=None) | Q(touched_at__lt=now - SILENT_AFTER)
    rows = DataExport.objects.filter(free, pk=export_id, state=ExportState.WORKING)
    if not rows.update(lease=lease, touched_at=now, attempts=F("attempts") + 1, done=0, total=len(EXPORTERS)):
        return None
    found: DataExport | None = DataExport.objects.select_related("user").filter(pk=export_id, lease=lease).first()
    return found


def _beat(export: DataExport, done: int) -> None:
    mine = DataExport.objects.filter(pk=export.pk, lease=export.lease, state=ExportState.WORKING)
    if not mine.update(done=done, touched_at=timezone.now()):
        raise LeaseLostError


@transaction.atomic
def _give_up(export: DataExport) -> bool:
    apply_transition(export, "fail", by=None, lease=None)
    default_storage.delete(export_path(export, ""))
    notify_of_export(export, ready=False)
    return False


@transaction.atomic
def _store(export: DataExport, out: IO[bytes]) -> None:
    """Store the file under the row's lock, so that a delayed worker and its replacement never write to the same path at once."""
    locked = DataExport.objects.select_for_update().filter(pk=export.pk, lease=export.lease, state=ExportState.WORKING).first()
    if locked is None:
        raise LeaseLostError
    path = export_path(locked, "")
    default_storage.delete(path)
    stored = default_storage.save(path, File(out))
    apply_transition(
        locked,
        "finish",
        by=None,
        locked=True,
        file=stored,
        size=default_storage.size(stored),
        done=locked.total,
        lease=None,
        expires_at=timezone.now() + EXPORT_LIFETIME,
    )
    notify_of_export(locked, ready=True)


Beat = Callable[[int], None]


def write_archive(export: DataExport, out: IO[bytes], *, beat: Beat = lambda done: None) -> None:
    """Write the ZIP: one JSON file per app, the uploaded files, and README.txt in the active language. Rows are streamed."""
    moment = timezone.localtime(export.created_at).timetuple()[:6]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        writer = _Writer(archive, moment, beat)
        for exporter in EXPORTERS:
            writer.write_app(exporter, export.user)
        context = {
            "export": export,
            "user": export.user,
            "apps": writer.apps,
            "missing": writer.missing,
            "url": settings.SITE_URL,
        }
        writer.write_text("README.txt", render_to_string("settings/archive_readme.txt", context))


class _Writer:
    """Writes the members of one archive and sends heartbeats."""

    def __init__(self, archive: zipfile.ZipFile, moment: Any, beat: Beat) -> None:
        self.archive, self.moment, self._report = archive, moment, beat
        self.apps: list[tuple[str, list[str]]] = []
        self.missing: list[str] = []
        self._names: set[str] = set()
        self._done = 0
        self._last_beat = time.monotonic()

    def write_app(self, exporter: Exporter, user: User) -> None:
        files: list[StoredFile] = []
        tables: list[str] = []
        with self._member(f"{exporter.name}.json") as out:
            out.write(b"{")
            for piece in exporter.pieces(user):
                if isinstance(piece, StoredFile):
                    files.append(piece)
                    continue
                out.write(f"{',' if tables else ''}\n{json.dumps(piece.name, ensure_ascii=False)}: [".encode())
                self._write_rows(out, piece.rows)
                out.write(b"]")
                tables.append(piece.name)
            out.write(b"\n}\n")
        for file in files:
            self._write_file(exporter.name, file)
        self.apps.append((exporter.name, tables))
        self._done += 1
        self._report(self._done)

    def write_text(self, name: str, text: str) -> None:
        with self._member(name) as out:
            out.write(text.encode())

    def _write_rows(self, out: IO[bytes], rows: Iterable[dict[str, Any]]) -> None:
        for number, row in enumerate(rows):
            out.write(b"\n" if number == 0 else b",\n")
            out.write(json.dumps(row, ensure_ascii=False, indent=1).encode())
            self._heartbeat()

    def _write_file(self, app: str, file: StoredFile) -> None:
        name = self._free_name(f"files/{app}/", clean_name(file.name))
        try:
            source = default_storage.open(file.path, "rb")
        except FileNotFoundError:
            self.missing.append(name)
            return
        # Uploads are compressed formats already: compressing them again would cost time and save nothing.
        with source, self._member(name, zipfile.ZIP_STORED) as out:
            while chunk := source.read(CHUNK):
                out.write(chunk)
                self._heartbeat()

    def _member(self, name: str, kind: int = zipfile.ZIP_DEFLATED) -> IO[bytes]:
        info = zipfile.ZipInfo(f"{ROOT}/{name}", date_time=self.moment)
        info.compress_type, info.external_attr = kind, 0o600 << 16
        return self.archive.open(info, "w", force_zip64=True)

    def _free_name(self, folder: str, name: str) -> str:
        stem, dot, ending = name.rpartition(".")
        number, wanted = 1, folder + name
        while wanted in self._names:
            number += 1
            wanted = f"{folder}{stem} ({number}).{ending}" if dot else f"{folder}{name} ({number})"
        self._names.add(wanted)
        return wanted

    def _heartbeat(self) -> None:
        if time.monotonic() - self._last_beat > HEARTBEAT_SECONDS:
            self._last_beat = time.monotonic()
            self._report(self._done)
