"""Parsing BibTeX: the publications of a text, and the problems with their lines."""

import re
from dataclasses import dataclass, field
from typing import Any

import bibtexparser
from bibtexparser.middlewares import LatexDecodingMiddleware
from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock
from django.utils.translation import gettext_lazy as _

from exchange.core.bibliography.works import Work, read_year
from exchange.core.errors import Text

MAX_BIBTEX_LENGTH = 600_000
MAX_ENTRIES = 500
CONTAINERS = ("journal", "journaltitle", "booktitle", "series", "publisher", "school", "institution", "howpublished")
BARE_SIGN = re.compile(r"(?<!\\)([&%])")
"""A special character of LaTeX that people often leave unescaped."""


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
    library = bibtexparser.parse_string(
        BARE_SIGN.sub(r"\\\1", text.replace("\x00", "")), append_middleware=[LatexDecodingMiddleware()]
    )
    for block in library.failed_blocks:
        parsed.problems.append(Problem((block.start_line or 0) + 1, "", _why(block)))
    for entry in library.entries[:MAX_ENTRIES]:
        work = _work_of({name.lower(): str(each.value) for name, each in entry.fields_dict.items()})
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


def _why(block: Any) -> Text:
    if isinstance(block, DuplicateBlockKeyBlock):
        return _("Its key appears in the text twice.")
    if isinstance(block, DuplicateFieldKeyBlock):
        return _("A field appears in it twice.")
    return _("It is not complete: a bracket, a quotation mark or a comma is missing.")


def _work_of(fields: dict[str, str]) -> Work:
    people = [
        author_name(name) for name in re.split(r"\s+and\s+", fields.get("author") or fields.get("editor") or "") if name.strip()
    ]
    return Work(
        title=fields.get("title", ""),
        authors="; ".join(people),
        year=read_year((fields.get("year") or fields.get("date") or "")[:4]),
        container=next((fields[name] for name in CONTAINERS if fields.get(name)), ""),
        doi=fields.get("doi", ""),
        url=fields.get("url", ""),
        source="bibtex",
    ).cleaned()


def author_name(name: str) -> str:
    """The name as “Family, Given”, from either order; a name of one word is returned unchanged."""
    if "," in name:
        parts = [part.strip() for part in name.split(",")]
        return ", ".join(filter(None, [parts[0], " ".join(parts[1:])]))
    words = name.split()
    if len(words) < 2:
        return name.strip()
    # "van der Berg": the family name begins with the first lower-case word; otherwise it is the last word
    begin = next((n for n, word in enumerate(words[1:-1], 1) if word[:1].islower()), len(words) - 1)
    return f"{' '.join(words[begin:])}, {' '.join(words[:begin])}"
