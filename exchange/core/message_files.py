"""Translation catalogues: compiled without gettext's own tools, so that a machine with Python alone can serve every language.

No Django here: tests and the demo compile the catalogues before Django loads them.
"""

import importlib.util
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib

LINE = 100
FALLBACK = "ru"
"""What readers of these languages rather read than English, where a text is not translated yet."""
FALLS_BACK = frozenset({"kk", "ky", "uz", "tg", "tk"})
LIBRARIES = ("django/conf", "django/contrib/auth", "django/contrib/admin", "allauth")
"""Where libraries keep their own translations: what they say in a reader's language is not overlaid with the fallback."""


def catalogue_paths(locale: Path) -> Iterator[Path]:
    """Every .po file below a `locale` folder."""
    return iter(sorted(locale.glob("*/LC_MESSAGES/*.po")))


def compile_catalogues(locale: Path) -> list[Path]:
    """Write the .mo of every .po that is newer than it; returns what was written. Several processes may do so at once."""
    written = []
    for source in catalogue_paths(locale):
        target = source.with_suffix(".mo")
        language = source.parent.parent.name
        behind = fallback_path(source) if language in FALLS_BACK else None
        newest = max(path.stat().st_mtime_ns for path in (source, behind) if path is not None and path.exists())
        if target.exists() and target.stat().st_mtime_ns > newest:
            continue
        catalogue = read_catalogue(source)
        if behind is not None and behind.exists():
            fill_from(catalogue, read_catalogue(behind), known=said_by_libraries(language))
        handle, name = tempfile.mkstemp(dir=source.parent, prefix=source.stem, suffix=".tmp")
        with os.fdopen(handle, "wb") as file:
            file.write(catalogue.to_binary())
        Path(name).chmod(0o644)
        Path(name).replace(target)
        written.append(target)
    return written


def fallback_path(source: Path) -> Path:
    """The same catalogue in the fallback language."""
    return source.parents[2] / FALLBACK / "LC_MESSAGES" / source.name


def fill_from(catalogue: polib.POFile, behind: polib.POFile, *, known: set[tuple[str, str]]) -> None:
    """Give what is not translated the words of `behind`, in memory; what is in `known` is left to whoever says it."""
    words = {(entry.msgctxt or "", entry.msgid): entry for entry in behind.translated_entries()}
    for entry in catalogue.untranslated_entries():
        key = (entry.msgctxt or "", entry.msgid)
        if key in known or key not in words:
            continue
        if entry.msgid_plural:
            forms = words[key].msgstr_plural
            many = forms[min(2, len(forms) - 1)]
            # Russian's third form is the one for most numbers; its first stands for one alone, where a language tells one from more.
            entry.msgstr_plural = {i: forms[0] if i == 0 and len(entry.msgstr_plural) > 1 else many for i in entry.msgstr_plural}
        else:
            entry.msgstr = words[key].msgstr


def said_by_libraries(language: str) -> set[tuple[str, str]]:
    """What the libraries' own catalogues translate into `language`."""
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
