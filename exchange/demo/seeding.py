"""`seed_demo`: create a given number of demonstration experts and programmes, with applications and placements.

All data is generated from the seed: an interrupted run is continued by the next one, a complete one adds nothing.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from exchange.demo.agreements import cover_placements, seed_agreements
from exchange.demo.calls import seed_programs
from exchange.demo.context import load_context
from exchange.demo.matches import ask_for_matches
from exchange.demo.people import load_world, seed_experts
from exchange.demo.programs import add_applications, programs_without_applications
from exchange.demo.staff import staff_countries, staff_hosts
from institutions.models import Institution
from programs.models import Program

Advance = Callable[[int], None]
Progress = Callable[[str, int], Advance]
"""Called with a name and a total when a part begins; returns the function that reports progress."""


@dataclass(frozen=True)
class Seeded:
    """What was added."""

    experts: int = 0
    programs: int = 0
    applications: int = 0
    agreements: int = 0

    @property
    def anything(self) -> bool:
        return bool(self.experts or self.programs or self.applications or self.agreements)


def no_progress(name: str, total: int) -> Advance:
    """Reports no progress."""
    return lambda done: None


def seed_demo(*, experts: int, programs: int, seed: int, progress: Progress = no_progress, quiet: Collection[str] = ()) -> Seeded:
    """Create missing rows up to this size. Needs the vocabulary and the institutions.

    Demonstration programmes without applications, including those of the reference tables, get some too; hosts in `quiet` make no
    decisions.
    """
    world = load_world()
    made = seed_experts(experts, seed=seed, world=world, advance=progress("experts", experts))
    agreements = seed_agreements(min(60, 8 + programs // 5), seed=seed, world=world)
    calls = seed_programs(programs, seed=seed, world=world, advance=progress("programmes", programs))
    silent = programs_without_applications()
    told = 0
    if silent:
        hosts = Institution.objects.filter(pk__in=Program.objects.filter(pk__in=silent).values("institution"))
        teams = staff_hosts(set(hosts.values_list("pk", flat=True)))
        context = load_context(world, teams, staff_countries(), quiet)
        told = add_applications(silent, context, progress("applications", len(silent)))
        agreements += cover_placements(seed)
    seeded = Seeded(made, len(calls), told, agreements)
    if made or calls:
        ask_for_matches()
    return seeded
