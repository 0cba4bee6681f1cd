"""Queries of submitting an application, with a small and a large team and form."""

import subprocess
import sys

from bench.rig import ROOT, table

TEST = "tests/applications"


def run() -> bool:
    """The count is held by tests (`-k queries`); this runs them and reports."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", TEST, "-q", "-k", "quer", "-p", "no:randomly"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    last = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else "no output"
    return table("Submit an application", [("queries", last, "", "<= 25, constant", done.returncode == 0)])
