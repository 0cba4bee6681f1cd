"""A process that ends is restarted; one that must stop is stopped, with all its children."""

import signal
import subprocess
import sys
import time

import pytest

from devstack import processes
from devstack.processes import Service, StackError, kill_orphans, launch, start_time
from devstack.supervisor import MAX_PAUSE, Supervisor

SLEEP = ("sleep", "600")


def until(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def said():
    return []


@pytest.fixture
def supervisor(tmp_path, said):
    supervisor = Supervisor(tmp_path, said.append)
    yield supervisor
    supervisor.stop()


def test_a_killed_service_is_started_again_and_reported(supervisor, said):
    first = supervisor.start(Service("sleeper", SLEEP), stage=0)
    first.popen.kill()
    first.popen.wait()

    until(lambda: supervisor.look() or (supervisor.watched[0].running and supervisor.watched[0].running.alive))

    assert supervisor.watched[0].running.popen.pid != first.popen.pid
    assert "sleeper ended (killed by SIGKILL)" in said[0]


def test_what_its_death_left_is_cleared_before_the_next_start(supervisor, tmp_path):
    cleared = []
    first = supervisor.start(Service("sleeper", SLEEP), stage=0, before=lambda: cleared.append(1))
    first.popen.kill()
    first.popen.wait()

    until(lambda: supervisor.look() or len(cleared) == 2)


def test_pauses_grow_while_a_service_keeps_failing(supervisor, said):
    supervisor.start(Service("failing", ("false",)), stage=0)

    until(lambda: supervisor.look() or len(said) >= 3)

    assert supervisor.watched[0].pause > 1
    supervisor.watched[0].pause = MAX_PAUSE
    until(lambda: supervisor.look() or len(said) >= 4)
    assert supervisor.watched[0].pause == MAX_PAUSE


def test_a_service_that_ends_while_everything_starts_is_an_error_with_the_tail_of_its_log(supervisor):
    running = supervisor.start(Service("failing", ("sh", "-c", "echo no such table; exit 3")), stage=0)
    running.popen.wait()

    with pytest.raises(StackError, match=r"(?s)failing did not start.*no such table"):
        supervisor.raise_if_any_ended()


def test_a_service_that_cannot_be_started_does_not_end_the_others(supervisor, said, tmp_path):
    def full_disk():
        if said:
            raise OSError("no space left")

    other = supervisor.start(Service("other", SLEEP), stage=0)
    first = supervisor.start(Service("sleeper", SLEEP), stage=0, before=full_disk)
    first.popen.kill()
    first.popen.wait()

    until(lambda: supervisor.look() or len(said) >= 3)

    assert "sleeper cannot be started: no space left" in said[1]
    assert other.alive


def test_later_stages_stop_first_and_stubborn_ones_are_killed(supervisor, tmp_path):
    note = tmp_path / "order"
    for name, stage in (("ground", 0), ("top", 1)):
        script = f"trap 'echo {name} >> {note}; exit 0' TERM; touch {tmp_path / name}; while :; do sleep 0.05; done"
        supervisor.start(Service(name, ("sh", "-c", script)), stage=stage)
    script = f"trap '' TERM; touch {tmp_path / 'stubborn'}; while :; do sleep 0.05; done"
    stubborn = supervisor.start(Service("stubborn", ("sh", "-c", script), stop_seconds=0.3), stage=1)
    until(lambda: all((tmp_path / name).exists() for name in ("ground", "top", "stubborn")))

    supervisor.stop()

    assert note.read_text().split() == ["top", "ground"]
    assert stubborn.popen.returncode == -signal.SIGKILL
    assert list((tmp_path / "pids").iterdir()) == []


def test_what_a_killed_service_had_forked_does_not_go_on_beside_its_successor(supervisor, tmp_path):
    child = tmp_path / "child"
    first = supervisor.start(Service("parent", ("sh", "-c", f"sleep 600 & echo $! > {child}; wait")), stage=0)
    until(lambda: child.exists() and child.read_text().strip())
    forked = int(child.read_text())
    first.popen.kill()
    first.popen.wait()

    supervisor.look()

    until(lambda: not start_time(forked))


def test_a_child_dies_with_its_parent(tmp_path):
    if not processes.LINUX:
        return
    script = (
        "import sys, time; from pathlib import Path; from devstack.processes import Service, launch\n"
        f"print(launch(Service('sleeper', {SLEEP!r}), data=Path(sys.argv[1])).popen.pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE)
    child = int(parent.stdout.readline())
    parent.kill()
    parent.communicate()

    until(lambda: not start_time(child))


def test_leftovers_are_killed_and_other_processes_with_a_recycled_id_are_left_alone(tmp_path):
    leftover = launch(Service("leftover", SLEEP), data=tmp_path)
    other = launch(Service("other", SLEEP), data=tmp_path)
    other.pid_file.write_text(f"{other.popen.pid} another-start\n")
    (tmp_path / "pids" / "broken.pid").write_text("")

    try:
        found = kill_orphans(tmp_path)

        assert found == ["leftover"]
        assert leftover.popen.wait(timeout=5) == -signal.SIGTERM
        assert other.alive
        assert list((tmp_path / "pids").iterdir()) == []
    finally:
        other.stop()


def test_a_leftover_that_does_not_listen_is_killed(tmp_path):
    script = f"trap '' TERM; touch {tmp_path / 'deaf'}; while :; do sleep 0.05; done"
    leftover = launch(Service("deaf", ("sh", "-c", script)), data=tmp_path)
    until((tmp_path / "deaf").exists)

    kill_orphans(tmp_path, patience=0.3)

    assert leftover.popen.wait(timeout=5) == -signal.SIGKILL


def test_a_log_past_its_limit_is_moved_aside_while_its_writer_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "LOG_LIMIT", 1000)
    log = tmp_path / "web.log"
    with processes.open_log(log) as writer:
        writer.write(b"x" * 1500 + b"end")
        writer.flush()
        processes.trim_log(log)
        writer.write(b"after")
        writer.flush()

    assert log.read_bytes() == b"after"
    assert (tmp_path / "web.log.1").read_bytes().endswith(b"end")
    assert log.stat().st_mode & 0o077 == 0
