"""The Elasticsearch beside the platform: found, refused, started, stopped."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from devstack import elastic_program, elasticsearch
from devstack.processes import StackError
from exchange.addresses import PROJECT_DIR
from tests.devstack.stacks import NOT_INHERITED


def write_program(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def only_programs_of(tmp_path, monkeypatch):
    """A path with nothing but what the test put into it."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}")
    monkeypatch.setenv("ES_CACHE", str(tmp_path / "cache"))
    return folder


def test_without_maven_the_start_says_what_to_install(only_programs_of):
    with pytest.raises(StackError, match="there is no `mvn` here"):
        elastic_program.fetch()


def test_a_file_with_another_hash_is_refused_and_removed(only_programs_of, tmp_path):
    write_program(only_programs_of / "mvn", f"echo other > {tmp_path}/cache/elasticsearch-{elastic_program.VERSION}.zip")

    with pytest.raises(StackError, match="SHA-512 differs"):
        elastic_program.fetch()

    assert sorted(path.name for path in (tmp_path / "cache").iterdir()) == ["fetch.lock"]


def test_what_maven_says_is_passed_on(only_programs_of):
    write_program(only_programs_of / "mvn", "echo no route to host; exit 1")

    with pytest.raises(StackError, match="no route to host"):
        elastic_program.fetch()


def test_an_old_java_is_named_and_a_newer_one_taken(tmp_path, monkeypatch):
    for name, version in (("old", "1.8.0_392"), ("new", "21.0.2")):
        write_program(tmp_path / name / "bin" / "java", f"echo 'openjdk version \"{version}\"' >&2")
    monkeypatch.setattr(elastic_program, "_java_homes", lambda: [tmp_path / "none", tmp_path / "old"])
    with pytest.raises(StackError, match=f"too old: Java 8 in {tmp_path}/old"):
        elastic_program.java_home()
    monkeypatch.setattr(elastic_program, "_java_homes", lambda: [tmp_path / "old", tmp_path / "new"])

    assert elastic_program.java_home() == tmp_path / "new"


def test_a_node_alone_joins_nobody_and_a_joining_one_knows_whom(tmp_path):
    common = {"data": tmp_path, "java": tmp_path, "home": tmp_path}

    alone = elasticsearch.Elasticsearch(**common).settings()
    first = elasticsearch.Elasticsearch(**common, name="one", joinable=True).settings()
    second = elasticsearch.Elasticsearch(**common, name="two", seeds=["127.0.0.1:9301"]).settings()

    assert (alone["discovery.type"], "discovery.seed_hosts" in alone) == ("single-node", False)
    assert (first["cluster.initial_master_nodes"], "discovery.type" in first) == (["one"], False)
    assert (second["discovery.seed_hosts"], "cluster.initial_master_nodes" in second) == (["127.0.0.1:9301"], False)


@pytest.mark.slow
@pytest.mark.elasticsearch
def test_the_server_lives_as_long_as_the_command_beside_it(tmp_path):
    script = "import os, time; assert 'DJANGO_SETTINGS_MODULE' not in os.environ; print(os.environ['ELASTICSEARCH_URL'], flush=True); time.sleep(60)"
    inherited = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    command = [sys.executable, "-m", "devstack", "elasticsearch", "--", sys.executable, "-c", script]
    with subprocess.Popen(
        command, cwd=PROJECT_DIR, env={**inherited, "TMPDIR": str(tmp_path), "ES_HEAP": "256m"}, stdout=subprocess.PIPE, text=True
    ) as popen:
        port = int(popen.stdout.readline().rpartition(":")[2])
        assert ask(port, "GET", "/_cluster/health")["status"] == "green"

        popen.send_signal(signal.SIGTERM)

        assert popen.wait(timeout=30) == 130
    assert gone(port)
    assert not list(tmp_path.glob("miras-elasticsearch-*"))


def ask(port, method, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, body and json.dumps(body), {"Content-Type": "application/json"})
    return json.loads(connection.getresponse().read())


def gone(port):
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            ask(port, "GET", "/_cluster/health")
        except OSError:
            return True
        time.sleep(0.1)
    return False
