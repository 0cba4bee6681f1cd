"""The demonstration programmes: invented programmes at real hosts, each marked as invented. Facts are in a CSV file, texts in `program_texts`.

The dates of the file are absolute. When most deadlines have passed at the first import, all dates are moved forward by the same number
of whole years; later imports keep these dates.
"""

import datetime
import zlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from exchange.core.countries import Country
from exchange.core.history import record_transition
from exchange.core.models import History
from exchange.core.spoken_languages import Language, Level
from exchange.reference.places import zone_of
from exchange.reference.program_texts import FILE as TEXTS
from exchange.reference.program_texts import ProgramTexts, line_problem, read_texts
from exchange.reference.tables import Problem, Row, read_table
from exchange.reference.writing import BATCH, Outcome, write_links, write_rows
from institutions.models import Institution
from institutions.states import InstitutionState
from programs.domain.programs import refresh_indexes
from programs.models import CountryQuota, Criterion, Program, Question, RequiredLanguage
from programs.states import Modality, ProgramKind, ProgramState
from vocabulary.models import Concept

FILE = "programs.csv"
COLUMNS = (
    *("id", "kind", "host_institution", "required_languages", "eligible_countries", "seats", "country_quota"),
    *("starts", "ends", "deadline", "modality"),
)
DEADLINE_HOUR = 17
ASKED_LEVELS = {level.name: level for level in Level if level < Level.NATIVE}
NOTE = "Demonstration data."


@dataclass(frozen=True)
class ProgramRow:
    """A row of the file, and its texts."""

    slug: str
    host: str
    values: dict[str, Any]
    starts: datetime.date
    ends: datetime.date
    deadline: datetime.date
    languages: dict[str, int]
    quotas: dict[str, tuple[int, int | None]]
    """By country: reserved places, and the maximum (None: no limit)."""
    texts: ProgramTexts


def read_programs(
    folder: Path, hosts: Collection[str], concepts: Collection[str], problems: list[Problem]
) -> dict[str, ProgramRow]:
    """All programmes by slug, facts and texts; `hosts` and `concepts` are the valid slugs. Each row needs a line of texts, each line a row."""
    lines = read_texts(folder, concepts, problems)
    all_read = all(problem.file != TEXTS for problem in problems)
    found, slugs = {}, set()
    for row in read_table(folder / FILE, COLUMNS, problems):
        slug, facts = _read(row, hosts)
        slugs.add(slug)
        if slug in lines:
            found[slug] = ProgramRow(slug=slug, texts=lines[slug].texts, **facts)
        elif slug and all_read:
            row.wrong("id", f"{slug!r} has no texts in {TEXTS}")
    for slug, line in lines.items():
        if slug not in slugs:
            problems.append(line_problem(line.number, "id", f"{slug!r} is no id of {FILE}"))
        else:
            problems += _late_sessions(found[slug], line.number)
    return found


def _read(row: Row, hosts: Collection[str]) -> tuple[str, dict[str, Any]]:
    """The slug and the facts of a row."""
    slug = row.slug(max_length=100)
    if slug and not slug.startswith("demo-"):
        row.wrong("id", f"{slug!r} does not begin with demo-, as every programme of this file must")
    countries = row.many("eligible_countries", Country.values, required=True)
    seats = row.whole("seats", minimum=1, maximum=1000)
    starts, ends, deadline = _dates(row)
    return slug, {
        "host": _host(row, hosts),
        "values": {
            "kind": row.choice("kind", ProgramKind.values),
            "modality": row.choice("modality", Modality.values),
            "seats": seats,
            "eligible_countries": countries,
        },
        "starts": starts,
        "ends": ends,
        "deadline": deadline,
        "languages": _languages(row),
        "quotas": _quotas(row, countries, seats),
    }


def _late_sessions(row: ProgramRow, line: int) -> Iterator[Problem]:
    days = (row.ends - row.starts).days + 1
    for number, session in enumerate(row.texts.sessions, start=1):
        if session.day > days:
            yield line_problem(line, f"sessions[{number}].day", f"{session.day} is after the end: the programme has {days} days")


def _host(row: Row, hosts: Collection[str]) -> str:
    host = row.text("host_institution")
    if host and host not in hosts:
        row.wrong("host_institution", f"{host!r} is no id of an institution")
    return host


def _dates(row: Row) -> tuple[datetime.date, datetime.date, datetime.date]:
    starts, ends, deadline = row.date("starts"), row.date("ends"), row.date("deadline")
    if starts and ends and ends < starts:
        row.wrong("ends", f"{ends} is before the start, {starts}")
    if starts and deadline and deadline >= starts:
        row.wrong("deadline", f"{deadline} is not before the start, {starts}")
    day = datetime.date.min
    return starts or day, ends or day, deadline or day


def _languages(row: Row) -> dict[str, int]:
    found = {}
    for language, level in row.pairs("required_languages", Language.values).items():
        if level in ASKED_LEVELS:
            found[language] = int(ASKED_LEVELS[level])
        else:
            row.wrong("required_languages", f"{level!r} is no level: {', '.join(ASKED_LEVELS)}")
    return found


def _quotas(row: Row, countries: list[str], seats: int) -> dict[str, tuple[int, int | None]]:
    """Places of a country are reserved for it and its maximum, unless every country has some and more places remain."""
    kept = {}
    for country, value in row.pairs("country_quota", Country.values).items():
        if country not in countries:
            row.wrong("country_quota", f"{country} is not among the eligible countries")
        kept[country] = row.whole("country_quota", minimum=1, maximum=1000, value=value)
    if sum(kept.values()) > seats:
        row.wrong("country_quota", f"{sum(kept.values())} places are kept for countries, there are {seats}")
    shared_out = set(kept) == set(countries) and sum(kept.values()) < seats
    return {country: (places, None if shared_out else places) for country, places in kept.items()}


# ---- dates ----------------------------------------------------------------------------------------------------------


def years_to_shift(deadlines: Collection[datetime.date], today: datetime.date) -> int:
    """The smallest number of whole years after which at least half of the deadlines are in the future."""
    if not deadlines:
        return 0
    years = 0
    while sum(later(day, years) > today for day in deadlines) * 2 < len(deadlines):
        years += 1
    return years


def later(day: datetime.date, years: int) -> datetime.date:
    """The same day of a later year; 29 February becomes 28 February when necessary."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _shift_of(rows: dict[str, ProgramRow], today: datetime.date) -> int:
    """The shift of programmes that are stored already, or the one that is needed today."""
    loaded = Program.objects.filter(slug__in=list(rows)).values_list("slug", "starts").first()
    if loaded is not None:
        return max(0, loaded[1].year - rows[loaded[0]].starts.year)
    return years_to_shift([row.deadline for row in rows.values()], today)


# ---- writing --------------------------------------------------------------------------------------------------------


def write_programs(rows: dict[str, ProgramRow], institutions: dict[str, Institution], *, today: datetime.date) -> Outcome:
    """Publish the demonstration programmes with questions and criteria, at hosts that are set to verified.

    Programmes that users have edited, changed in state or applied to are skipped.
    """
    _verify_hosts([institutions[row.host] for row in rows.values()])
    years = _shift_of(rows, today)
    taken_over = Program.objects.filter(slug__in=list(rows)).exclude(
        applications__isnull=True, version=1, state=ProgramState.PUBLISHED
    )
    values = {slug: _values(row, institutions[row.host], years) for slug, row in rows.items()}
    known, outcome = write_rows(Program, values, keep=set(taken_over.values_list("slug", flat=True)))
    ours = {slug: row for slug, row in rows.items() if slug not in outcome.skipped}
    outcome.changed |= _write_parts(ours, known) | _write_forms(ours, known)
    _note_publication([known[slug] for slug in rows if slug in outcome.new])
    if outcome.written:
        refresh_indexes(sorted(known[slug].pk for slug in outcome.written))
    return outcome


def _values(row: ProgramRow, host: Institution, years: int) -> dict[str, Any]:
    zone = zone_of(host.country, host.city)
    day = later(row.deadline, years)
    deadline = datetime.datetime(day.year, day.month, day.day, DEADLINE_HOUR, tzinfo=zone)
    texts = row.texts
    return row.values | {
        "title": texts.title,
        "summary": texts.summary,
        "description": texts.description,
        "funding": texts.funding,
        "institution_id": host.pk,
        "country": host.country,
        "city": host.city,
        "starts": later(row.starts, years),
        "ends": later(row.ends, years),
        "deadline": deadline,
        "deadline_zone": zone.key,
        "is_demo": True,
    }


def _verify_hosts(hosts: list[Institution]) -> None:
    """Verify the hosts, because only verified ones may publish. The history names the import as the source, not a coordinator."""
    for host in {host.pk: host for host in hosts}.values():
        if host.state == InstitutionState.UNVERIFIED:
            Institution.objects.filter(pk=host.pk).update(state=InstitutionState.VERIFIED, state_since=timezone.now())
            record_transition(host, "verify", by=None, states=(host.state, InstitutionState.VERIFIED), note=NOTE)
            host.state = InstitutionState.VERIFIED


def _write_parts(rows: dict[str, ProgramRow], known: dict[str, Program]) -> set[str]:
    """Concepts, quotas and languages; returns the programmes for which something changed."""
    ids = dict(Concept.objects.values_list("slug", "pk"))
    slugs = {known[slug].pk: slug for slug in rows}
    links = {known[slug].pk: [ids[each] for each in row.texts.topics] for slug, row in rows.items()}
    changed = write_links(Program.concepts.through, "program", "concept", links)
    quotas = {(pk, country, *limits) for pk, slug in slugs.items() for country, limits in rows[slug].quotas.items()}
    changed |= _replace(CountryQuota, ("country", "reserved", "most"), slugs, quotas)
    languages = {(pk, code, level) for pk, slug in slugs.items() for code, level in rows[slug].languages.items()}
    changed |= _replace(RequiredLanguage, ("language", "level"), slugs, languages)
    return {slugs[pk] for pk in changed}


def _replace(model: Any, names: tuple[str, ...], owners: Collection[int], wanted: set[tuple[Any, ...]]) -> set[int]:
    """Replace the rows of these programmes by the wanted ones; returns the programmes that changed."""
    stored = set(model.objects.filter(program_id__in=list(owners)).values_list("program_id", *names))
    changed = {row[0] for row in stored ^ wanted}
    if changed:
        model.objects.filter(program_id__in=changed).delete()
        fresh = sorted((row for row in wanted if row[0] in changed), key=lambda row: row[:2])
        model.objects.bulk_create(
            [model(program_id=row[0], **dict(zip(names, row[1:], strict=True))) for row in fresh], batch_size=BATCH
        )
    return changed


def _write_forms(rows: dict[str, ProgramRow], known: dict[str, Program]) -> set[str]:
    """Questions and criteria; returns the programmes for which something changed. Nobody has answered or scored them yet."""
    texts = {known[slug].pk: row.texts for slug, row in rows.items()}
    slugs = {known[slug].pk: slug for slug in rows}
    return {slugs[pk] for pk in _replace_list(Question, texts, _questions) | _replace_list(Criterion, texts, _criteria)}


def _questions(texts: ProgramTexts) -> list[dict[str, Any]]:
    return [
        {
            "position": position,
            "kind": asked.kind,
            "label": asked.text,
            "required": asked.required,
            "choices": [{"id": str(place), **option} for place, option in enumerate(asked.options)],
        }
        for position, asked in enumerate(texts.questions)
    ]


def _criteria(texts: ProgramTexts) -> list[dict[str, Any]]:
    return [{"position": position, "label": scored.title, "weight": scored.weight} for position, scored in enumerate(texts.rubric)]


def _replace_list(
    model: Any, texts: dict[int, ProgramTexts], values_of: Callable[[ProgramTexts], list[dict[str, Any]]]
) -> set[int]:
    """Replace the ordered rows of these programmes where they differ from the wanted ones; returns the programmes that changed."""
    wanted = {pk: values_of(own) for pk, own in texts.items()}
    names = {name for values in wanted.values() for each in values for name in each}
    stored = defaultdict(list)
    for item in model.objects.filter(program_id__in=list(wanted)):
        stored[item.program_id].append({name: getattr(item, name) for name in names})
    changed = {pk for pk, values in wanted.items() if stored[pk] != values}
    if changed:
        model.objects.filter(program_id__in=changed).delete()
        fresh = [model(program_id=pk, **values) for pk in sorted(changed) for values in wanted[pk]]
        model.objects.bulk_create(fresh, batch_size=BATCH)
    return changed


def _note_publication(programs: list[Program]) -> None:
    """Set publication dates some weeks or months ago, with a history row."""
    now = timezone.now()
    kind = ContentType.objects.get_for_model(Program)
    history = []
    for program in programs:
        spread = zlib.crc32(program.slug.encode())
        recently = now - datetime.timedelta(days=14 + spread % 40, minutes=spread % 600)
        at = min(recently, program.deadline - datetime.timedelta(days=120, minutes=spread % 600)) if program.deadline else recently
        program.state = ProgramState.PUBLISHED
        program.was_published, program.published_at, program.state_since = True, at, at
        program.created_at = at - datetime.timedelta(days=6, minutes=spread % 900)
        history.append(
            History(
                content_type=kind,
                object_id=program.pk,
                transition="publish",
                before=ProgramState.DRAFT,
                after=ProgramState.PUBLISHED,
                note=NOTE,
                at=at,
            )
        )
    Program.objects.bulk_update(programs, ["state", "was_published", "published_at", "state_since", "created_at"], batch_size=BATCH)
    History.objects.bulk_create(history, batch_size=BATCH)
