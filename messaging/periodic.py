"""Jobs of the messaging app."""

from celery import shared_task

from messaging.domain import mail


@shared_task
def send_mail() -> int:
    """Send the e-mails that wait."""
    return mail.send_waiting_mail()


@shared_task
def flag_interrupted_mail() -> int:
    """Find e-mails whose sender disappeared."""
    return mail.flag_interrupted_mail()
