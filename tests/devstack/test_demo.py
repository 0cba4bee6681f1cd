"""`make demo` from outside: it comes up, survives kills, keeps what was committed, lets a second copy live beside it."""

import json
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from devstack import identity
from devstack.processes import start_time
from devstack.servers import EmbeddedServers
from exchange import addresses
from exchange.addresses import PROJECT_DIR
from tests.devstack.stacks import Stack, free_port

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """A data folder after its first start, stopped: the tests that need one take a copy, loading the data once is enough."""
    stack = Stack(tmp_path_factory.mktemp("loaded") / "data").start()
    try:
        stack.wait_ready()
        assert stack.stop() == 0
        yield stack.data
    finally:
        stack.destroy()


@pytest.fixture(scope="module")
def stack(loaded, tmp_path_factory):
    stack = Stack(copied(loaded, tmp_path_factory.mktemp("stack"))).start()
    try:
        yield stack.wait_ready()
    finally:
        stack.destroy()


def copied(data, folder):
    shutil.copytree(data, folder / "data", symlinks=True)
    return folder / "data"


@pytest.fixture
def running(stack):
    """The shared stack, started again when a test before left it stopped."""
    if stack.popen.poll() is not None:
        stack.start()
    return stack.wait_ready()


def test_demo_answers_and_shows_its_address(running):
    assert running.get("/healthz") == (200, "ok\n")
    assert running.get("/")[0] == 200
    assert set(running.parts().values()) == {"ok"}
    assert f"http://127.0.0.1:{running.port}/" in running.said()


def test_demo_writes_logins_that_only_the_owner_reads(running):
    path = running.data / "demo-logins.json"
    logins = json.loads(path.read_text())

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {login["role"] for login in logins} == {"expert", "host", "coordinator", "secretariat", "admin"}
    assert all(login.keys() == {"email", "password", "role", "country", "name"} for login in logins)
    assert logins[0]["password"] in running.said()


def test_manage_py_with_the_same_folder_speaks_to_the_same_servers(running):
    result = subprocess.run(
        [
            sys.executable,
            "manage.py",
            "shell",
            "-c",
            "from django.contrib.auth import get_user_model as m; print('people', m().objects.count())",
        ],
        cwd=PROJECT_DIR,
        env=running.environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stderr
    with psycopg.connect(**running.database()) as connection:
        count = connection.execute("SELECT count(*) FROM accounts_user").fetchone()[0]
    assert f"people {count}" in result.stdout
    assert count > 0


@pytest.mark.parametrize("name", ["web-1", "worker", "valkey", "postgres"])
def test_a_killed_process_comes_back_and_nothing_committed_is_lost(running, name):
    with psycopg.connect(**running.database()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (name text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [name])

    running.kill(name)
    running.wait_ready()

    with psycopg.connect(**running.database()) as connection:
        assert connection.execute("SELECT count(*) FROM kept WHERE name = %s", [name]).fetchone()[0] == 1
    assert f"{name} ended (killed by SIGKILL)" in running.said()


def test_pages_answer_while_valkey_is_down(running):
    os.kill(running.processes()["valkey"], signal.SIGSTOP)
    try:
        began = time.monotonic()
        assert running.get("/healthz")[0] == 200
        assert running.parts() == {"database": "ok", "migrations": "ok", "redis": "failing", "worker": "failing"}
        assert time.monotonic() - began < 5
    finally:
        os.kill(running.processes()["valkey"], signal.SIGCONT)


def test_a_second_copy_by_an_ordinary_user_lives_beside_the_first(running, loaded, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    data = copied(loaded, home)
    second, starting, user = Stack(data, HOME=str(home)), {}, os.geteuid()
    if user == 0:
        nobody = pwd.getpwnam("nobody")
        user = nobody.pw_uid
        for path in (home, data, *data.rglob("*")):
            os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
        # The capability stands for a checkout that the user may read, wherever the one under test lies.
        starting = {"preexec_fn": identity.becomes(nobody.pw_uid)}
    try:
        second.start(**starting).wait_ready()

        assert {Path(f"/proc/{pid}").stat().st_uid for pid in second.processes().values()} == {user}
        assert second.get("/healthz")[0] == running.get("/healthz")[0] == 200
        assert second.stop() == 0
        assert running.get("/readyz")[0] == 200
    finally:
        second.destroy()


def test_a_taken_port_is_refused_before_anything_starts(running, tmp_path):
    second = Stack(tmp_path / "second", port=running.port).start()

    assert second.popen.wait(timeout=60) == 1
    assert f"Port {running.port} of 127.0.0.1 cannot be used" in second.said()
    assert not (second.data / "postgres").exists()


def test_a_folder_in_use_is_refused(running):
    second = Stack(running.data, port=free_port())
    second.output = running.data.parent / "second.out"
    second.start()

    assert second.popen.wait(timeout=60) == 1
    assert f"in use by a running stack (process {running.popen.pid})" in second.said()
    assert running.get("/readyz")[0] == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything_and_the_next_start_is_quick(running, number):
    processes = running.processes()

    assert running.stop(number) == 0

    assert running.alive() == {}
    assert {"postgres", "valkey", "web-1", "worker"} <= set(processes)
    assert running.get("/healthz")[0] == 0
    assert "Stopped; the data is kept" in running.said()


def test_a_killed_supervisor_is_recovered_from(running):
    with psycopg.connect(**running.database()) as connection:
        connection.execute("CREATE TABLE supervisor_kept AS SELECT 42 AS n")
    before = running.processes()
    running.popen.kill()
    running.popen.wait()

    running.start()
    running.wait_ready()

    assert not set(before.values()) & set(running.alive().values())
    with psycopg.connect(**running.database()) as connection:
        assert connection.execute("SELECT n FROM supervisor_kept").fetchone() == (42,)


def test_everything_killed_at_once_is_recovered_from(running):
    with psycopg.connect(**running.database()) as connection:
        connection.execute("CREATE TABLE all_kept AS SELECT 42 AS n")
    running.popen.kill()
    for pid in running.processes().values():
        os.kill(pid, signal.SIGKILL)
    running.popen.wait()

    running.start()
    running.wait_ready()

    with psycopg.connect(**running.database()) as connection:
        assert connection.execute("SELECT n FROM all_kept").fetchone() == (42,)


def test_a_stack_ends_with_the_make_that_started_it(running):
    running.stop()
    running.start(through_a_parent=True)
    running.wait_ready()
    supervisor = int((running.data / "stack.lock").read_text())

    running.popen.kill()
    running.popen.wait()

    deadline = time.monotonic() + 30
    while start_time(supervisor) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not start_time(supervisor)
    assert running.alive() == {}


def test_named_servers_are_used_and_none_is_started(loaded, tmp_path, tmp_path_factory, monkeypatch):
    with EmbeddedServers(copied(loaded, tmp_path_factory.mktemp("named"))) as named:
        monkeypatch.setenv("DATA_DIR", str(named.folder.path))
        named_ones = {"DATABASE_URL": addresses.database_url(), "REDIS_URL": addresses.redis_url()}
        stack = Stack(tmp_path / "data", **named_ones, MIRAS_DEMO="0", WEB_PROCESSES="2")
        try:
            stack.start().wait_ready()

            assert set(stack.alive()) == {"web-1", "web-2", "worker"}
            assert not (stack.data / "postgres").exists()
            assert not (stack.data / "valkey").exists()
            assert stack.stop() == 0
        finally:
            stack.destroy()
