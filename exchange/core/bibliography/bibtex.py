"""Parsing BibTeX: the publications of a text, and the problems with their lines.

bibtexparser finds the entries; what their values mean (`#`, `@string`, names, LaTeX) is read here, in a time that grows with the length only.
"""

import logging
import re
from dataclasses import dataclass, field
from typing import Any

import bibtexparser
from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, ImplicitComment
from django.utils.translation import gettext_lazy as _

from exchange.core.bibliography.bibtex_names import author_name, split_names
from exchange.core.bibliography.latex import LatexText
from exchange.core.bibliography.works import Work, read_year
from exchange.core.errors import Text

MAX_BIBTEX_LENGTH = 600_000
MAX_ENTRIES = 500
MAX_BLOCKS = 1500
"""The text is read up to this @."""
MAX_ENTRY_LENGTH = 20_000
"""An entry is read up to this length."""
MAX_VALUE = 6000
"""A value is read up to this length: the longest column holds 1000 characters."""
CONTAINERS = ("journal", "journaltitle", "booktitle", "series", "publisher", "school", "institution", "howpublished")
MONTHS = {name: name.capitalize() for name in ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]}
KINDS = frozenset(
    [
        "article",
        "book",
        "booklet",
        "collection",
        "conference",
        "dataset",
        "inbook",
        "incollection",
        "inproceedings",
        "manual",
        "mastersthesis",
        "misc",
        "online",
        "phdthesis",
        "proceedings",
        "report",
        "string",
        "techreport",
        "thesis",
        "unpublished",
    ]
)
WITHOUT_SIGN = re.compile(r"[ \t]{0,40}([A-Za-z]{4,14})[ \t]{0,4}[{(][^=\n]{0,200}[,=]")
"""The beginning of an entry without its @."""

logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # every damaged entry would be a line of the log


@dataclass(frozen=True)
class Problem:
    """Why an entry cannot be used; `line` counts from 1 in the text that was given."""

    line: int
    key: str
    text: Text


@dataclass
class Parsed:
    """The result of reading a text."""

    works: list[Work] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def parse_bibtex(text: str) -> Parsed:
    """Every entry that has a title, and a problem for each other entry. Raises nothing, whatever the text holds."""
    parsed = Parsed()
    if len(text) > MAX_BIBTEX_LENGTH:
        parsed.problems.append(Problem(1, "", _("The text is too long. Import it in several parts.")))
        return parsed
    library = bibtexparser.parse_string(_begin(text.replace("\x00", "")), parse_stack=[])
    parsed.problems += [Problem((block.start_line or 0) + 1, "", _why(block)) for block in library.failed_blocks]
    for block in library.blocks:
        if isinstance(block, ImplicitComment):
            parsed.problems += _lost_entries(block.comment, (block.start_line or 0) + 1)
    values, latex = _Values(), LatexText()
    for string in library.strings * 2:  # the second time with those that are defined further down
        values.define(string.key, str(string.value))
    for entry in library.entries[:MAX_ENTRIES]:
        fields = {name.lower(): str(each.value) for name, each in entry.fields_dict.items()}
        work = _work_of(fields, values, latex)
        if work.title:
            parsed.works.append(work)
        else:
            parsed.problems.append(Problem((entry.start_line or 0) + 1, entry.key, _("It has no title.")))
    if len(library.entries) > MAX_ENTRIES:
        over = library.entries[MAX_ENTRIES]
        parsed.problems.append(
            Problem(
                (over.start_line or 0) + 1,
                over.key,
                _("There are too many entries for one import: the rest, from here on, was not read."),
            )
        )
    if not parsed.works and not parsed.problems:
        parsed.problems.append(Problem(1, "", _("No entry was found. An entry begins with @article, @book or the like.")))
    parsed.problems.sort(key=lambda problem: problem.line)
    return parsed


def _begin(text: str) -> str:
    """The text up to the @ that is one too many, with each entry cut to its length; line breaks stay, so that lines can be counted."""
    pieces = text.split("@", MAX_BLOCKS + 1)[: MAX_BLOCKS + 1]
    return "@".join(piece[:MAX_ENTRY_LENGTH] + "\n" * piece.count("\n", MAX_ENTRY_LENGTH) for piece in pieces)


def _why(block: Any) -> Text:
    if isinstance(block, DuplicateBlockKeyBlock):
        return _("Its key appears in the text twice.")
    if isinstance(block, DuplicateFieldKeyBlock):
        return _("A field appears in it twice.")
    return _("It is not complete: a bracket, a quotation mark or a comma is missing.")


def _lost_entries(text: str, line: int) -> list[Problem]:
    """A problem for each line of a text between entries that begins like an entry."""
    found = []
    for number, row in enumerate(text.split("\n"), line):
        match = WITHOUT_SIGN.match(row)
        if match and match[1].lower() in KINDS:
            found.append(Problem(number, match[1], _("It looks like an entry, but the @ before it is missing.")))
    return found[:MAX_ENTRIES]


class _Values:
    """What values mean: pieces in braces, in quotation marks, numbers and names of `@string`, joined by `#`."""

    def __init__(self) -> None:
        self.strings = dict(MONTHS)

    def define(self, name: str, value: str) -> None:
        self.strings[name.lower()] = self.read(value)

    def read(self, value: str) -> str:
        """The value without its outer braces or quotation marks; names of `@string` replaced, of unknown ones kept as they are."""
        pieces = []
        for piece in _pieces(value[:MAX_VALUE]):
            if piece[:1] in {"{", '"'}:
                pieces.append(piece[1:-1] if piece[-1:] in {"}", '"'} and len(piece) > 1 else piece[1:])
            else:
                pieces.append(self.strings.get(piece.lower(), piece))
        return "".join(pieces)[:MAX_VALUE]


PIECE_SIGN = re.compile(r'\\.|[{}"#]', re.DOTALL)


def _pieces(value: str) -> list[str]:
    """The pieces between the `#` that stand outside braces and quotation marks."""
    pieces, depth, quoted, begin = [], 0, False, 0
    for match in PIECE_SIGN.finditer(value):
        sign = match[0]
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth = max(0, depth - 1)
        elif sign == '"' and depth == 0:
            quoted = not quoted
        elif sign == "#" and depth == 0 and not quoted:
            pieces.append(value[begin : match.start()].strip())
            begin = match.end()
    return [*pieces, value[begin:].strip()]


def _work_of(fields: dict[str, str], values: _Values, latex: LatexText) -> Work:
    def text(*names: str) -> str:
        raw = next((fields[name] for name in names if fields.get(name)), "")
        return latex.read(values.read(raw))

    people = values.read(fields.get("author") or fields.get("editor") or "")
    return Work(
        title=text("title"),
        authors="; ".join(latex.read(author_name(name)) for name in split_names(people)),
        year=read_year(text("year", "date").strip()[:4]),
        container=text(*CONTAINERS),
        doi=values.read(fields.get("doi", "")).replace("\\_", "_"),
        url=values.read(fields.get("url", "")).replace("\\_", "_").replace("\\%", "%").replace("\\&", "&"),
        source="bibtex",
    ).cleaned()
