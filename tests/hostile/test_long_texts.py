"""Texts made to take long: every regular expression of the project, and every place that reads a visitor's text, in linear time.

Measured in processor time, best of three, so that a busy machine changes nothing.
"""

import ast
import contextlib
import functools
import re
import time
from itertools import chain
from pathlib import Path

import pytest

from exchange.core.bibliography.bibtex import parse_bibtex
from exchange.core.bibliography.orcid import clean_orcid
from exchange.core.bibliography.works import Work, clean_doi
from exchange.core.csv_reader import CellError, shorten
from exchange.core.errors import DomainError
from exchange.core.lines import clean_line
from exchange.core.text import normalise_text
from exchange.core.uploads import clean_name
from importing.domain import plain_cells
from importing.domain.cells import LabelLookup, parts_of
from importing.domain.people import Source, read_people
from search.domain.query import clean_words
from vocabulary.domain.vocabulary import vocabulary
from vocabulary.words import stored_forms, tokens

ROOT = Path(__file__).resolve().parents[2]
APPS = (
    "accounts",
    "applications",
    "exchange",
    "institutions",
    "matching",
    "messaging",
    "partnerships",
    "placements",
    "privacy",
    "profiles",
    "programs",
    "search",
    "vocabulary",
)
LENGTH, MAX_SECONDS = 100_000, 0.1
UNITS = [
    *(" ", "\n", "a", "0", "ʻ", "'", "-", ".", ";", ":", "+", "=", "#", "@", "$", "&", "{", "\\", '"'),
    *("a'", "a-", "a b", "1-", "10.1111/", "name_aa_", "aa-aa", " and ", "\\'{", "\\c{", "a=b,", "@a{", "$x^", "2027-01-01..", "&amp;"),
]  # fmt: skip


def hostile_texts():
    for unit in UNITS:
        run = (unit * (LENGTH // len(unit) + 1))[:LENGTH]
        yield f"a{run}x"
        yield f"{run}\x01"


def seconds(work, text):
    """The best of seven, or the first that is quick enough."""
    found = []
    for _ in range(7):
        started = time.process_time()
        with contextlib.suppress(DomainError, CellError):
            work(text)
        found.append(time.process_time() - started)
        if found[-1] < MAX_SECONDS:
            break
    return min(found)


def slow_texts(work, texts=None):
    return [(text[:20], round(taken, 2)) for text in texts or hostile_texts() if (taken := seconds(work, text)) >= MAX_SECONDS]


def patterns_of(path):
    """The regular expressions written in a file: the first argument of each call of `re`, with the names of the file filled in."""
    written = path.read_text(encoding="utf-8")
    if not re.search(r"^import re$|Regex(?:Field|Validator)", written, re.MULTILINE):
        return
    texts, tree = {}, ast.parse(written)
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str() | bytes() as text)):
                texts[name] = text
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=attr), args=[pattern, *_]) if attr != "escape":
                yield node.lineno, _text_of(pattern, texts)
            case ast.Call(func=ast.Attribute(attr="RegexField" | "RegexValidator"), args=[pattern, *_]):
                yield node.lineno, _text_of(pattern, texts)


def _text_of(node, texts):
    match node:
        case ast.Constant(value=str() | bytes() as text):
            return text
        case ast.Name(id=name) if name in texts:
            return texts[name]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            sides = (_text_of(left, texts), _text_of(right, texts))
            return None if None in sides else "".join(sides)
    return None


@functools.cache
def all_patterns():
    found = {}
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                found |= {f"{path.relative_to(ROOT)}:{line}": pattern for line, pattern in patterns_of(path)}
    return found


QUOTED = '"{}"'
BUILT = {
    "vocabulary/names/phonemes.py": "vocabulary.names.phonemes",
    "vocabulary/words/morphology.py": "vocabulary.words.morphology",
    "vocabulary/words/negation.py": "vocabulary.words.negation",
    "vocabulary/words/negative_verbs.py": "vocabulary.words.negative_verbs",
    "vocabulary/words/sounds.py": "vocabulary.words.sounds",
}
"""Files whose patterns are built when the module is loaded."""
OURS = {
    "exchange/core/storage.py",
    "exchange/reference/institutions.py",
    "exchange/reference/tables.py",
    "exchange/reference/glossary.py",
}
"""Files whose patterns read our own files only."""


def test_patterns_are_found():
    patterns = all_patterns()
    unread = {place.rpartition(":")[0] for place, pattern in patterns.items() if pattern is None}
    assert len(patterns) >= 30
    assert unread <= set(BUILT), "this test cannot read these patterns; write them as constants"


@pytest.mark.parametrize("place", sorted(all_patterns()))
def test_every_pattern_is_linear(place):
    path, pattern = place.rpartition(":")[0], all_patterns()[place]
    if path in OURS:
        return
    if pattern is None:
        module = __import__(BUILT[path], fromlist=["x"])
        tables = [each.values() for each in vars(module).values() if isinstance(each, dict)]
        compiled = [each for each in chain(vars(module).values(), *tables) if isinstance(each, re.Pattern)]
    else:
        compiled = [re.compile(pattern, re.DOTALL)]
    texts = [text.encode() for text in hostile_texts()] if isinstance(pattern, bytes) else list(hostile_texts())
    if pattern is None:  # of names, which are cut to 250 characters before; every letter is a match
        texts = [text[: LENGTH // 10] for text in texts]
    for each in compiled:
        assert slow_texts(lambda text, each=each: (each.fullmatch(text), sum(1 for _ in each.finditer(text))), texts) == []


READERS = {
    "parts of a cell": parts_of,
    "positions": plain_cells.positions,
    "windows": plain_cells.windows,
    "long text": plain_cells.long_text,
    "number": lambda text: plain_cells.whole_number(text, 0, 9),
    "iD": clean_orcid,
    "DOI": clean_doi,
    "work": lambda text: Work(text, text, 2000, text, text, text, "hand").cleaned(),
    "line": lambda text: clean_line(text, 100),
    "file name": clean_name,
    "shortened": shorten,
    "normalised": normalise_text,
    "search": clean_words,
    "forms of words": lambda text: [stored_forms(word) for word in tokens(text)],
}


@pytest.mark.parametrize("name", READERS)
def test_every_reader_of_a_text_is_quick(name):
    assert slow_texts(READERS[name]) == []


BIBTEX = {
    "text": "{}",
    "title": "@article{{a, title={{{}}}}}",
    "quoted title": '@article{{a, title="{}"}}',
    "author": "@article{{a, author = {{a{}x}}, title={{T}}}}",
    "open author": "@article{{a, title={{T}}, author = {{a{}x",
    "key": "@article{{{}, title={{T}}}}",
    "field": "@article{{a, {}={{T}}, title={{T}}}}",
    "string": "@string{{a = {{{}}}}} @article{{b, title=a}}",
}


@pytest.mark.parametrize("place", BIBTEX)
def test_bibtex_is_quick(place):
    parse_bibtex("@book{a, title={T}}")  # loads the tables
    assert slow_texts(lambda text: parse_bibtex(BIBTEX[place].format(text))) == []


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["fields", "competences", "languages", "country"])
def test_cells_with_labels_are_quick(column):
    labels = LabelLookup(vocabulary())
    reader = getattr(labels, column)
    with contextlib.suppress(CellError):
        reader("warm")
    assert slow_texts(reader) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "column", ["external_id", "name", "name_lang", "name_ru", "email", "competences", "availability", "biography"]
)
def test_a_table_with_a_long_cell_is_quick(column):
    def read(text):
        cell = text.replace('"', '""')
        columns = ["external_id", "name", *([column] if column not in {"external_id", "name"} else [])]
        return read_people(
            f"{','.join(columns)}\n{','.join(QUOTED.format(cell) if each == column else '1' for each in columns)}\n".encode(),
            Source("command"),
        )

    read("warm")
    assert slow_texts(read, list(hostile_texts())[::5]) == []
