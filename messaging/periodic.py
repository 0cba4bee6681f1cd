"""Periodic tasks of messaging."""

from celery import shared_task

from messaging.domain import mail


@shared_task
def send_mail() -> int:
    """Send waiting e-mails."""
    return mail.send_waiting_mail()


@shared_task
def flag_interrupted_mail() -> int:
    """Mark e-mails whose sending was interrupted."""
    return mail.flag_interrupted_mail()
