"""`python -m matching rank`: how well the experts of one file fit the programmes of another. No database and no settings are needed.

The run file has a line for every pair with a score above zero: programme, expert, score (0 to 1000), and the codes of the requirements that are not met, separated
by tabs. The lines of the explanations are JSON objects with the parts, whose points add up to the score. The same files and day give the same bytes.
"""

import argparse
import contextlib
import os
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TextIO

from matching.scoring.files import FileError, read_people, read_programs
from matching.scoring.ranked_files import Ranking
from matching.scoring.shipped import shipped_model


def main(arguments: list[str] | None = None) -> int:
    """Returns 0, or 2 after a message on standard error when a file or an argument cannot be used."""
    parser = argparse.ArgumentParser(
        prog="python -m matching", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    rank = parser.add_subparsers(dest="command", required=True).add_parser("rank", help="rank experts for programmes")
    rank.add_argument("--experts", type=Path, required=True, help="JSON objects of experts, one a line")
    rank.add_argument("--programs", type=Path, required=True, help="JSON objects of programmes, one a line")
    rank.add_argument("--out", type=Path, required=True, help="where to write the scores, tab-separated")
    rank.add_argument("--explain", type=Path, help="where to write the parts of each score, one JSON object a line")
    rank.add_argument(
        "--today",
        type=_day,
        default=datetime.now(tz=UTC).date(),
        metavar="YYYY-MM-DD",
        help="the day to compute for; today by default",
    )
    chosen = parser.parse_args(arguments)
    try:
        _rank(chosen)
    except FileError as error:
        print(error, file=sys.stderr)  # noqa: T201 -- a command speaks to its user
        return 2
    return 0


def _rank(chosen: argparse.Namespace) -> None:
    people, programs = read_people(chosen.experts), read_programs(chosen.programs)
    ranking = Ranking(shipped_model(), people, programs, chosen.today)
    for name in ranking.without_concepts:
        print(f"{chosen.programs}: {name} names no concept of the vocabulary, so nobody is ranked for it", file=sys.stderr)  # noqa: T201
    with contextlib.ExitStack() as files:
        out = files.enter_context(_written(chosen.out))
        explained = files.enter_context(_written(chosen.explain)) if chosen.explain else None
        for pair in ranking.pairs(explain=explained is not None):
            out.write(pair.line())
            if explained is not None:
                explained.write(pair.explanation())


@contextlib.contextmanager
def _written(path: Path) -> Iterator[TextIO]:
    """A file that is complete or unchanged."""
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            yield file
        os.replace(part, path)  # noqa: PTH105 -- one call, on every system
    except OSError as error:
        raise FileError(f"{path}: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no date like 2027-03-31") from error


if __name__ == "__main__":
    sys.exit(main())
