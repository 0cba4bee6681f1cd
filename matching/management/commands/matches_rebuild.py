"""`manage.py matches_rebuild`: compute all matches again beside the stored ones; run it again to continue after an interruption."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from exchange.core.errors import DomainError
from matching.domain.rebuilding import Advance, rebuild_matches


class Command(BaseCommand):
    help = "Compute all matches again and write those that differ. An interrupted rebuild continues where it stopped; pages stay as they are meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
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
                done = rebuild_matches(step=step)
            except DomainError as error:
                raise CommandError(str(error)) from error
        if options["verbosity"]:
            how = "Continued and finished" if done.resumed else "Finished"
            self.stdout.write(f"{how}: {done.stored} matches stored, {done.drift} of them differed without a reason.")
