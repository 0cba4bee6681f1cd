"""The commands, and their messages when something is missing."""

import os
import pwd
import re
import subprocess
import sys

import pytest

from devstack import identity
from exchange.addresses import PROJECT_DIR
from tests.devstack.stacks import NOT_INHERITED

PRODUCTION = {"DEBUG": "0", "SECRET_KEY": "k" * 50, "ALLOWED_HOSTS": "miras.example", "SITE_URL": "https://miras.example"}


def run(*command, data, preexec_fn=None, **environment):
    inherited = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    return subprocess.run(
        command,
        cwd=PROJECT_DIR,
        env={**inherited, "DATA_DIR": str(data), **environment},
        capture_output=True,
        text=True,
        preexec_fn=preexec_fn,
        check=False,
    )


def test_manage_py_says_how_to_start_the_servers_that_are_missing(tmp_path):
    result = run(sys.executable, "manage.py", "migrate", data=tmp_path, DEBUG="1")

    assert result.returncode == 1
    assert f"PostgreSQL and Valkey of {tmp_path} not running. Start `make demo`" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_command_can_bring_the_servers_for_as_long_as_it_takes(tmp_path):
    script = "from exchange.addresses import missing_servers; print('missing', missing_servers()); raise SystemExit(7)"

    result = run(sys.executable, "-m", "devstack", "run", "--", sys.executable, "-c", script, data=tmp_path / "data")

    assert (result.stdout, result.returncode) == ("missing []\n", 7)


def test_an_ordinary_user_makes_a_database_of_their_own(tmp_path_factory):
    if os.geteuid() != 0:
        return  # every other test here did so already
    nobody = pwd.getpwnam("nobody")
    home = tmp_path_factory.mktemp("home")
    os.chown(home, nobody.pw_uid, nobody.pw_gid)

    # The capability stands for a checkout that the user may read, wherever the one under test lies.
    result = run(
        *(sys.executable, "-m", "devstack", "pg", "psql", "-Atc", "SELECT current_user"),
        data=home / "data",
        preexec_fn=identity.becomes(nobody.pw_uid),
    )

    assert result.stdout == "miras\n", result.stderr
    assert {(home / "data" / name).stat().st_uid for name in ("postgres", "valkey", "logs")} == {nobody.pw_uid}


def test_a_port_that_is_no_number_is_named(tmp_path):
    result = run(sys.executable, "-m", "devstack", "demo", data=tmp_path / "data", PORT="eighty")

    assert result.returncode == 1
    assert "PORT='eighty'" in result.stdout
    assert "Traceback" not in result.stderr


def test_every_target_of_make_is_in_its_help():
    text = (PROJECT_DIR / "Makefile").read_text()
    targets = set(re.search(r"\.PHONY: (.*)", text)[1].split()) - {"venv", "venv-dev"}

    listed = run("make", "--no-print-directory", "help", data="unused").stdout

    assert {line.split()[0] for line in listed.splitlines() if line.startswith("  ")} == targets


def test_production_settings_start(tmp_path):
    result = run(sys.executable, "-c", "import exchange.settings", data=tmp_path, **PRODUCTION)

    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"MIRAS_DEMO": "1"}, "MIRAS_DEMO"),
        ({"DEBUG": "maybe"}, "DEBUG"),
    ],
)
def test_production_settings_refuse_what_is_unsafe(tmp_path, change, named):
    result = run(sys.executable, "-c", "import exchange.settings", data=tmp_path, **{**PRODUCTION, **change})

    assert result.returncode == 1
    assert named in result.stderr.splitlines()[-1]
