"""`manage.py load_demo`: the demonstration that `make demo` shows."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from exchange.demo.loading import STEPS, load_demo


class Command(BaseCommand):
    help = "Load reference tables, demonstration people and logins; what is there already stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Demonstration data has no place on a public site.")
        if options["verbosity"] == 0 or not sys.stdout.isatty():
            added = load_demo()
            if added and options["verbosity"]:
                self.stdout.write("  demo data: loaded")
            return
        columns = (TextColumn("  demo data:"), BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        with Progress(*columns, console=Console(highlight=False), transient=True) as bar:
            task = bar.add_task("", total=STEPS)

            def say(step: str) -> None:
                bar.update(task, advance=1, description=step)

            load_demo(say)
