"""Outbox events of archives and deletions."""

from exchange.core.jobs.outbox import outbox_handler
from privacy.domain.exports import MAKE, make_export
from privacy.domain.removals import CARRY_OUT, carry_out_removal

outbox_handler(MAKE, long=True)(make_export)
outbox_handler(CARRY_OUT)(carry_out_removal)
