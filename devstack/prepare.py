"""Prepare the data folder before the platform starts: tables, message files, static files, data.

One process for all steps, because starting Django four times takes longer than the work. Each step is skipped when nothing changed.
"""

import hashlib
import os
from multiprocessing import get_context
from multiprocessing.context import ForkProcess
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from rich.console import Console


def main() -> None:
    """Bring the data folder up to date."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exchange.settings")
    django.setup()
    commands = get_commands()
    static = start_collecting()
    migrate()
    if "compile_message_files" in commands:
        call_command("compile_message_files", verbosity=0)
    if settings.DEMO and "load_demo" in commands:
        call_command("load_demo")
    if "search_rebuild" in commands:
        call_command("search_rebuild", if_needed=True, grace=0.0)
    if static is not None:
        static.join()
        if static.exitcode != 0:
            raise SystemExit("The static files could not be collected; the lines above say why.")


def migrate() -> None:
    """Apply missing migrations, with one line of output each."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        call_command("migrate", interactive=False, verbosity=0)
        Console(highlight=False).print(f"  database: {len(plan)} migrations applied")


def start_collecting() -> ForkProcess | None:
    """Collect and compress the static files when one of them changed, in a parallel process, which uses another core."""
    if settings.DEBUG:
        return None
    now = _sources()
    root = Path(settings.STATIC_ROOT)
    stamp = _stamp()
    if root.is_dir() and stamp.is_file() and stamp.read_text(encoding="ascii") == now:
        return None
    # Forked before connections and threads exist, so that Django is not started a second time.
    process = get_context("fork").Process(target=collect_static, args=(now,), daemon=True)
    process.start()
    return process


def collect_static(sources: str) -> None:
    """Collect and compress the static files, then store the digest of their sources."""
    _stamp().unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    _stamp().write_text(sources, encoding="ascii")


def _stamp() -> Path:
    return Path(settings.STATIC_ROOT).with_name("static.stamp")


def _sources() -> str:
    """A digest of all static files."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list(None):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
