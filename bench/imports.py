"""`manage.py import_experts`: 20,000 people from a table in under two minutes, the first time and every other."""

import csv
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import rig

ROWS = 20_000
MAX_SECONDS = 120.0
COLUMNS = [
    *("external_id", "name", "name_lang", "name_ru", "name_en"),
    *("country", "city", "fields", "competences", "languages", "headline", "email"),
]


def run() -> bool:
    with rig.stack() as folder:
        rig.manage("import_reference", "--verbosity", "0")
        full, other, bare = folder / "full.csv", folder / "other.csv", folder / "bare.csv"
        write_table(full, town="Bukhara")
        write_table(other, town="Khiva")
        write_table(bare, columns=3)
        tried = [
            ("every column, all new", timed(full, folder)),
            ("the same file again", timed(full, folder)),
            ("every row changed", timed(other, folder)),
            ("every row changed, dry run", timed(full, folder, "--dry-run")),
            ("three columns, all new", timed(bare, folder, "--source", "bare")),
            ("every row wrong", timed(broken(folder), folder, wrong=True)),
        ]
    table = Table(title=f"import_experts, {ROWS:,} rows, process start included")
    for title in ("table", "seconds", "of them own CPU", "rows a second", f"demand: under {MAX_SECONDS:.0f} s"):
        table.add_column(title, justify="left" if title == "table" else "right")
    for title, (seconds, own) in tried:
        table.add_row(title, f"{seconds:.1f}", f"{own:.1f}", f"{ROWS / seconds:,.0f}", "met" if seconds < MAX_SECONDS else "MISSED")
    Console(width=110).print(table)
    return all(seconds < MAX_SECONDS for _title, (seconds, _own) in tried)


def write_table(path: Path, *, columns: int = len(COLUMNS), town: str = "") -> None:
    """Invented people; the same ones every time, whatever else the table says."""
    from exchange.demo.names import name_person
    from exchange.demo.towns import COUNTRY_WEIGHTS, pick
    from profiles.domain.vocabulary import vocabulary

    dice = random.Random(4)
    by_scheme: dict[str, list[str]] = {}
    for term in vocabulary():
        by_scheme.setdefault(term.scheme, []).append(term.slug)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS[:columns])
        for number in range(ROWS):
            country = pick(COUNTRY_WEIGHTS, dice)
            _woman, spellings = name_person(country, dice)
            names = [" ".join(filter(None, [each.family, each.given, each.patronymic])) for each in spellings]
            russian = next((name for name, each in zip(names, spellings, strict=True) if each.language == "ru"), "")
            latin = next((name for name, each in zip(names, spellings, strict=True) if each.language == "en"), "")
            row = [f"p{number}", names[0], spellings[0].language, russian, latin, country, town]
            row.append("; ".join(dice.sample(by_scheme["specialism"], 2)))
            competences = [
                f"{dice.choice(by_scheme['material'])} + {dice.choice(by_scheme['technique'])}: leads: 2025" for _ in range(2)
            ]
            row += ["; ".join(competences), "ru:C1 en:B2", f"Conservator {number}", f"p{number}@museum.example"]
            writer.writerow(row[:columns])


def broken(folder: Path) -> Path:
    path = folder / "broken.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["external_id", "name", "fields"])
        writer.writerows([number, "Абай", f"texstile-conservation-{number}"] for number in range(ROWS))
    return path


def timed(table: Path, folder: Path, *options: str, wrong: bool = False) -> tuple[float, float]:
    """Seconds by the clock, and those that the command itself, PostgreSQL aside, has worked."""
    command = [sys.executable, "manage.py", "import_experts", str(table), "--map", str(folder / "map.csv"), *options]
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=rig.ROOT, capture_output=True, text=True, check=False)
    seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    own = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if bool(done.returncode) is not wrong:
        raise RuntimeError(done.stderr)
    print(done.stdout.strip() or done.stderr.strip().splitlines()[-1], f"({seconds:.1f} s, {own:.1f} s own)", flush=True)
    return seconds, own
