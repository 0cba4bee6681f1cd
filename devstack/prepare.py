"""What has to be right in the data folder before anybody is served: tables, catalogues, static files, data.

One process for all of it, because starting Django four times takes longer than the work. Each step looks whether it is needed.
"""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from rich.console import Console


def main() -> None:
    """Bring the data folder up to date; a second run finds nothing to do in a second or two."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exchange.settings")
    django.setup()
    commands = get_commands()
    # Compressing static files keeps another core busy while the tables are filled.
    with ThreadPoolExecutor(max_workers=1) as beside:
        static = beside.submit(collect_static)
        migrate()
        if "compile_catalogues" in commands:
            call_command("compile_catalogues", verbosity=0)
        if settings.DEMO and "load_demo" in commands:
            call_command("load_demo")
        if "search_rebuild" in commands:
            call_command("search_rebuild", if_needed=True, grace=0.0)
        static.result()


def migrate() -> None:
    """Apply the migrations that are missing, in one line each."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        call_command("migrate", interactive=False, verbosity=0)
        Console(highlight=False).print(f"  database: {len(plan)} migrations applied")


def collect_static() -> None:
    """Collect and compress the static files when one of them changed."""
    if settings.DEBUG:
        return
    root = Path(settings.STATIC_ROOT)
    stamp = root.with_name("static.stamp")
    now = _sources()
    if root.is_dir() and stamp.is_file() and stamp.read_text(encoding="ascii") == now:
        return
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(now, encoding="ascii")


def _sources() -> str:
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list(None):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
