"""Outbox events of institutions."""

from exchange.core.jobs.outbox import handles
from institutions.domain.emails import tell_invited
from institutions.domain.institutions import INVITE

handles(INVITE)(tell_invited)
