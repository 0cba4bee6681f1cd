"""Translation catalogues: compiled without gettext's own tools, so that a machine with Python alone can serve every language.

No Django here: tests and the demo compile the catalogues before Django loads them.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib

LINE = 100


def catalogue_paths(locale: Path) -> Iterator[Path]:
    """Every .po file below a `locale` folder."""
    return iter(sorted(locale.glob("*/LC_MESSAGES/*.po")))


def compile_catalogues(locale: Path) -> list[Path]:
    """Write the .mo of every .po that is newer than it; returns what was written. Several processes may do so at once."""
    written = []
    for source in catalogue_paths(locale):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns > source.stat().st_mtime_ns:
            continue
        handle, name = tempfile.mkstemp(dir=source.parent, prefix=source.stem, suffix=".tmp")
        with os.fdopen(handle, "wb") as file:
            file.write(read_catalogue(source).to_binary())
        Path(name).chmod(0o644)
        Path(name).replace(target)
        written.append(target)
    return written


def read_catalogue(path: Path) -> polib.POFile:
    """The catalogue, with lines as wide as ours are."""
    return polib.pofile(str(path), wrapwidth=LINE, encoding="utf-8")


def write_catalogue(catalogue: polib.POFile, path: Path) -> bool:
    """Write the catalogue when that changes the file; returns whether it did."""
    text = str(catalogue)
    text = text if text.endswith("\n") else text + "\n"
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.write_text(text, encoding="utf-8")
    return True
