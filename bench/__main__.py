"""`python -m bench [names]`: run the benchmarks and print their tables; exits with 1 when a target is missed."""

import argparse
import importlib
import subprocess
import sys

BENCHES = (
    "submit",
    "pages",
    "lists",
    "message_latency",
    "weight",
    "start",
    "imports",
    "names",
    "found",
    "subjects",
    "words",
    "freshness",
    "search",
    "matching",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *BENCHES], help="which; all when none is named")
    known, further = parser.parse_known_args()
    chosen = known.names or BENCHES
    if further and len(chosen) != 1:
        parser.error(f"{' '.join(further)}: options belong to one bench")
    if len(chosen) == 1:
        print(f"\n== {chosen[0]}", flush=True)
        run = importlib.import_module(f"bench.{chosen[0]}").run
        sys.exit(0 if (run(further) if further else run()) else 1)
    # Each has a stack of its own and settings that name it: a process of its own as well.
    missed = [name for name in chosen if subprocess.run([sys.executable, "-m", "bench", name], check=False).returncode]
    if missed:
        sys.exit(f"missed: {', '.join(missed)}")


if __name__ == "__main__":
    main()
