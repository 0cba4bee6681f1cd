"""The people of these tests: see `tests.helpers.profile_fixtures`."""

from django.core import mail

from messaging.domain.mail import send_waiting_mail
from tests.helpers.profile_fixtures import *  # noqa: F403 -- every fixture named there


def letters():
    """Every e-mail so far; those that wait are sent first, as a worker would."""
    send_waiting_mail()
    return mail.outbox
