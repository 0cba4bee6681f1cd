"""Scheduled jobs of matching."""

from celery import shared_task

from matching.domain import compute, mailing, need_matching


@shared_task
def match_everything() -> int:
    """Compute all matches again, every night: dates pass, and experience becomes less recent."""
    return compute.match_everything()


@shared_task
def mail_new_matches() -> int:
    """Send the weekly e-mails whose time has come; returns how many."""
    return mailing.send_due()


@shared_task
def match_all_needs() -> int:
    """Compute the people of every need again, every night."""
    return need_matching.match_all_needs()
