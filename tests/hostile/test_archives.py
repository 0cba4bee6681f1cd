"""Archives that say they are smaller than they are."""

import io
import struct
import tracemalloc
import zipfile
import zlib

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from exchange.core import archives, table_files, uploads
from exchange.core.archives import DAMAGED, unpacked_size
from exchange.core.table_files import TableFileError, open_table
from exchange.core.uploads import DOCUMENT, TABLE, UploadKind, check_upload

MEGABYTE = 1024 * 1024
MAIN = {"docx": "word/document.xml", "odt": "content.xml", "xlsx": "xl/workbook.xml"}
OFFICE = UploadKind((".docx", ".odt", ".xlsx"), 10 * MEGABYTE)


def packed(members, method=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def understated(content, name, says):
    """The archive with another size and the fitting checksum for one member, in its directory and before the member."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        member = archive.getinfo(name)
        checksum = zlib.crc32(archive.read(name)[:says])
    changed = bytearray(content)
    directory = content.rindex(b"PK\x01\x02", 0, content.rindex(name.encode()))
    for place in (member.header_offset + 14, directory + 16):
        struct.pack_into("<I", changed, place, checksum)
        struct.pack_into("<I", changed, place + 8, says)
    return bytes(changed)


def refused(name, content):
    with pytest.raises(ValidationError) as refusal:
        check_upload(SimpleUploadedFile(name, content), OFFICE)
    return refusal.value.code == "content"


@pytest.mark.parametrize("ending", MAIN)
@pytest.mark.parametrize("says", [0, 100, MEGABYTE - 1, MEGABYTE + 1])
def test_a_member_that_understates_its_size_is_refused(ending, says):
    sound = packed({MAIN[ending]: b"<x/>", "media/large.bin": b"0" * MEGABYTE})
    assert check_upload(SimpleUploadedFile(f"cv.{ending}", sound), OFFICE) == f"cv.{ending}"

    false = understated(sound, "media/large.bin", says)

    with zipfile.ZipFile(io.BytesIO(false)) as archive:
        assert archive.getinfo("media/large.bin").file_size == says
    assert refused(f"cv.{ending}", false)


def test_a_bomb_is_unpacked_no_further_than_the_limit(monkeypatch):
    """However small its directory makes it, and in little memory."""
    monkeypatch.setattr(uploads, "MAX_UNPACKED", 3 * MEGABYTE)
    bomb = packed({MAIN["docx"]: b"<x/>"} | {f"media/{n}": b"0" * (2 * MEGABYTE) for n in range(20)})
    read = []
    unpack = archives._unpack
    monkeypatch.setattr(archives, "_unpack", lambda *args: read.append(unpack(*args)) or read[-1])

    tracemalloc.start()
    assert refused("cv.docx", bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert sum(read) <= 3 * MEGABYTE + archives.CHUNK
    assert peak < 4 * MEGABYTE


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_unpack_without_a_bound_are_refused(method):
    assert refused("cv.docx", packed({MAIN["docx"]: b"<x/>" * 1000}, method))


def test_encrypted_members_are_refused():
    content = bytearray(packed({MAIN["docx"]: b"<x/>"}))
    for place in (6, content.rindex(b"PK\x01\x02") + 8):
        content[place] |= 1

    assert refused("cv.docx", bytes(content))


def test_a_stored_member_may_not_be_longer_than_it_says():
    content = packed({MAIN["docx"]: b"<x/>" * 100}, zipfile.ZIP_STORED)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert unpacked_size(archive, MEGABYTE) == 400

    with zipfile.ZipFile(io.BytesIO(understated(content, MAIN["docx"], 40))) as archive, pytest.raises(DAMAGED):
        unpacked_size(archive, MEGABYTE)


def test_a_table_that_understates_a_sheet_is_refused(monkeypatch):
    stream = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["name", "country"])
    for n in range(2000):
        book.active.append([f"Person {n}", "UZ"])
    book.save(stream)
    assert open_table(stream.getvalue()).sheets == ("Sheet",)

    with pytest.raises(TableFileError):
        open_table(understated(stream.getvalue(), "xl/worksheets/sheet1.xml", 500))
    monkeypatch.setattr(table_files, "MAX_UNPACKED", 1000)
    with pytest.raises(TableFileError):
        open_table(stream.getvalue())
    assert TABLE.max_bytes == DOCUMENT.max_bytes == 10 * MEGABYTE
