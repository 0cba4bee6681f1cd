"""Runs the tests of one module for each of its mutants: `python -m tests.mutants.runs SESSION ARGUMENT...`, in a copy of the working tree.

The arguments are pytest's. Each run is a fork of this process, which has imported libraries and no code of the project: the fork imports
all of that, with the mutant in it, and needs less than half the time of a new interpreter. Exits with 1 when the tests fail without a mutant,
before the first or after the last.
"""

import difflib
import gc
import importlib
import multiprocessing
import os
import sys

import pytest
from cosmic_ray.mutating import use_mutation
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import TestOutcome, WorkerOutcome, WorkResult

LIBRARIES = [
    *("pytest_django.plugin", "pytest_asyncio.plugin", "pytest_timeout", "_pytest.helpconfig", "factory"),
    *("django.test", "django.contrib.admin", "django.contrib.postgres.apps", "django.views.generic", "django.core.management"),
    *("django.core.checks", "django.utils.translation.trans_real", "django.db.backends.postgresql.base", "django_stubs_ext"),
    *("psycopg.types.json", "celery.app.base", "kombu.entity", "pydantic.types", "channels.layers", "whitenoise.middleware"),
    *("openpyxl", "PIL.Image", "rapidfuzz", "sqlparse", "httpx", "dj_database_url", "puremagic", "fido2.server"),
]
"""What takes time to import and does not ask for Django's settings. Whatever is not named here, each fork imports for itself."""
TIMEOUT = 180


def main(session, *arguments):
    sys.dont_write_bytecode = True  # two mutants written in the same second would look like one file
    for name in LIBRARIES:
        importlib.import_module(name)
    gc.freeze()  # no fork looks for garbage among the libraries
    if not passes(arguments, silent=False):
        sys.exit("The tests fail without any mutant.")
    with use_db(session, mode=WorkDB.Mode.open) as work:
        for item in list(work.pending_work_items):
            work.set_result(item.job_id, try_mutant(item.mutations[0], arguments))
    if not passes(arguments, silent=False):
        sys.exit(
            "The tests fail after the last mutant was removed: one of them left something behind, so that others failed for it."
        )


def try_mutant(mutation, arguments):
    """Write the mutant, run the tests, write the original back."""
    operator = get_operator(mutation.operator_name)(**mutation.operator_args)
    with use_mutation(mutation.module_path, operator, mutation.occurrence) as (original, mutant):
        if mutant is None:
            return WorkResult(WorkerOutcome.NO_TEST)
        outcome = TestOutcome.SURVIVED if passes(arguments) else TestOutcome.KILLED
    changed = difflib.unified_diff(original.splitlines(), mutant.splitlines(), n=0, lineterm="")
    return WorkResult(WorkerOutcome.NORMAL, test_outcome=outcome, diff="\n".join(changed))


def passes(arguments, *, silent=True):
    """Whether the tests pass in a fork of this process; one that takes longer than TIMEOUT fails."""
    fork = multiprocessing.get_context("fork").Process(target=run_tests, args=(arguments, silent))
    fork.start()
    fork.join(TIMEOUT)
    if fork.is_alive():
        fork.kill()
        fork.join()
    return fork.exitcode == 0


def run_tests(arguments, silent):
    if silent:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
    code = pytest.main(list(arguments))
    sys.stdout.flush()
    os._exit(code)  # taking the interpreter down takes a tenth of the time and tests nothing


if __name__ == "__main__":
    main(*sys.argv[1:])
