"""`python -m exchange.stack demo | servers | run -- COMMAND`."""

import argparse
import subprocess
import sys

from rich.console import Console

from exchange.stack import addresses
from exchange.stack.demo import Demo, run_servers
from exchange.stack.environment import EnvironmentValueError
from exchange.stack.processes import StackError
from exchange.stack.servers import EmbeddedServers


def main() -> int:
    """Do what the command line says; the exit code is 1 when the stack cannot start."""
    parser = argparse.ArgumentParser(prog="python -m exchange.stack", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("demo", help="the whole platform, with demo data, until Ctrl-C")
    commands.add_parser("servers", help="PostgreSQL and Valkey alone, until Ctrl-C")
    run = commands.add_parser("run", help="one command, with the servers running for as long as it takes")
    run.add_argument("argv", nargs=argparse.REMAINDER, metavar="COMMAND")
    arguments = parser.parse_args()
    # A pipe has no width: wide enough there for the table of logins.
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
    try:
        if arguments.command == "demo":
            Demo(console).run()
        elif arguments.command == "servers":
            run_servers(console)
        else:
            return run_with_servers([part for part in arguments.argv if part != "--"])
    except (StackError, EnvironmentValueError) as error:
        console.print("[red]✗[/] ", end="")
        console.print(str(error), soft_wrap=True, markup=False)
        return 1
    return 0


def run_with_servers(argv: list[str]) -> int:
    """Run a command beside the servers of this data folder; those of a running stack are used as they are."""
    if not addresses.missing_servers():
        return subprocess.run(argv, check=False).returncode
    with EmbeddedServers(addresses.data_dir()):
        return subprocess.run(argv, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
