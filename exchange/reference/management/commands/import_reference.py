"""`manage.py import_reference`: vocabulary, institutions and, with `--demo`, the demonstration programmes."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from exchange.reference.importing import DATA, import_reference
from exchange.reference.tables import TableError


class Command(BaseCommand):
    help = (
        "Import the reference tables. Everything is checked first; if anything is wrong, all of it is said and nothing is written."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--data", type=Path, default=DATA, metavar="DIR", help="the folder of the tables; those missing there are passed over"
        )
        parser.add_argument("--demo", action="store_true", help="also the invented programmes (never on a public site)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_reference(options["data"], demo=options["demo"])
        except TableError as error:
            for problem in error.problems:
                self.stderr.write(str(problem))
            raise CommandError(f"{len(error.problems)} mistakes; nothing was imported.") from None
        if options["verbosity"] == 0:
            return
        if not report.wrote:
            self.stdout.write("Everything is as the tables say; nothing was changed.")
            return
        for name, outcome in (
            ("concepts", report.concepts),
            ("institutions", report.institutions),
            ("programmes", report.programs),
        ):
            if outcome.total:
                self.stdout.write(f"{name}: {outcome}")
