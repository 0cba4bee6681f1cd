"""`manage.py seed_demo --experts N --programs N --seed S`: plausible people and programmes, marked as demonstration."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from exchange.demo.seeding import seed_demo
from institutions.models import Institution


class Command(BaseCommand):
    help = "Add demonstration experts and programmes with applications, placements and conversations; the same seed adds nothing twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--experts", type=int, default=200, help="how many experts of this seed there shall be (200)")
        parser.add_argument("--programs", type=int, default=40, help="how many programmes of this seed there shall be (40)")
        parser.add_argument("--seed", type=int, default=1, help="another seed makes other people (1)")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Demonstration data has no place on a public site.")
        if options["experts"] < 0 or options["programs"] < 0 or options["seed"] < 0:
            raise CommandError("--experts, --programs and --seed must not be negative.")
        if not Institution.objects.exists():
            raise CommandError("There are no institutions yet: run `manage.py import_reference` first.")
        columns = (TextColumn("{task.description:>14}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, disable=options["verbosity"] == 0) as bar:

            def begin(name: str, total: int) -> Any:
                task = bar.add_task(name, total=total)
                return lambda done: bar.advance(task, done)

            seeded = seed_demo(experts=options["experts"], programs=options["programs"], seed=options["seed"], progress=begin)
        if not seeded.anything:
            self.stdout.write("Everything of this seed is there already; nothing was added.")
        elif options["verbosity"]:
            words = f"{seeded.experts} experts, {seeded.programs} programmes, {seeded.applications} applications"
            self.stdout.write(f"Added: {words}.")
