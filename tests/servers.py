"""The servers of a test run: started once by the process that was called, shared by its xdist workers, thrown away at the end.

`DATABASE_URL` and `REDIS_URL` given from outside are used instead; the role then needs the right to create databases.
"""

import fcntl
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, transaction

from devstack.servers import EmbeddedServers

RUN = "MIRAS_TEST_RUN"
OWN_RUN = RUN not in os.environ
"""Whether this process starts the servers itself: not so in a worker of xdist, nor where a run was prepared, see `tests.mutants`."""
ELASTICSEARCH = "MIRAS_TEST_ELASTICSEARCH"
WRITTEN_FOR_GOOD = {"django_content_type", "auth_permission", "django_migrations", "django_site"}


def choose_environment():
    """Point the settings at this run's folder and prefix; workers inherit the folder and add their name to the prefix."""
    folder = os.environ.get(RUN)
    if not folder:
        folder = os.environ[RUN] = tempfile.mkdtemp(prefix="miras-test-")
    os.environ["DATA_DIR"] = folder
    (Path(folder) / "static").mkdir(exist_ok=True)
    os.environ["MIRAS_TESTING"] = "1"
    os.environ["REDIS_PREFIX"] = f"{Path(folder).name}-{worker() or 'main'}"
    # Only the tests that ask for it see the Elasticsearch that was given; all others search as an installation without one.
    if os.environ.get("ELASTICSEARCH_URL"):
        os.environ[ELASTICSEARCH] = os.environ.pop("ELASTICSEARCH_URL")
    for name in ("DEBUG", "MIRAS_DEMO", "PORT", "SITE_URL", "ALLOWED_HOSTS", "SECRET_KEY", "HTTPS", "EMAIL_URL"):
        os.environ.pop(name, None)


def worker():
    """The name of this xdist worker, or an empty string in the process that was called."""
    return os.environ.get("PYTEST_XDIST_WORKER", "")


class TestRun:
    """What the called process starts before the first test and removes after the last."""

    __test__ = False

    def __init__(self):
        self.folder = Path(os.environ[RUN])
        self.servers = EmbeddedServers(self.folder, durable=False)

    def start(self):
        self.servers.start()

    def stop(self):
        self.servers.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        del os.environ[RUN]


def make_test_database():
    """Connect this process to a migrated database of its own; the first one migrates, the others copy the result."""
    migrated = Path(os.environ[RUN]) / "migrated"
    with _one_at_a_time():
        if migrated.exists():
            connection.close()
            connection.settings_dict["NAME"] = migrated.read_text()
        else:
            migrated.write_text(connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False))
        if worker():
            # A database that is being copied must have no other visitor.
            connection.close()
            connection.creation.clone_test_db(worker(), verbosity=0, keepdb=False)
            connection.settings_dict["NAME"] = connection.creation.get_test_db_clone_settings(worker())["NAME"]


def empty_tables():
    """Forget what a test committed. Only tables with rows are touched: truncating every one takes ten times as long.

    What migrations wrote for good stays. Tables whose triggers let nobody delete are truncated, which asks no trigger; they come first,
    for a table that waits for the check of a foreign key cannot be truncated any more.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        names = [name for name in connection.introspection.django_table_names(only_existing=True) if name not in WRITTEN_FOR_GOOD]
        quoted = {name: connection.ops.quote_name(name) for name in names}
        places = (f"SELECT '{name}' WHERE EXISTS (SELECT FROM {table})" for name, table in quoted.items())
        cursor.execute(" UNION ALL ".join(places))
        filled = [name for (name,) in cursor.fetchall()]
        cursor.execute("SELECT DISTINCT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal")
        guarded = [name for (name,) in cursor.fetchall() if name in filled]
        if guarded:
            cursor.execute(f"TRUNCATE {', '.join(quoted[name] for name in guarded)}")
        if rest := [quoted[name] for name in filled if name not in guarded]:
            cursor.execute(" ".join(f"DELETE FROM {table};" for table in rest))


@contextmanager
def _one_at_a_time():
    with (Path(os.environ[RUN]) / "migrate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
