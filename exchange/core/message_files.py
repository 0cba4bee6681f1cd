"""Message files (`.po`, `.mo`): compiled without gettext's own tools, so that Python is all a machine needs to serve every language.

Nothing here reads the settings: tests and the demo compile the message files before Django loads them.
"""

import importlib.util
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib

from exchange.core.interface_languages import BY_CODE

LINE = 100
HEADER = {
    "Project-Id-Version": "Miras",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}
LIBRARIES = ("django/conf", "django/contrib/auth", "django/contrib/admin", "allauth")
"""Where libraries keep their own message files. What they translate is not filled with the fallback language."""


def message_file_paths(locale: Path) -> Iterator[Path]:
    """Every .po file below a `locale` folder."""
    return iter(sorted(locale.glob("*/LC_MESSAGES/*.po")))


def compile_message_files(locale: Path) -> list[Path]:
    """Write the .mo of every .po that is newer than it; returns what was written. Several processes may do so at once."""
    written = []
    for source in message_file_paths(locale):
        target = source.with_suffix(".mo")
        language = source.parent.parent.name
        fallback = fallback_path(source)
        newest = max(path.stat().st_mtime_ns for path in (source, fallback) if path is not None and path.exists())
        if target.exists() and target.stat().st_mtime_ns > newest:
            continue
        messages = read_message_file(source)
        if fallback is not None and fallback.exists():
            fill_gaps(messages, read_message_file(fallback), skip=translated_by_libraries(language))
        handle, name = tempfile.mkstemp(dir=source.parent, prefix=source.stem, suffix=".tmp")
        with os.fdopen(handle, "wb") as file:
            file.write(messages.to_binary())
        Path(name).chmod(0o644)
        Path(name).replace(target)
        written.append(target)
    return written


def fallback_path(source: Path) -> Path | None:
    """The same message file in the fallback language; None when the language has no such fallback."""
    language = BY_CODE.get(source.parent.parent.name)
    if language is None or language.message_file_fallback is None:
        return None
    return source.parents[2] / language.message_file_fallback / "LC_MESSAGES" / source.name


def fill_gaps(messages: polib.POFile, fallback: polib.POFile, *, skip: set[tuple[str, str]]) -> None:
    """Give untranslated messages the text of `fallback`, in memory only; those in `skip` (context, msgid) stay empty."""
    texts = {(entry.msgctxt or "", entry.msgid): entry for entry in fallback.translated_entries()}
    for entry in messages.untranslated_entries():
        key = (entry.msgctxt or "", entry.msgid)
        if key in skip or key not in texts:
            continue
        if entry.msgid_plural:
            forms = texts[key].msgstr_plural
            many = forms[min(2, len(forms) - 1)]
            # The third Russian form fits most numbers. The first one fits 1, and is used where the language has a singular of its own.
            entry.msgstr_plural = {i: forms[0] if i == 0 and len(entry.msgstr_plural) > 1 else many for i in entry.msgstr_plural}
        else:
            entry.msgstr = texts[key].msgstr


def translated_by_libraries(language: str) -> set[tuple[str, str]]:
    """Messages (context, msgid) that the libraries' own message files translate into `language`."""
    known = set()
    for library in LIBRARIES:
        package, _, rest = library.partition("/")
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None:
            continue
        path = Path(spec.origin).parent / rest / "locale" / language / "LC_MESSAGES" / "django.mo"
        if path.exists():
            known |= {(entry.msgctxt or "", entry.msgid) for entry in polib.mofile(str(path)).translated_entries()}
    return known


def read_message_file(path: Path) -> polib.POFile:
    """The message file, set to our line length."""
    return polib.pofile(str(path), wrapwidth=LINE, encoding="utf-8")


def write_message_file(messages: polib.POFile, path: Path) -> bool:
    """Write the message file when that changes it; returns whether it did."""
    text = str(messages)
    text = text if text.endswith("\n") else text + "\n"
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.write_text(text, encoding="utf-8")
    return True
