"""What ZIP archives of visitors really hold, whatever their directory says."""

import copy
import zipfile
import zlib
from typing import Any, cast

CHUNK = 256 * 1024
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What office programs use. Other methods unpack without a bound."""
DAMAGED = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, NotImplementedError)
"""What `zipfile` raises for archives that are damaged, encrypted or made to trick a reader."""


def unpacked_size(archive: zipfile.ZipFile, most: int) -> int:
    """How many bytes the members of an archive unpack to, by unpacking them; reading ends soon after `most`.

    Raises one of DAMAGED for a member whose real size or checksum is not what the directory says, or that is packed in an unusual way.
    """
    total = 0
    for member in archive.infolist():
        if total > most:
            break
        total += _unpack(archive, member, most - total)
    return total


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> int:
    """The real size of a member; at most a chunk more than `most` is unpacked."""
    if member.compress_type not in PACKED:
        raise zipfile.BadZipFile(f"packed by method {member.compress_type}")
    unbound = copy.copy(member)
    # `zipfile` stops at the size of the directory and would not notice what comes after it.
    unbound.file_size = most + CHUNK
    unbound.CRC = cast("Any", None)  # checked below
    size, checksum = 0, zlib.crc32(b"")
    with archive.open(unbound) as part:
        while size <= most and (piece := part.read(CHUNK)):
            size += len(piece)
            checksum = zlib.crc32(piece, checksum)
    if size <= most and (size, checksum) != (member.file_size, member.CRC):
        raise zipfile.BadZipFile(f"{member.filename} is not what the directory says")
    return size
