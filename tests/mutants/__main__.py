"""`make mutants`: change one thing in a rule and check that its tests fail, for every possible change; ARGS="programs/rules.py" chooses modules.

Each mutant is a run of the module's own tests (`tests/mutants/modules.py`) in a copy of the working tree, so that an interrupted run
leaves nothing behind. Servers and migrations are made once for all of them. Exits with 1 when a mutant survives that nobody explained.
"""

import argparse
import compileall
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

from exchange.addresses import PROJECT_DIR
from tests import servers
from tests.mutants.modules import EQUIVALENT, LEFT_OUT, MODULES

# A run that imports all plugins and rewrites every assert needs three times as long to begin.
PYTEST = [*("-p", "pytest_django.plugin", "-p", "pytest_asyncio.plugin", "-p", "pytest_timeout"), "--assert=plain", "-x", "-q"]
CONFIG = """[cosmic-ray]
module-path = "{module}"
timeout = 0
excluded-modules = []
test-command = ""
[cosmic-ray.distributor]
name = "local"
[cosmic-ray.filters.operators-filter]
exclude-operators = {left_out}
"""


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="one of " + ", ".join(MODULES))
    wanted = parser.parse_args().modules or list(MODULES)
    if unknown := set(wanted) - set(MODULES):
        parser.error(f"not mutated: {', '.join(sorted(unknown))}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are stopped, too
    servers.choose_environment()
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    run = servers.TestRun()
    run.start()
    try:
        migrate()
        with tempfile.TemporaryDirectory(prefix="miras-mutants-") as folder:
            copy = Path(folder) / "copy"
            copy_of_the_tree(copy)
            compileall.compile_dir(copy, quiet=2)  # cosmic-ray lets nobody write what was compiled
            unexplained = sum([try_module(module, copy) for module in wanted])
    finally:
        run.stop()
    return 1 if unexplained else 0


def migrate():
    """Make the database that every run of tests will find."""
    import django
    from django.db import connection

    django.setup()
    servers.make_test_database()
    connection.close()


def copy_of_the_tree(target):
    """What git knows, as it stands now, without its history."""
    known = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(known, cwd=PROJECT_DIR, stdout=subprocess.PIPE, check=True).stdout
    for name in listed.decode().split("\0"):
        source = PROJECT_DIR / name
        if name and source.is_file() and not source.is_symlink():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / name)


def try_module(module, copy):
    """Run the tests once for every mutant of the module and print what survived; returns how many nobody explained."""
    began = time.monotonic()
    config, session = copy.parent / "mutants.toml", copy.parent / f"{module.replace('/', '-')}.sqlite"
    config.write_text(CONFIG.format(module=module, left_out=json.dumps(LEFT_OUT)))
    for command in (
        ["cosmic_ray.cli", "init", str(config), str(session)],
        ["cosmic_ray.tools.filters.operators_filter", str(session), str(config)],
        ["tests.mutants.runs", str(session), *PYTEST, *MODULES[module]],
    ):
        subprocess.run([sys.executable, "-m", *command], cwd=copy, check=True)
    return tell(module, list(outcomes(session)), time.monotonic() - began)


def outcomes(session):
    """Whether each mutant was killed, by which operator it was made, and its difference."""
    from cosmic_ray.work_db import WorkDB, use_db
    from cosmic_ray.work_item import TestOutcome, WorkerOutcome

    with use_db(str(session), mode=WorkDB.Mode.open) as work:
        for item, result in work.completed_work_items:
            if result.worker_outcome == WorkerOutcome.NORMAL:
                yield result.test_outcome != TestOutcome.SURVIVED, item.mutations[0], result.diff


def tell(module, results, seconds):
    survived = [(mutation, diff) for killed, mutation, diff in results if not killed]
    known = {squeezed(line) for line in EQUIVALENT["*"] | EQUIVALENT.get(module, {})}
    unexplained = 0
    for mutation, diff in survived:
        lines = [line[1:].strip() for line in diff.splitlines() if line.startswith("+") and not line.startswith("+++")]
        removed = [line[1:].strip() for line in diff.splitlines() if line.startswith("-") and not line.startswith("---")]
        line = lines[0] if lines else f"without {removed[0]}"
        if squeezed(line) not in known:
            unexplained += 1
            print(f"SURVIVED {module}:{mutation.start_pos[0]} {mutation.operator_name.removeprefix('core/')}\n    {line}")
    print(
        f"{module}: {len(results)} mutants, {len(results) - len(survived)} killed, {len(survived) - unexplained} explained, "
        f"{unexplained} survived, {seconds:.0f} s",
        flush=True,
    )
    return unexplained


def squeezed(line):
    """Without blanks: cosmic-ray puts one where none was."""
    return "".join(line.split())


if __name__ == "__main__":
    sys.exit(main())
