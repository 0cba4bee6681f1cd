"""Outbox events of institutions."""

from exchange.core.jobs.outbox import outbox_handler
from institutions.domain.emails import notify_invited
from institutions.domain.institutions import INVITE

outbox_handler(INVITE)(notify_invited)
