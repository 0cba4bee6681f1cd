"""`manage.py search_rebuild`: rebuild the whole index beside the active one; run it again to continue after an interruption."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from exchange.core.errors import DomainError
from search.domain.rebuilding import GRACE, Advance, reason_to_rebuild, rebuild_index


class Command(BaseCommand):
    help = "Rebuild the search index beside the active one and swap them. An interrupted rebuild continues where it stopped; searches are not interrupted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-needed", action="store_true", help="only when there is none, or one of another version")
        parser.add_argument("--check", action="store_true", help="only say whether it is needed; exit 1 when it is")
        parser.add_argument("--fresh", action="store_true", help="do not go on with an interrupted rebuild")
        parser.add_argument("--grace", type=float, default=GRACE, help=f"seconds before the old index is removed ({GRACE:g})")

    def handle(self, *args: Any, **options: Any) -> None:
        reason = reason_to_rebuild()
        if options["check"]:
            if reason:
                raise CommandError(f"A rebuild is needed: {reason}.")
            self.stdout.write("The index is up to date.")
            return
        if options["if_needed"] and not reason:
            return
        columns = (
            TextColumn("{task.description:>14}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, disable=options["verbosity"] == 0) as bar:

            def step(name: str, total: int) -> Advance:
                task = bar.add_task(name, total=total)
                return lambda done: bar.advance(task, done)

            try:
                done = rebuild_index(step=step, grace=options["grace"], fresh=options["fresh"])
            except DomainError as error:
                raise CommandError(str(error)) from error
        if options["verbosity"]:
            how = "gone on with and finished" if done.resumed else "built"
            self.stdout.write(f"Generation {done.generation} {how}: {done.documents} documents.")
