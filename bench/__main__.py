"""`python -m bench [names]`: run the benches and print their tables; exits 1 when a demand is missed."""

import argparse
import importlib
import sys

BENCHES = ("submit", "page", "lists", "message_latency", "weight", "start")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *BENCHES], help="which; all when none is named")
    chosen = parser.parse_args().names or BENCHES
    missed = []
    for name in chosen:
        print(f"\n== {name}", flush=True)
        if not importlib.import_module(f"bench.{name}").run():
            missed.append(name)
    if missed:
        sys.exit(f"missed: {', '.join(missed)}")


if __name__ == "__main__":
    main()
