"""Elasticsearch for development and tests: one process, on 127.0.0.1 only, without passwords.

It is the server without its modules (no `GET /`, stemmers, n-gram tokenizers, reindex): Miras computes all keys itself and needs none
of them. A production site uses a server of its own.
"""

import http.client
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from devstack import identity as identities
from devstack.elastic_program import VERSION, fetch, home_dir, java_home
from devstack.processes import Running, Service, StackError, kill_group, launch
from devstack.servers import SERVERS, DataFolder
from devstack.supervisor import StopRequested, Supervisor, ignore_signals, stop_on_signals
from exchange import addresses
from exchange.addresses import make_private
from exchange.environment import env_int, env_str

HOST = "127.0.0.1"
READY_SECONDS = 120.0
SETTINGS = "DJANGO_SETTINGS_MODULE"

JAVA_OPTIONS = """\
-Xms{heap}
-Xmx{heap}
-XX:+UseSerialGC
-XX:TieredStopAtLevel={tier}
-XX:+ExitOnOutOfMemoryError
-Djava.io.tmpdir=${{ES_TMPDIR}}
-Dorg.apache.lucene.store.MMapDirectory.sharedArenaMaxPermits=1
"""
LOGGING = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%-25c{1.}] [%node_name]%marker %m%consoleException%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
"""


@dataclass
class Elasticsearch:
    """One node in one data folder. Port 0 takes a free one, which is known after `wait_ready` and reused for later starts.

    `seeds` are the transport addresses of nodes to join; without any the node forms a new cluster, which others may join when `joinable`.
    `fast_start` starts faster and runs slower: for tests and other short runs.
    """

    data: Path
    name: str = "elasticsearch"
    port: int = 0
    transport_port: int = 0
    heap: str = "512m"
    cluster: str = "miras"
    seeds: Sequence[str] = ()
    joinable: bool = False
    fast_start: bool = False
    who: identities.Identity | None = None
    java: Path = field(default_factory=java_home)
    home: Path = field(default_factory=home_dir)

    @property
    def folder(self) -> Path:
        """The folder of this node: settings, data, ports."""
        return self.data / self.name

    @property
    def identity(self) -> identities.Identity:
        if self.who is None:
            try:
                self.who = identities.choose(self.data, self.java / "bin" / "java")
            except StackError:
                raise StackError("Elasticsearch refuses to run as root, and no other user id can be used here.") from None
        return self.who

    @property
    def url(self) -> str:
        """Its HTTP URL; valid after `wait_ready`."""
        return f"http://{HOST}:{self.port}"

    @property
    def transport_address(self) -> str:
        """Its transport address for other nodes."""
        return f"{HOST}:{self.transport_port}"

    def prepare(self) -> None:
        """Write its settings; its folders are given to the user it runs as."""
        make_private(self.data)
        for part in ("config/jvm.options.d", "data", "logs", "tmp"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        for ports in ("http.ports", "transport.ports"):
            (self.folder / "logs" / ports).unlink(missing_ok=True)
        config = self.folder / "config"
        # YAML is a superset of JSON.
        (config / "elasticsearch.yml").write_text(json.dumps(self.settings(), indent=1), encoding="utf-8")
        (config / "jvm.options").write_text(JAVA_OPTIONS.format(heap=self.heap, tier=1 if self.fast_start else 4), encoding="utf-8")
        (config / "log4j2.properties").write_text(LOGGING, encoding="utf-8")
        identities.give(self.folder, self.identity.owner)

    def settings(self) -> dict[str, object]:
        """The settings in elasticsearch.yml."""
        alone = not (self.joinable or self.seeds)
        return {
            "cluster.name": self.cluster,
            "node.name": self.name,
            "path.data": str(self.folder / "data"),
            "path.logs": str(self.folder / "logs"),
            "network.host": HOST,
            "http.port": self.port,
            "transport.port": self.transport_port,
            "node.portsfile": True,
            "xpack.security.enabled": False,
            # Disk thresholds are off, because a developer's disk is often nearly full.
            "cluster.routing.allocation.disk.threshold_enabled": False,
            **({"discovery.type": "single-node"} if alone else {"discovery.seed_hosts": list(self.seeds)}),
            **({"cluster.initial_master_nodes": [self.name]} if self.joinable and not self.seeds else {}),
        }

    def service(self) -> Service:
        """The command that runs it."""
        return Service(
            name=self.name,
            command=[str(self.home / "bin" / "elasticsearch")],
            stop_seconds=20,
            environment={
                "ES_PATH_CONF": str(self.folder / "config"),
                "ES_TMPDIR": str(self.folder / "tmp"),
                "LIBFFI_TMPDIR": str(self.folder / "tmp"),
                "ES_JAVA_HOME": str(self.java),
                "ES_JAVA_OPTS": "",
                "HOME": str(self.folder),
            },
            enter=self.identity.enter,
        )

    def wait_ready(self, running: Running, *, nodes: int = 1, seconds: float = READY_SECONDS) -> None:
        """Wait until `nodes` nodes hold all shards of all indexes; raises StackError with the end of the log after `seconds`."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and running.alive:
            self.port = self.port or self._written_port("http")
            self.transport_port = self.transport_port or self._written_port("transport")
            if self.port and self.transport_port and _is_healthy(self.port, nodes):
                return
            time.sleep(0.1)
        raise StackError(f"Elasticsearch did not start. The end of {running.log_file}:\n{running.log_tail()}")

    def _written_port(self, kind: str) -> int:
        """Its actual port, from the file it writes when it listens."""
        try:
            first = (self.folder / "logs" / f"{kind}.ports").read_text(encoding="ascii").split()[0]
        except (OSError, IndexError):
            return 0
        return int(first.rpartition(":")[2])


def _is_healthy(port: int, nodes: int) -> bool:
    # A single node cannot allocate replica shards, so that an index with replicas is yellow; an empty node is green.
    status = "green" if nodes > 1 else "yellow"
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", f"/_cluster/health?wait_for_status={status}&wait_for_nodes=%3E%3D{nodes}&timeout=2s")
        answer = connection.getresponse()
        return answer.status == http.HTTPStatus.OK and not json.loads(answer.read())["timed_out"]
    except (OSError, ValueError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def running_node(node: Elasticsearch) -> Iterator[Running]:
    """A running node for the block."""
    node.prepare()
    running = launch(node.service(), data=node.data)
    try:
        node.wait_ready(running)
        yield running
    finally:
        running.stop()
        kill_group(running.popen.pid)


# ---- commands ------------------------------------------------------------------------------------------------------


def run_elasticsearch(console: Console) -> None:
    """One server, supervised until Ctrl-C; its data is kept in `elasticsearch/` of the data folder: `make elasticsearch`."""
    fetch(lambda line: console.print(line, soft_wrap=True, markup=False))
    folder = DataFolder(addresses.data_dir() / "elasticsearch")
    supervisor = Supervisor(folder.path, lambda line: console.print(f"[yellow]![/] {line}", soft_wrap=True))
    node = Elasticsearch(folder.path, name="node", port=env_int("ELASTICSEARCH_PORT", 0), heap=env_str("ES_HEAP", "512m"))
    try:
        stop_on_signals()
        folder.take()
        console.print(f"Starting Elasticsearch {VERSION} with the Java of {node.java} ...", soft_wrap=True)
        node.wait_ready(supervisor.start(node.service(), stage=SERVERS, before=node.prepare))
        console.print(f"ELASTICSEARCH_URL={node.url}", soft_wrap=True, markup=False)
        console.print("[dim]export it for `make demo`, manage.py or `make test` in another terminal; Ctrl-C stops the server[/]")
        supervisor.watch()
    except StopRequested:
        console.print("\nStopping ...")
    finally:
        ignore_signals()
        folder.stopping()
        supervisor.stop()
        folder.release()
    console.print("Stopped; the index is kept.")


def run_with_elasticsearch(console: Console, argv: Sequence[str]) -> int:
    """Run a command with a temporary server in ELASTICSEARCH_URL; the server is stopped when the command ends."""
    fetch(lambda line: console.print(line, soft_wrap=True, markup=False))
    stop_on_signals()
    try:
        with tempfile.TemporaryDirectory(prefix="miras-elasticsearch-", ignore_cleanup_errors=True) as folder:
            node = Elasticsearch(Path(folder), heap=env_str("ES_HEAP", "512m"), fast_start=True)
            with running_node(node):
                return _wait_for(argv, {"ELASTICSEARCH_URL": node.url})
    except StopRequested:
        return 130


def _wait_for(argv: Sequence[str], environment: Mapping[str, str]) -> int:
    inherited = dict(os.environ)
    if inherited.get(SETTINGS) == "exchange.settings":
        # Set by `devstack.__main__`; tests need their own default.
        del inherited[SETTINGS]
    with subprocess.Popen(argv, env={**inherited, **environment}) as command:
        try:
            return command.wait()
        except StopRequested:
            command.terminate()
            raise
