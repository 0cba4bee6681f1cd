"""Scheduled tasks of imports."""

from celery import shared_task

from importing.domain import uploads


@shared_task
def resume_stalled_imports() -> int:
    """Restart interrupted imports and delete unconfirmed tables; returns how many were restarted."""
    uploads.delete_unconfirmed_tables()
    return uploads.resume_imports()
