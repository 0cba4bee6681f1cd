"""The embedded servers themselves: what was committed is there after any of them was killed."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import kombu
import psycopg
import pytest
import redis

from devstack import identity
from devstack.postgres import Postgres, program
from devstack.processes import StackError, launch
from devstack.servers import DataFolder, EmbeddedServers
from exchange import addresses
from exchange.addresses import PROJECT_DIR

EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist", "citext", "fuzzystrmatch")


@pytest.fixture(autouse=True)
def own_folder(monkeypatch, tmp_path):
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))


@contextmanager
def database(data):
    with psycopg.connect(
        host=str(addresses.postgres_socket_dir(data)), user="miras", dbname="miras", autocommit=True
    ) as connection:
        yield connection


def process(servers, name):
    return next(one.running.popen for one in servers.supervisor.watched if one.service.name == name)


def test_servers_know_the_letters_of_the_region_and_the_platforms_extensions(tmp_path):
    data = tmp_path / "data"
    with EmbeddedServers(data), database(data) as connection:
        for name in EXTENSIONS:
            connection.execute(f"CREATE EXTENSION {name}")
        lower, lexemes, trigrams = connection.execute(
            "SELECT lower('ҒҚҢӘӨӮҲІ'), to_tsvector('simple', 'Шоқан Уәлиханов'), cardinality(show_trgm('Шоқан'))"
        ).fetchone()
        is_superuser = connection.execute("SELECT usesuper FROM pg_user WHERE usename = current_user").fetchone()[0]

    assert lower == "ғқңәөӯҳі"
    assert lexemes == "'уәлиханов':2 'шоқан':1"
    assert trigrams == 6
    assert not is_superuser


def test_servers_open_no_tcp_port_and_close_their_folder_to_others(tmp_path):
    data = tmp_path / "data"
    with EmbeddedServers(data), database(data) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone()[0] == ""
        assert redis.Redis.from_url(addresses.redis_url()).config_get("port")["port"] == "0"
        assert data.stat().st_mode & 0o077 == 0
        assert addresses.valkey_socket(data).stat().st_mode & 0o077 == 0


def test_commits_survive_a_killed_postgres(tmp_path):
    data = tmp_path / "data"
    acknowledged = 0
    with EmbeddedServers(data) as servers:
        with database(data) as connection:
            connection.execute("CREATE TABLE kept (n int)")
            for acknowledged in range(1, 200):
                connection.execute("INSERT INTO kept VALUES (%s)", [acknowledged])
            os.kill(process(servers, "postgres").pid, signal.SIGKILL)
            process(servers, "postgres").wait()
        until_back(servers, data)
        with database(data) as connection:
            assert connection.execute("SELECT count(*), max(n) FROM kept").fetchone() == (acknowledged, acknowledged)


def until_back(servers, data):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        servers.supervisor.look()
        try:
            with database(data):
                return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise AssertionError("PostgreSQL did not come back")


def test_writes_survive_a_killed_valkey(tmp_path):
    data = tmp_path / "data"
    with EmbeddedServers(data) as servers:
        client = redis.Redis.from_url(addresses.redis_url())
        for number in range(200):
            client.rpush("kept", number)
        os.kill(process(servers, "valkey").pid, signal.SIGKILL)
        process(servers, "valkey").wait()

        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and addresses.missing_servers():
            servers.supervisor.look()
            time.sleep(0.05)

        assert redis.Redis.from_url(addresses.redis_url()).llen("kept") == 200


def test_a_second_start_finds_the_data_of_the_first(tmp_path):
    data = tmp_path / "data"
    with EmbeddedServers(data), database(data) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS n")
        redis.Redis.from_url(addresses.redis_url()).set("kept", "42")

    with EmbeddedServers(data), database(data) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (42,)
        assert redis.Redis.from_url(addresses.redis_url()).get("kept") == b"42"


def test_a_lock_whose_process_id_was_given_to_another_program_does_not_stop_the_start(tmp_path):
    data = tmp_path / "data"
    with EmbeddedServers(data, durable=False):
        pass
    (data / "postgres" / "postmaster.pid").write_text(f"{os.getppid()}\n{data / 'postgres'}\n1\n5432\n\n")

    with EmbeddedServers(data, durable=False), database(data) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_lock_of_a_killed_server_that_nobody_reaped_does_not_stop_the_start(tmp_path):
    data = tmp_path / "data"
    with EmbeddedServers(data, durable=False):
        pass
    zombie = subprocess.Popen(["true"])
    os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
    (data / "postgres" / "postmaster.pid").write_text(f"{zombie.pid}\n{data / 'postgres'}\n1\n5432\n\n")

    with EmbeddedServers(data, durable=False), database(data) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    zombie.wait()


def test_an_interrupted_first_start_leaves_no_half_database(tmp_path):
    data = tmp_path / "data"
    (data / "postgres.new" / "base").mkdir(parents=True)
    (data / "postgres.new" / "PG_VERSION").write_text("18\n")

    with EmbeddedServers(data, durable=False), database(data) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_cluster_of_another_version_is_refused_with_instructions(tmp_path):
    data = tmp_path / "data"
    with EmbeddedServers(data, durable=False):
        pass
    (data / "postgres" / "PG_VERSION").write_text("17\n")

    with pytest.raises(StackError, match=r"made by PostgreSQL 17.*\n.*operations\.md"):
        EmbeddedServers(data).start()


def test_a_dump_made_with_the_bundled_programs_is_restored_into_a_new_folder(tmp_path):
    def stack(data, *arguments):
        environment = {**os.environ, "DATA_DIR": str(data)}
        subprocess.run([sys.executable, "-m", "devstack", *arguments], cwd=PROJECT_DIR, env=environment, check=True)

    with EmbeddedServers(tmp_path / "old"), database(tmp_path / "old") as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        connection.execute("CREATE TABLE kept AS SELECT 42 AS n")
        stack(tmp_path / "old", "pg", "pg_dump", "--format=custom", f"--file={tmp_path / 'miras.dump'}")

    stack(tmp_path / "new", "pg", "pg_restore", "--no-owner", "--exit-on-error", "--dbname=miras", str(tmp_path / "miras.dump"))

    with EmbeddedServers(tmp_path / "new"), database(tmp_path / "new") as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (42,)


def test_a_folder_in_use_is_refused_and_free_again_afterwards(tmp_path):
    data = tmp_path / "data"
    first, second = DataFolder(data), DataFolder(data)
    first.take()

    with pytest.raises(StackError, match=f"in use by a running stack \\(process {os.getpid()}\\)"):
        second.take()

    first.release()
    second.take()
    second.release()


@pytest.mark.parametrize("name", ["with space, comma", "мұра", "a%20b", "deep " * 20])
def test_oddly_named_and_deep_folders_work_for_every_client(tmp_path, monkeypatch, name):
    data = tmp_path / name.strip()
    monkeypatch.setenv("DATA_DIR", str(data))
    with EmbeddedServers(data, durable=False), database(data) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert psycopg.connect(addresses.database_url()).execute("SELECT 1").fetchone() == (1,)
        assert redis.Redis.from_url(addresses.redis_url()).ping()
        with kombu.Connection(addresses.celery_broker_url()) as broker:
            assert broker.ensure_connection(max_retries=1).connected
    assert addresses.socket_dir(data).is_relative_to(data) or not addresses.socket_dir(data).exists()


def test_every_identity_that_works_here_runs_a_cluster_in_a_closed_folder(tmp_path):
    data = addresses.make_private(tmp_path / "data")
    tried = []
    for who in identity.candidates():
        if not identity.works(who, data, program("postgres")):
            continue
        # One folder for all of them in turn: a cluster made by one is taken over by the next.
        server = Postgres(data, durable=False, who=who)
        server.prepare()
        running = launch(server.service(), data=data)
        try:
            server.wait_ready(running)
            with database(data) as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)
            assert server.cluster.stat().st_uid == who.owner
        finally:
            running.stop()
        tried.append(who.name)

    assert tried, "nobody can run PostgreSQL here"
