"""Jobs of the clock."""

from celery import shared_task

from profiles.domain import exports, removals, retention
from profiles.domain.confirmation import ask_to_confirm
from profiles.domain.importing import uploads


@shared_task
def ask_people_to_confirm() -> int:
    """Once a day; returns how many were asked whether their profile still holds."""
    return ask_to_confirm()


@shared_task
def check_import(import_id: int) -> None:
    """What an uploaded table of people would change."""
    uploads.check_table(import_id)


@shared_task
def run_import(import_id: int) -> None:
    """A confirmed table of people."""
    uploads.run_table(import_id)


@shared_task
def resume_stalled_imports() -> int:
    """Go on with imports that broke off, and forget tables that nobody confirmed; returns how many were started anew."""
    uploads.forget_tables()
    return uploads.resume_imports()


@shared_task
def make_export(export_id: int) -> bool:
    """An archive of somebody's data; whether it was this worker that made it."""
    return exports.make_export(export_id)


@shared_task
def expire_exports() -> int:
    """Archives whose week is over, and those whose worker fell silent; returns how many."""
    return exports.expire_exports()


@shared_task
def carry_out_removals() -> int:
    """Accounts whose two weeks are over; returns how many were written down for the workers."""
    return removals.ask_due_removals()


@shared_task
def enforce_retention() -> dict[str, int]:
    """Every night: end what has been kept long enough; returns how many of each kind."""
    return retention.enforce_retention()
