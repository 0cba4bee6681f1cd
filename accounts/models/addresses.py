"""E-mail addresses of accounts, and how long an invitation to one stays valid."""

import datetime
from typing import Any

from django.utils import timezone

VALID_FOR = datetime.timedelta(days=30)


def in_thirty_days() -> datetime.datetime:
    return timezone.now() + VALID_FOR


def confirmed_addresses(user: Any) -> list[str]:
    """The addresses of an account that its holder has confirmed, in lower case."""
    return [address.lower() for address in user.emailaddress_set.filter(verified=True).values_list("email", flat=True)]
