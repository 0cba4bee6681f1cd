"""Outbox events of archives and deletions."""

from exchange.core.jobs.outbox import handles
from privacy.domain.exports import MAKE, make_export
from privacy.domain.removals import CARRY_OUT, carry_out_removal

handles(MAKE, long=True)(make_export)
handles(CARRY_OUT)(carry_out_removal)
