"""`manage.py import_experts FILE.csv [--map OUT.csv]`: import experts of an institution or a country, one row per person."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as ProgressBar

from exchange.core.countries import Country
from exchange.core.table_files import TableFileError, open_table
from importing.domain.headings import COLUMNS, heading_key, is_column
from importing.domain.layouts import Layout, plan_layout
from importing.domain.people import Source
from importing.domain.runs import Progress, Report, TableError, import_people, write_map
from importing.domain.tables import Problems, note_unreadable
from institutions.models import Institution
from profiles.models.imported import source_key

MAX_PRINTED = 100


class Command(BaseCommand):
    help = (
        "Import experts from a table (XLSX or CSV) with headings in any language of the site, or these: external_id, name, name_lang, any name_<language>, country, city, fields, competences, "
        "languages, headline, email, biography, biography_lang, experience_years, availability, lead_days, longest_stay_days, "
        "affiliation, positions; only external_id and name are needed. Everything is checked first; if anything is wrong, "
        "it is said with row and column and nothing is written. A second run of the same file changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="XLSX, or text with cells between commas, semicolons or tabs")
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="HEADING=NAME",
            help="what a heading means, for example “Кто=name”; nothing after = leaves the column out; may be repeated",
        )
        parser.add_argument("--ids-from-names", action="store_true", help="no column has an id: know people by their names")
        parser.add_argument(
            "--encoding", default="", help="of a text, where it is unsure: windows-1251, windows-1254, windows-1252"
        )
        parser.add_argument("--sheet", default="", help="of a workbook; the first one with rows otherwise")
        parser.add_argument("--map", type=Path, metavar="OUT.csv", help="write external_id,id of every row to this file")
        parser.add_argument("--dry-run", action="store_true", help="check and count, write nothing")
        parser.add_argument("--skip-bad-rows", action="store_true", help="import the rows without mistakes, leave out the others")
        parser.add_argument(
            "--source", default="", metavar="NAME", help="the name space of the ids, when tables of several sources are imported"
        )
        parser.add_argument("--institution", metavar="SLUG", help="where everybody in the table works")
        parser.add_argument(
            "--country", choices=Country.values, default="", help="for rows that name none; without it they stay without one"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror or error}") from error
        source = self._source(options)
        with translation.override("en"), self._bar(quiet=options["verbosity"] == 0) as bar:
            task = bar.add_task("checking" if options["dry_run"] else "importing", total=None)
            try:
                report = import_people(
                    content,
                    source,
                    layout=self._layout(content, options),
                    dry=options["dry_run"],
                    skip_bad_rows=options["skip_bad_rows"],
                    progress=Progress(
                        start=lambda total: bar.update(task, total=total), advance=lambda done: bar.update(task, advance=done)
                    ),
                )
            except TableError as error:
                bar.stop()
                self._say_problems(path.name, error.problems)
                raise CommandError(f"{path.name}: {error.problems.count} mistakes; nothing was imported.") from None
        self._finish(path, report, options)

    def _layout(self, content: bytes, options: dict[str, Any]) -> Layout:
        try:
            layout = plan_layout(open_table(content, encoding=options["encoding"], sheet=options["sheet"]), self._columns(options))
        except TableFileError as error:
            problems = Problems()
            note_unreadable(error, problems)
            raise TableError(problems) from error
        layout.ids_from_names, layout.encoding_chosen = options["ids_from_names"], bool(options["encoding"])
        return layout

    def _columns(self, options: dict[str, Any]) -> dict[str, str]:
        """The fields of headings that the options name."""
        found = {}
        for option in options["column"]:
            heading, sign, field = option.rpartition("=")
            if not sign or (field and not is_column(field)):
                raise CommandError(f"--column {option}: write HEADING=NAME with one of {', '.join(COLUMNS)}, name_<language>")
            found[heading_key(heading)] = field
        return found

    def _source(self, options: dict[str, Any]) -> Source:
        institution = None
        if options["institution"]:
            institution = Institution.objects.filter(slug=options["institution"]).first()
            if institution is None:
                raise CommandError(f"no institution is called {options['institution']}")
        uploads = source_key(institution.pk) if institution else "command"  # the name space that its uploads have too
        key = f"command:{options['source']}" if options["source"] else uploads
        if len(key) > 80:
            raise CommandError("the name of the source has more than 70 characters")
        return Source(key, institution=institution, country=options["country"])

    def _bar(self, *, quiet: bool) -> ProgressBar:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        return ProgressBar(*columns, console=Console(stderr=True), transient=True, disable=quiet)

    def _say_problems(self, name: str, problems: Problems) -> None:
        for problem in problems.listed[:MAX_PRINTED]:
            self.stderr.write(f"{name}, {problem}")
        if problems.count > MAX_PRINTED:
            self.stderr.write(f"... and {problems.count - MAX_PRINTED} more mistakes")

    def _finish(self, path: Path, report: Report, options: dict[str, Any]) -> None:
        outcome, problems = report.outcome, report.problems
        if problems:
            self._say_problems(path.name, problems)
        if options["map"] and not options["dry_run"]:
            with options["map"].open("w", encoding="utf-8", newline="") as out:
                write_map(outcome.ids, out)
        if options["dry_run"] and problems:
            raise CommandError(f"{path.name}: {problems.count} mistakes in {len(problems.rows)} rows; nothing was written.")
        if options["verbosity"] == 0:
            return
        words = f"{outcome.new} new, {outcome.changed} changed, {outcome.same} as they were"
        if outcome.claimed:
            words += f", {outcome.claimed} left to their owners"
        if problems:
            words += f", {len(problems.rows)} rows left out"
        if options["dry_run"]:
            self.stdout.write(f"Nothing was written. It would be: {words}.")
        elif outcome.wrote:
            self.stdout.write(f"{words}.")
        else:
            self.stdout.write(f"Everything is as the table says; nothing was changed ({words}).")
