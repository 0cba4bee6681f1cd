"""Handing out private files: only after a permission check, never rendered inside our pages."""

from pathlib import PurePath

from django.db.models.fields.files import FieldFile
from django.http import FileResponse

SAFE_TO_SHOW = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}


def send_file(stored: FieldFile, *, name: str = "", inline: bool = False) -> FileResponse:
    """The stored file as a download; `inline` is honoured for photographs only. Callers check permission first."""
    shown = name or PurePath(stored.name or "file").name
    kind = SAFE_TO_SHOW.get(PurePath(stored.name or "").suffix.lower())
    response = FileResponse(
        stored.open("rb"), as_attachment=not (inline and kind), filename=shown, content_type=kind or "application/octet-stream"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, max-age=300"
    return response
