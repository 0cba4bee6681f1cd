"""Checks of uploaded files: size, name, and whether the content matches the file type."""

import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, Any

import puremagic
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from exchange.core.archives import DAMAGED, unpacked_size
from exchange.core.encodings import guess_encodings
from exchange.core.images import UNREADABLE, open_picture, upright

MEGABYTE = 1024 * 1024
MAX_NAME_LENGTH = 120
MAX_UNPACKED = 200 * MEGABYTE
MAX_MEMBERS = 5000
THUMBNAIL = 64
"""Width and height (px) to which a picture is drawn for the check."""
OFFICE_MAIN_PART = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".odt": "content.xml"}
IMAGE_ENDINGS = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp", "HEIF": ".heic"}
"""Formats of pictures as Pillow names them, with the ending that a file of that format gets."""
PICTURES = frozenset({".jpg", ".jpeg", ".jfif", ".png", ".webp", ".heic", ".heif"})
TEXTS = frozenset({".csv", ".tsv", ".txt"})


@dataclass(frozen=True)
class UploadKind:
    """A kind of upload: its allowed file name extensions and its maximum size in bytes."""

    endings: tuple[str, ...]
    max_bytes: int

    @property
    def accept(self) -> str:
        """For the `accept` attribute of a file input."""
        return ",".join(self.endings)

    @property
    def names(self) -> str:
        """The extensions as shown to users."""
        return ", ".join(ending[1:].upper() for ending in self.endings)


DOCUMENT = UploadKind((".pdf", ".docx", ".odt", ".jpg", ".jpeg", ".jfif", ".png"), 10 * MEGABYTE)
PHOTOGRAPH = UploadKind((".jpg", ".jpeg", ".jfif", ".png", ".webp", ".heic", ".heif"), 8 * MEGABYTE)
TABLE = UploadKind((".xlsx", ".csv", ".tsv", ".txt"), 10 * MEGABYTE)


def clean_name(name: str) -> str:
    """The file name without path and control characters, shortened but with its extension; never empty."""
    last = PurePath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    kept = "".join(char for char in last if unicodedata.category(char)[0] != "C" and char not in '<>:"|?*').strip(". ")
    ending = PurePath(kept).suffix[:10]
    stem = kept.removesuffix(PurePath(kept).suffix)[: MAX_NAME_LENGTH - len(ending)] or "file"
    return stem + ending.lower()


def check_upload(upload: UploadedFile, kind: UploadKind) -> str:
    """The cleaned name of a valid file; a picture gets the ending of its format. Raises ValidationError, in the reader's language, for an empty, too large, unsupported or damaged file."""
    name = clean_name(upload.name or "")
    ending = PurePath(name).suffix
    size = upload.size or 0
    if size == 0:
        raise ValidationError(_("“%(name)s” is empty. Choose the file again."), params={"name": name}, code="empty")
    if size > kind.max_bytes:
        params = {"name": name, "size": filesizeformat(size), "largest": filesizeformat(kind.max_bytes)}
        raise ValidationError(_("“%(name)s” has %(size)s; at most %(largest)s can be uploaded."), params=params, code="too_large")
    if ending not in kind.endings:
        raise ValidationError(
            _("“%(name)s” cannot be used. Choose a file of one of these kinds: %(kinds)s."),
            params={"name": name, "kinds": kind.names},
            code="ending",
        )
    if ending in PICTURES:
        found = _picture_format(upload)
        allowed = found is not None and IMAGE_ENDINGS[found] in kind.endings
        name = name.removesuffix(ending) + IMAGE_ENDINGS[found] if found and allowed and not _fits(found, ending) else name
    else:
        allowed = _content_matches(upload, ending)
    if not allowed:
        raise ValidationError(
            _("The content of “%(name)s” does not match its file type, or the file is damaged. Save it again as %(kind)s."),
            params={"name": name, "kind": ending[1:].upper()},
            code="content",
        )
    upload.seek(0)
    return name


def _content_matches(upload: UploadedFile, ending: str) -> bool:
    upload.seek(0)
    stream: IO[Any] = upload.file  # type: ignore[assignment]
    stream.seek(0)
    if ending == ".pdf":
        return stream.read(1024).lstrip().startswith(b"%PDF-") and not _looks_executable(stream)
    if ending in OFFICE_MAIN_PART:
        return _is_office_file(stream, OFFICE_MAIN_PART[ending])
    return ending in TEXTS and _is_table(stream)


def _is_table(stream: IO[Any]) -> bool:
    """Whether it is text, also UTF-16, or a workbook under a wrong name; `table_files` looks closer."""
    head = stream.read(8192)
    if head.startswith(b"PK\x03\x04"):
        stream.seek(0)
        return _is_office_file(stream, OFFICE_MAIN_PART[".xlsx"])
    return bool(guess_encodings(head[:-1] if len(head) == 8192 else head)) or b"\x00" not in head


def _fits(image_format: str, ending: str) -> bool:
    """Whether a picture of this format may keep its ending."""
    return IMAGE_ENDINGS[image_format] == ending or (image_format == "JPEG" and ending == ".jpeg")


def _looks_executable(stream: IO[Any]) -> bool:
    stream.seek(0)
    try:
        found = {match.extension for match in puremagic.magic_stream(stream)[:1]}
    except (puremagic.PureError, ValueError):
        return False
    return bool(found & {".exe", ".dll", ".elf", ".sh"})


def _is_office_file(stream: IO[Any], main_part: str) -> bool:
    """Whether it is a ZIP with the expected main part, within the limits of members and of the size that it really unpacks to."""
    try:
        with zipfile.ZipFile(stream) as archive:
            if main_part not in archive.namelist() or len(archive.infolist()) > MAX_MEMBERS:
                return False
            return unpacked_size(archive, MAX_UNPACKED) <= MAX_UNPACKED
    except DAMAGED:
        return False


def _picture_format(upload: UploadedFile) -> str | None:
    """The format of a picture that can be drawn to its last line; None for anything else, and for too many pixels."""
    upload.seek(0)
    try:
        with open_picture(upload.file) as image:
            found = image.format
            upright(image, THUMBNAIL)
    except UNREADABLE:
        return None
    return found


class UploadField(forms.FileField):
    """A file field with these checks; the cleaned file has its safe name."""

    def __init__(self, *, upload_kind: UploadKind = DOCUMENT, **kwargs: Any) -> None:
        self.upload_kind = upload_kind
        kwargs.setdefault("max_length", None)
        super().__init__(**kwargs)
        self.widget.attrs["accept"] = upload_kind.accept
        self.kinds = tuple(ending[1:] for ending in upload_kind.endings)
        self.max_bytes = upload_kind.max_bytes

    def to_python(self, data: Any) -> Any:
        if data in self.empty_values:
            return None
        data.name = check_upload(data, self.upload_kind)
        return data
