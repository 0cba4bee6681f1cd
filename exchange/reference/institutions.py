"""The institutions file: real institutions of the six countries, with the source of each record."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from exchange.core.countries import Country
from exchange.core.spoken_languages import Language
from exchange.reference.tables import Problem, Row, read_table
from exchange.reference.writing import Outcome, write_links, write_rows
from institutions.models import FormerSlug, Institution, InstitutionName, Membership
from institutions.models.institutions import InstitutionKind
from institutions.signals import institution_changed
from institutions.states import InstitutionNameKind
from vocabulary.models import Concept

FILE = "institutions.csv"
COLUMNS = (
    *("id", "country", "city_en", "name_en", "name_ru", "name_local", "local_lang", "kind", "short_name", "website_domain"),
    *("lat", "lon", "disciplines", "source"),
)
OPTIONAL = {
    "aliases": InstitutionNameKind.ALIAS,
    "official_names": InstitutionNameKind.OFFICIAL,
    "former_names": InstitutionNameKind.FORMER,
}
"""Further names, `language:name;language:name`; the language may be left out."""
LOCAL_LANGUAGES = {"KZ": "kk", "KG": "ky", "TJ": "tg", "TM": "tk", "UZ": "uz", "US": "en"}
DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/\S*)?")


@dataclass(frozen=True)
class InstitutionRow:
    """A row of the file: the fields of the institution, and the slugs of its disciplines."""

    slug: str
    values: dict[str, Any]
    disciplines: list[str]
    names: list[tuple[str, str, str]] = field(default_factory=list)
    """Further names: text, language, kind."""


def read_institutions(folder: Path, concepts: Collection[str], problems: list[Problem]) -> dict[str, InstitutionRow]:
    """Every institution of the file by id; `concepts` are the ids that disciplines may name."""
    return {
        found.slug: found
        for found in (_read(row, concepts) for row in read_table(folder / FILE, COLUMNS, problems, optional=OPTIONAL))
        if found.slug
    }


def _read(row: Row, concepts: Collection[str]) -> InstitutionRow:
    country = row.choice("country", Country.values)
    local = row.choice("local_lang", sorted(set(LOCAL_LANGUAGES.values())))
    if local and country in LOCAL_LANGUAGES and local != LOCAL_LANGUAGES[country]:
        row.wrong("local_lang", f"{local!r} is not the language of {country}")
    name = {
        code: row.text(column, max_length=250) for code, column in ((local, "name_local"), ("en", "name_en"), ("ru", "name_ru"))
    }
    domain = row.text("website_domain", required=False, max_length=150)
    if domain and not DOMAIN.fullmatch(domain):
        row.wrong("website_domain", f"{domain!r} is not a domain such as museum.example")
    return InstitutionRow(
        slug=row.slug(),
        values={
            "country": country,
            "city": row.text("city_en", max_length=120),
            "name": {code: text for code, text in name.items() if code and text},
            "kind": row.choice("kind", InstitutionKind.values),
            "short_name": row.text("short_name", required=False, max_length=80),
            "website": f"https://{domain}" if domain else "",
            "latitude": row.number("lat", minimum=-90, maximum=90),
            "longitude": row.number("lon", minimum=-180, maximum=180),
            "source": row.text("source"),
        },
        disciplines=row.many("disciplines", concepts),
        names=[
            (*_further(row, column, part), kind) for column, kind in OPTIONAL.items() for part in row.many(column, max_length=260)
        ],
    )


def _further(row: Row, column: str, part: str) -> tuple[str, str]:
    """A further name and its language."""
    language, colon, text = (piece.strip() for piece in part.partition(":"))
    if not colon or len(language) > 3:
        return part, ""
    if language not in Language.values:
        row.wrong(column, f"{language!r} in {part!r} is no language of ours")
    return text, language


def write_institutions(rows: dict[str, InstitutionRow]) -> Outcome:
    """Update the stored institutions from the file.

    Institutions with a team are skipped, because the team maintains their record. Merged institutions stay merged.
    """
    joined = set(FormerSlug.objects.filter(slug__in=list(rows)).values_list("slug", flat=True))
    rows = {slug: row for slug, row in rows.items() if slug not in joined}
    own = set(Membership.objects.filter(institution__slug__in=list(rows)).values_list("institution__slug", flat=True))
    known, outcome = write_rows(Institution, {slug: row.values for slug, row in rows.items()}, keep=own)
    ids = dict(Concept.objects.values_list("slug", "pk"))
    wanted = {known[slug].pk: [ids[each] for each in row.disciplines] for slug, row in rows.items() if slug not in outcome.skipped}
    relinked = write_links(Institution.fields.through, "institution", "concept", wanted)
    outcome.changed |= {institution.slug for institution in known.values() if institution.pk in relinked}
    outcome.changed |= _write_names({slug: row for slug, row in rows.items() if slug not in outcome.skipped}, known) - outcome.new
    for slug in sorted(outcome.written):
        institution_changed.send(Institution, institution_id=known[slug].pk)
    return outcome


def _write_names(rows: dict[str, InstitutionRow], known: dict[str, Institution]) -> set[str]:
    """Add missing further names; returns the institutions concerned. Names are never removed, because merges add some that are not in the file."""
    there = set(InstitutionName.objects.filter(institution__slug__in=list(rows)).values_list("institution_id", "text"))
    new = {
        (known[slug].pk, text): InstitutionName(institution=known[slug], text=text, language=language, kind=kind)
        for slug, row in rows.items()
        for text, language, kind in row.names
        if text and (known[slug].pk, text) not in there
    }
    InstitutionName.objects.bulk_create(new.values())
    return {name.institution.slug for name in new.values()}
