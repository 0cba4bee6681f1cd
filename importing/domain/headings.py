"""Headings of tables: which column of the import a heading means, from `importing/data/headings.csv`.

That file has a row for each column of the import and a column for each language; alternatives stand between semicolons.
"""

import csv
import re
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from exchange.core.text import normalise_text

FILE = Path(__file__).resolve().parents[1] / "data" / "headings.csv"
MAX_HEADING_LENGTH = 80
NAME_COLUMN = re.compile(r"name_(?P<language>[a-z]{2,3})(?:[-_](?:[a-z]{4}|\d{1,2}))*")
NAME_PARTS = ("family_name", "given_name", "patronymic")
COLUMN_LABELS: dict[str, Any] = {
    "external_id": _("Id of the person at the source"),
    "name": _("Name"),
    "family_name": _("Last name"),
    "given_name": _("First name"),
    "patronymic": _("Patronymic"),
    "name_lang": _("Language of the name"),
    "country": _("Country"),
    "city": _("City"),
    "fields": _("Fields of work"),
    "competences": _("Competences"),
    "languages": _("Languages"),
    "headline": _("What the person does, in one line"),
    "email": _("E-mail address"),
    "biography": _("Biography"),
    "biography_lang": _("Language of the biography"),
    "experience_years": _("Years of practice"),
    "availability": _("When the person can travel"),
    "lead_days": _("Notice the person needs, in days"),
    "longest_stay_days": _("Longest stay, in days"),
    "affiliation": _("Institution where the person works"),
    "positions": _("Positions"),
}
"""The columns of the import, as people read them."""
COLUMNS = tuple(COLUMN_LABELS)


def is_column(field: str) -> bool:
    """Whether the import knows a column of this name, such as `city` or `name_kk_2`."""
    return field in COLUMN_LABELS or NAME_COLUMN.fullmatch(field) is not None


def clean_heading(cell: str) -> str:
    """The heading on one line, without invisible characters, cut to its length."""
    return " ".join("".join(char if char.isprintable() else " " for char in cell[:500]).split())[:MAX_HEADING_LENGTH]


def heading_key(heading: str) -> str:
    """What two spellings of a heading have in common: letters and digits, in lower case."""
    return normalise_text(heading).replace(" ", "")


def column_of(heading: str) -> str | None:
    """The column that a heading means; None for an unknown heading and for one that may mean several."""
    plain = heading.lower()
    if is_column(plain):
        return plain
    meanings = known_headings().get(heading_key(heading), frozenset())
    return next(iter(meanings)) if len(meanings) == 1 else None


@cache
def known_headings() -> dict[str, frozenset[str]]:
    """The columns that each heading of the file may mean, by `heading_key`."""
    found: dict[str, set[str]] = {}
    with FILE.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            for language, _name in settings.LANGUAGES:
                for heading in row[language].split(";"):
                    if key := heading_key(heading):
                        found.setdefault(key, set()).add(row["field"])
    return {key: frozenset(fields) for key, fields in found.items()}
