"""Programmes made for the demonstration logins, so that each of their roles has something to do, something done and something late."""

import datetime
from dataclasses import dataclass, field
from random import Random

from exchange.demo.calls import DAY, Calendar, Plan, build_call, write_calls
from exchange.demo.occupations import OCCUPATIONS
from exchange.demo.people import World, load_world
from exchange.demo.staff import staff_hosts
from exchange.demo.users import DUSHANBE, WINTERTHUR
from exchange.reference.places import zone_of
from institutions.models import Institution
from programs.models import Program
from programs.states import ProgramKind

DRAFT, STAYED, LATE = "draft", "accepted", "late"
"""What a login has done here: begun to write; been on the stay; accepted an offer that both countries have left undecided for too long."""
UNDECIDED = "undecided"
"""The outcomes of a programme that begins although its host has not decided on everybody."""


@dataclass(frozen=True)
class LoginProgram:
    """A programme with its dates in days from today, and what the logins have done there."""

    slug: str
    host: str
    occupation: str
    kind: str
    phase: str
    closes: int
    starts: int
    length: int
    stories: dict[str, str] = field(default_factory=dict)
    outcomes: str = ""
    """Another table of outcomes than that of the phase."""


PROGRAMS: tuple[LoginProgram, ...] = (
    LoginProgram(
        *("demo-own-winterthur-done", WINTERTHUR, "textile-conservation", ProgramKind.EXCHANGE, "completed", -420, -330, 60),
        stories=dict.fromkeys(("expert.uz", "expert.kz", "expert.tj", "expert.tm"), STAYED),
    ),
    LoginProgram(
        *("demo-own-dushanbe-done", DUSHANBE, "wall-painting-conservation", ProgramKind.EXCHANGE, "completed", -300, -200, 45),
        stories=dict.fromkeys(("expert.kg", "expert.us"), STAYED),
    ),
    LoginProgram(
        *("demo-own-winterthur-late", WINTERTHUR, "paper-conservation", ProgramKind.TRAINING, "closed", -40, -1, 20),
        outcomes=UNDECIDED,
    ),
    LoginProgram(
        *("demo-own-dushanbe-late", DUSHANBE, "ceramics-conservation", ProgramKind.TRAINING, "closed", -40, -1, 20),
        outcomes=UNDECIDED,
    ),
    LoginProgram(
        *("demo-own-astana-late", "kz-national-museum", "textile-conservation", ProgramKind.RESIDENCY, "decided", -50, 45, 40),
        stories=dict.fromkeys(("expert.uz", "expert.kg", "expert.tj", "expert.tm", "expert.us"), LATE),
    ),
    LoginProgram(
        *(
            "demo-own-bishkek-late",
            "kg-national-historical-museum",
            "felt-conservation",
            ProgramKind.EXCHANGE,
            "decided",
            -50,
            50,
            30,
        ),
        stories={"expert.kz": LATE},
    ),
    LoginProgram(
        *("demo-own-almaty-closing", "kz-central-state-museum", "textile-conservation", ProgramKind.MASTERCLASS, "open", 5, 60, 8),
        stories=dict.fromkeys(("expert.uz", "expert.kg", "expert.tj", "expert.tm", "expert.us"), DRAFT),
    ),
    LoginProgram(
        *(
            "demo-own-bukhara-closing",
            "uz-bukhara-museum-reserve",
            "textile-conservation",
            ProgramKind.MASTERCLASS,
            "open",
            6,
            65,
            8,
        ),
        stories={"expert.kz": DRAFT},
    ),
)


def add_login_programs() -> int:
    """Create the missing ones of these programmes; returns how many. Their applications come with those of all programmes."""
    known = set(Program.objects.filter(slug__in=[own.slug for own in PROGRAMS]).values_list("slug", flat=True))
    missing = [own for own in PROGRAMS if own.slug not in known]
    if not missing:
        return 0
    world = load_world()
    keys = dict(Institution.objects.filter(slug__in={own.host for own in missing}).values_list("slug", "pk"))
    teams = staff_hosts(set(keys.values()))
    hosts = {employer.id: employer for employers in world.employers.values() for employer in employers}
    by_name = {occupation.main: occupation for occupation in OCCUPATIONS}
    calls = []
    for own in missing:
        host = hosts[keys[own.host]]
        calendar = _calendar(own, zone_of(host.country, host.city), world)
        plan = Plan(own.slug, host, by_name[own.occupation], own.kind, own.phase, calendar, for_everybody=True)
        calls.append(build_call(plan, Random(own.slug), world, teams))
    return len(write_calls(calls))


def _calendar(own: LoginProgram, zone: datetime.tzinfo, world: World) -> Calendar:
    closes, starts = world.today + own.closes * DAY, world.today + own.starts * DAY
    deadline = datetime.datetime(closes.year, closes.month, closes.day, 17, tzinfo=zone)
    published = min(deadline, world.now) - 50 * DAY
    return Calendar(published - 9 * DAY, published, deadline, starts, starts + (own.length - 1) * DAY)
