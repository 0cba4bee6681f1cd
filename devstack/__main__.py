"""`python -m devstack demo | servers | run -- COMMAND | pg PROGRAM ARGUMENTS | elasticsearch [-- COMMAND]`."""

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import nullcontext

from rich.console import Console

from devstack.demo import run_demo, run_servers
from devstack.elasticsearch import run_elasticsearch, run_with_elasticsearch
from devstack.postgres import program
from devstack.processes import StackError
from devstack.servers import EmbeddedServers
from exchange import addresses
from exchange.environment import EnvironmentValueError


def main() -> int:
    """Run the command; the exit code is 1 when the stack cannot start."""
    parser = argparse.ArgumentParser(prog="python -m devstack", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("demo", help="the whole platform, with demo data, until Ctrl-C")
    commands.add_parser("servers", help="PostgreSQL and Valkey alone, until Ctrl-C")
    run = commands.add_parser("run", help="one command, with the servers running for as long as it takes")
    run.add_argument("argv", nargs=argparse.REMAINDER, metavar="COMMAND")
    client = commands.add_parser(
        "pg", help="a program of the bundled PostgreSQL (psql, pg_dump, pg_restore) for the embedded database"
    )
    client.add_argument("argv", nargs=argparse.REMAINDER, metavar="PROGRAM")
    elastic = commands.add_parser(
        "elasticsearch", help="an Elasticsearch, until Ctrl-C; or beside one command, for as long as it takes"
    )
    elastic.add_argument("argv", nargs=argparse.REMAINDER, metavar="COMMAND")
    arguments = parser.parse_args()
    # Output to a pipe has no width: wide enough for the table of logins.
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
    try:
        if arguments.command == "demo":
            run_demo(console)
        elif arguments.command == "servers":
            run_servers(console)
        else:
            argv = arguments.argv[1:] if arguments.argv[:1] == ["--"] else arguments.argv
            if arguments.command == "elasticsearch":
                if argv:
                    return run_with_elasticsearch(console, argv)
                run_elasticsearch(console)
                return 0
            if not argv:
                parser.error("which command?")
            return run_with_servers(argv) if arguments.command == "run" else run_client(*argv)
    except (StackError, EnvironmentValueError) as error:
        console.print("[red]✗[/] ", end="")
        console.print(str(error), soft_wrap=True, markup=False)
        return 1
    return 0


def run_with_servers(argv: list[str], environment: Mapping[str, str] | None = None) -> int:
    """Run a command with the servers of this data folder; servers of a running stack are used."""
    running = EmbeddedServers(addresses.data_dir()) if addresses.missing_servers() else nullcontext()
    with running:
        return subprocess.run(argv, env={**os.environ, **(environment or {})}, check=False).returncode


def run_client(name: str, *arguments: str) -> int:
    """Run a client program of the bundled PostgreSQL with the embedded database as its default."""
    if not addresses.is_embedded_database():
        raise StackError("DATABASE_URL names another server; use the programs of its own version.")
    embedded = {
        "PGHOST": str(addresses.postgres_socket_dir()),
        "PGUSER": addresses.DATABASE_USER,
        "PGDATABASE": addresses.DATABASE_NAME,
    }
    return run_with_servers([str(program(name)), *arguments], embedded)


if __name__ == "__main__":
    sys.exit(main())
