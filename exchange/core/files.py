"""Private files: sent only after a permission check, never rendered inside our pages; deleted after commit."""

from collections.abc import Iterable
from functools import partial
from pathlib import PurePath

from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models.fields.files import FieldFile
from django.http import FileResponse

SAFE_TO_SHOW = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}

PRIVATE_FILE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, max-age=300",
}
"""Headers of a private file: kept by the reader's browser for some minutes, run by none."""


def send_file(stored: FieldFile, *, name: str = "", inline: bool = False) -> FileResponse:
    """The stored file as a download; `inline` is honoured for photographs only. Callers check permission first."""
    shown = name or PurePath(stored.name or "file").name
    kind = SAFE_TO_SHOW.get(PurePath(stored.name or "").suffix.lower())
    response = FileResponse(
        stored.open("rb"), as_attachment=not (inline and kind), filename=shown, content_type=kind or "application/octet-stream"
    )
    for header, value in PRIVATE_FILE.items():
        response.headers[header] = value
    return response


def stored_names(row: models.Model) -> list[str]:
    """Storage names of the files of a row."""
    fields = row._meta.concrete_fields  # noqa: SLF001 -- Django documents it
    files = [getattr(row, field.attname) for field in fields if isinstance(field, models.FileField)]
    return [str(file.name) for file in files if file]


def delete_files(names: Iterable[str]) -> None:
    """Delete stored files after the current transaction commits; a missing file is no error."""
    for name in list(names):
        transaction.on_commit(partial(default_storage.delete, name), robust=True)
