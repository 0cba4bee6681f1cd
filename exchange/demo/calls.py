"""Demonstration programmes beyond those of the reference table: at real hosts, in every phase, marked as demonstration."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from random import Random

from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from exchange.core.countries import Country
from exchange.core.models import History
from exchange.core.spoken_languages import Level
from exchange.demo.bulk import insert, reserve_keys
from exchange.demo.forms import criteria_for, questions_for
from exchange.demo.occupations import OCCUPATIONS, Occupation
from exchange.demo.people import Employer, World
from exchange.demo.staff import Teams, staff_hosts
from exchange.demo.towns import COUNTRY_WEIGHTS, pick
from exchange.reference.places import zone_of
from exchange.reference.program_texts import MARKERS
from messaging.payloads import pack_payload
from programs.domain.programs import refresh_indexes
from programs.models import CountryQuota, Criterion, Program, Question, RequiredLanguage
from programs.states import Modality, ProgramKind, ProgramState

CHUNK = 100
DAY = datetime.timedelta(days=1)

TITLES: dict[str, tuple[str, str]] = {
    ProgramKind.EXCHANGE: ("Exchange of practitioners", "Обмен специалистами"),
    ProgramKind.MASTERCLASS: ("Masterclass", "Мастер-класс"),
    ProgramKind.RESIDENCY: ("Residency", "Резиденция"),
    ProgramKind.JOINT_RESEARCH: ("Joint research", "Совместное исследование"),
    ProgramKind.TRAINING: ("Training course", "Учебный курс"),
    ProgramKind.EXHIBITION_COURIER: ("Couriers for a travelling exhibition", "Сопровождающие передвижной выставки"),
    ProgramKind.ARCHIVE_EXCHANGE: ("Archive exchange", "Архивный обмен"),
}
SUMMARIES: dict[str, tuple[str, str]] = {
    ProgramKind.EXCHANGE: (
        "Participants join the daily work of the department and bring a case of their own. Each returns with a written procedure for the home institution.",
        "Участники включаются в ежедневную работу отдела и привозят собственный случай. Каждый возвращается с письменной методикой для своего учреждения.",
    ),
    ProgramKind.MASTERCLASS: (
        "A short practical course with senior masters: demonstrations in the morning, work at the bench in the afternoon.",
        "Короткий практический курс у опытных мастеров: утром показы, после обеда работа за столом.",
    ),
    ProgramKind.RESIDENCY: (
        "Residents work on one question of their own with access to the collection, the laboratory and the library.",
        "Резиденты работают над собственным вопросом; открыты фонды, лаборатория и библиотека.",
    ),
    ProgramKind.JOINT_RESEARCH: (
        "Teams compare materials and methods, share data under an agreed access policy and prepare a joint publication.",
        "Группы сопоставляют материалы и методы, обмениваются данными по согласованным правилам и готовят общую публикацию.",
    ),
    ProgramKind.TRAINING: (
        "Modules build from documentation to practice; every participant leaves with a plan reviewed by two colleagues.",
        "Модули ведут от документирования к практике; каждый участник уезжает с планом, который прочли двое коллег.",
    ),
    ProgramKind.EXHIBITION_COURIER: (
        "Couriers accompany objects between venues, supervise installation and write condition reports at every stop.",
        "Сопровождающие перевозят предметы между площадками, следят за монтажом и на каждой остановке составляют отчёты о сохранности.",
    ),
    ProgramKind.ARCHIVE_EXCHANGE: (
        "Archivists exchange descriptions and agreed sets of copies, and trace files that were divided between countries.",
        "Архивисты обмениваются описаниями и согласованными комплектами копий и разыскивают дела, разделённые между странами.",
    ),
}
FUNDING: tuple[dict[str, str], ...] = (
    {
        "en": "Travel, housing and daily allowance covered by the host",
        "ru": "Проезд, проживание и суточные оплачивает принимающая организация",
    },
    {
        "en": "Housing and daily allowance; travel paid by the sending institution",
        "ru": "Проживание и суточные; проезд оплачивает направляющая организация",
    },
    {"en": "Participation free; travel grants on request", "ru": "Участие бесплатное; помощь с проездом по запросу"},
    {"en": "Stipend, housing and airfare", "ru": "Стипендия, проживание и авиабилет"},
    {"en": "Materials and board included; travel self-funded", "ru": "Материалы и питание включены; проезд за свой счёт"},
)
LENGTHS: dict[str, tuple[int, int]] = {
    ProgramKind.EXCHANGE: (40, 110),
    ProgramKind.MASTERCLASS: (5, 14),
    ProgramKind.RESIDENCY: (40, 120),
    ProgramKind.JOINT_RESEARCH: (80, 250),
    ProgramKind.TRAINING: (8, 40),
    ProgramKind.EXHIBITION_COURIER: (14, 45),
    ProgramKind.ARCHIVE_EXCHANGE: (25, 100),
}
KIND_WEIGHTS = dict(zip(TITLES, (20, 20, 15, 10, 20, 7, 8), strict=True))
FOLLOWING: dict[str, tuple[str, ...]] = {
    "archival-science": (ProgramKind.ARCHIVE_EXCHANGE, ProgramKind.TRAINING, ProgramKind.EXCHANGE),
    "digitisation": (ProgramKind.ARCHIVE_EXCHANGE, ProgramKind.TRAINING, ProgramKind.JOINT_RESEARCH),
    "museum-courier": (ProgramKind.EXHIBITION_COURIER,),
    "traditional-crafts": (ProgramKind.MASTERCLASS, ProgramKind.RESIDENCY),
    "decorative-applied-arts": (ProgramKind.MASTERCLASS, ProgramKind.RESIDENCY),
}
"""Kinds of programme that suit an occupation, where not all do."""
NOT_FOR_ALL = (ProgramKind.EXHIBITION_COURIER, ProgramKind.ARCHIVE_EXCHANGE)
PHASES = {"open": 46, "closed": 12, "decided": 11, "running": 9, "completed": 14, "draft": 5, "cancelled": 3}


@dataclass(frozen=True)
class Calendar:
    """The dates of one programme: when it was written and published, closes, begins and ends."""

    created: datetime.datetime
    published: datetime.datetime
    deadline: datetime.datetime
    starts: datetime.date
    ends: datetime.date


HistoryStep = tuple[str, str, str, int | None, datetime.datetime, str]
"""Transition, before, after, actor, moment, note."""


@dataclass
class Call:
    """One programme as unsaved rows."""

    program: Program
    concepts: list[int]
    languages: list[RequiredLanguage]
    quotas: list[CountryQuota]
    history: list[HistoryStep]


def slug_prefix(seed: int, number: int) -> str:
    return f"demo-{seed}-{number}-"


def seed_programs(count: int, *, seed: int, world: World, advance: Callable[[int], None] = lambda done: None) -> list[int]:
    """Create the missing ones of the first `count` programmes of this seed; returns the keys of the new ones.

    Hosts without a team get one.
    """
    known = {
        int(slug.split("-")[2]) for slug in Program.objects.filter(slug__regex=rf"^demo-{seed}-\d+-").values_list("slug", flat=True)
    }
    missing = [number for number in range(1, count + 1) if number not in known]
    advance(count - len(missing))
    teams = staff_hosts({_host(world, _random(seed, number))[0].id for number in missing})
    made: list[int] = []
    for start in range(0, len(missing), CHUNK):
        numbers = missing[start : start + CHUNK]
        made += write_calls([make_call(number, seed=seed, world=world, teams=teams) for number in numbers])
        advance(len(numbers))
    return made


# ---- one programme --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """What is decided about a programme before its row is made."""

    slug: str
    host: Employer
    occupation: Occupation
    kind: str
    phase: str
    calendar: Calendar
    for_everybody: bool = False
    """Open to all other countries, without asking for years of practice and without quotas."""


def make_call(number: int, *, seed: int, world: World, teams: Teams) -> Call:
    """Programme `number` of a seed; does not depend on other rows."""
    random = _random(seed, number)
    host, occupation = _host(world, random)
    kind = _kind(occupation, random)
    phase = pick(PHASES, random)
    slug = f"{slug_prefix(seed, number)}{occupation.main}-{kind}"[:100].rstrip("-")
    calendar = _calendar(phase, kind, host, world, random)
    return build_call(Plan(slug, host, occupation, kind, phase, calendar), random, world, teams)


def build_call(plan: Plan, random: Random, world: World, teams: Teams) -> Call:
    """The rows of a planned programme; what the plan leaves open is drawn from `random`."""
    host, occupation, calendar = plan.host, plan.occupation, plan.calendar
    countries = [code for code in Country.values if code != host.country and (random.random() < 0.9 or plan.for_everybody)] or [
        "KZ" if host.country != "KZ" else "UZ"
    ]
    label = world.words.by_slug(occupation.main).label
    season = calendar.starts.year
    program = Program(
        slug=plan.slug,
        institution_id=host.id,
        kind=plan.kind,
        title={code: f"{title}: {label[code]}, {season}" for code, title in _titles(plan.kind).items() if code in label},
        summary={
            "en": f"{SUMMARIES[plan.kind][0]} {MARKERS['en']}",
            "ru": f"{SUMMARIES[plan.kind][1]} {MARKERS['ru']}",
        },
        funding=dict(random.choice(FUNDING)),
        country=host.country,
        city=host.city,
        modality=random.choices([Modality.ONSITE, Modality.HYBRID, Modality.ONLINE], [78, 15, 7])[0],
        starts=calendar.starts,
        ends=calendar.ends,
        deadline=calendar.deadline,
        deadline_zone=zone_of(host.country, host.city).key,
        seats=8 if plan.for_everybody else random.choice([2, 3, 4, 5, 6, 8, 8, 10, 12, 15, 20]),
        eligible_countries=countries,
        minimum_experience=0 if plan.for_everybody else random.choice([0, 0, 0, 2, 3, 5]),
        state=ProgramState.PUBLISHED if plan.phase == "open" else ProgramState(plan.phase),
        was_published=plan.phase != "draft",
        published_at=None if plan.phase == "draft" else calendar.published,
        created_at=calendar.created,
        is_demo=True,
    )
    history = _history(plan.phase, calendar, teams.decider(host.id), world, random)
    program.state_since = history[-1][4]
    return Call(
        program=program,
        concepts=_concepts(occupation, world, random),
        languages=_languages(host.country, random),
        quotas=[] if plan.for_everybody else _quotas(program.seats, countries, random),
        history=history,
    )


@cache
def _titles(kind: str) -> dict[str, str]:
    """The beginning of a title in English and Russian as written above, in other languages the name of the kind where it is translated."""
    words: dict[str, str] = pack_payload({"kind": ProgramKind(kind).label})["kind"]
    own = {code: word for code, word in words.items() if word != words["en"]}
    return own | dict(zip(("en", "ru"), TITLES[kind], strict=True))


def _random(seed: int, number: int) -> Random:
    return Random(f"{seed}:program:{number}")


def _host(world: World, random: Random) -> tuple[Employer, Occupation]:
    """A host and an occupation that its fields cover."""
    while True:
        country = pick(COUNTRY_WEIGHTS, random)
        host = random.choice(world.employers[country])
        fitting = [
            occupation
            for occupation in OCCUPATIONS
            if occupation.countries.get(country, 1)
            and host.kind in occupation.employers
            and host.fields & world.field_ids(occupation)
        ]
        if fitting:
            return host, random.choice(fitting)


def _kind(occupation: Occupation, random: Random) -> str:
    suited = FOLLOWING.get(occupation.main)
    weights = {kind: weight for kind, weight in KIND_WEIGHTS.items() if (kind in suited if suited else kind not in NOT_FOR_ALL)}
    return pick(weights, random)


def _calendar(phase: str, kind: str, host: Employer, world: World, random: Random) -> Calendar:
    """Dates that fit the phase: completed steps are in the past, the others in the future."""
    today = world.today
    length = random.randint(*LENGTHS[kind])
    preparation = random.randint(30, 110)  # between deadline and start
    if phase in {"open", "draft", "cancelled"}:
        closes = today + random.randint(4, 150) * DAY
        starts = closes + preparation * DAY
    elif phase == "closed":
        closes = today - random.randint(1, 25) * DAY
        starts = closes + (preparation + 30) * DAY
    elif phase == "decided":
        closes = today - random.randint(35, 70) * DAY
        starts = today + random.randint(6, 80) * DAY
    elif phase == "running":
        starts = today - random.randint(1, max(1, length - 2)) * DAY
        closes = starts - (preparation + 30) * DAY
    else:
        starts = today - (length + random.randint(3, 300)) * DAY
        closes = starts - (preparation + 30) * DAY
    zone = zone_of(host.country, host.city)
    deadline = datetime.datetime(closes.year, closes.month, closes.day, 17, tzinfo=zone)
    noon = datetime.timedelta(hours=random.randint(-4, 5), minutes=random.randrange(60))
    published = min(deadline - random.randint(45, 120) * DAY, world.now - random.randint(6, 50) * DAY) + noon
    return Calendar(published - random.randint(2, 20) * DAY, published, deadline, starts, starts + (length - 1) * DAY)


def _history(phase: str, calendar: Calendar, by: int | None, world: World, random: Random) -> list[HistoryStep]:
    """The history of a programme in this phase, as transitions."""
    s = ProgramState
    opens = datetime.datetime.combine(calendar.starts, datetime.time(6), tzinfo=datetime.UTC)
    over = datetime.datetime.combine(calendar.ends + DAY, datetime.time(6), tzinfo=datetime.UTC)
    closed = calendar.deadline + datetime.timedelta(minutes=3)
    concluded = min(calendar.deadline + random.randint(14, 28) * DAY, opens - 2 * DAY, world.now - DAY)
    rows: list[HistoryStep] = [
        ("create", "", s.DRAFT, by, calendar.created, ""),
        ("publish", s.DRAFT, s.PUBLISHED, by, calendar.published, ""),
        ("close", s.PUBLISHED, s.CLOSED, None, closed, ""),
        ("conclude", s.CLOSED, s.DECIDED, by, concluded, ""),
        ("start", s.DECIDED, s.RUNNING, None, opens, ""),
        ("complete", s.RUNNING, s.COMPLETED, None, over, ""),
    ]
    if phase == "cancelled":
        called_off = calendar.published + (world.now - calendar.published) * random.uniform(0.4, 0.95)
        note = "Laboratory repairs take longer than planned. / Ремонт лаборатории затягивается."
        return [*rows[:2], ("cancel", s.PUBLISHED, s.CANCELLED, by, called_off, note)]
    steps = {"draft": 1, "open": 2, "closed": 3, "decided": 4, "running": 5, "completed": 6}
    return rows[: steps[phase]]


def _concepts(occupation: Occupation, world: World, random: Random) -> list[int]:
    """The occupation, a second field, techniques and materials."""
    technique, material, thing = random.choice(occupation.competences)
    slugs = [occupation.main, random.choice(occupation.fields), *(slug for slug in (technique, material, thing) if slug)]
    return list(dict.fromkeys(world.words.by_slug(slug).id for slug in slugs))


def _languages(country: str, random: Random) -> list[RequiredLanguage]:
    if country == "US":
        return [RequiredLanguage(language="en", level=random.choice([Level.A2, Level.B1, Level.B1, Level.B2, Level.B2, Level.C1]))]
    rows = [RequiredLanguage(language="ru", level=random.choice([Level.A2, Level.B1, Level.B1, Level.B2]))]
    if random.random() < 0.35:
        rows.append(RequiredLanguage(language="en", level=random.choice([Level.A2, Level.B1])))
    return rows


def _quotas(seats: int, countries: list[str], random: Random) -> list[CountryQuota]:
    """None, one or two places for a neighbour, or a share for every country."""
    style = random.random()
    if style < 0.4 or seats < 2:
        return []
    if style < 0.75 or seats < len(countries):
        chosen = random.sample(countries, k=min(len(countries), random.choice([1, 2]), seats // 2) or 1)
        places = max(1, min(3, seats // 4))
        return [CountryQuota(country=code, reserved=places, most=places) for code in sorted(chosen)]
    share = seats // len(countries)
    most = share if share * len(countries) == seats else None
    return [CountryQuota(country=code, reserved=share, most=most) for code in sorted(countries)]


# ---- writing --------------------------------------------------------------------------------------------------------


@transaction.atomic
def write_calls(calls: list[Call]) -> list[int]:
    """Insert these programmes with all their rows; returns their keys."""
    keys = reserve_keys(Program, len(calls))
    kind = ContentType.objects.get_for_model(Program)
    history = []
    for call, key in zip(calls, keys, strict=True):
        call.program.pk = key
        for language in call.languages:
            language.program_id = key
        for quota in call.quotas:
            quota.program_id = key
        history += [
            History(
                content_type=kind, object_id=key, transition=transition, before=before, after=after, actor_id=by, at=at, note=note
            )
            for transition, before, after, by, at, note in call.history
        ]
    insert(Program, [call.program for call in calls])
    through = Program.concepts.through
    insert(through, [through(program_id=call.program.pk, concept_id=concept) for call in calls for concept in call.concepts])
    insert(RequiredLanguage, [row for call in calls for row in call.languages])
    insert(CountryQuota, [row for call in calls for row in call.quotas])
    insert(Question, [row for call in calls for row in questions_for(call.program)])
    insert(Criterion, [row for call in calls for row in criteria_for(call.program)])
    insert(History, history)
    refresh_indexes(keys)
    return keys
