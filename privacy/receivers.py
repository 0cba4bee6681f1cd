"""Outbox events of archives and deletions."""

from exchange.core.jobs.outbox import handles
from exchange.core.jobs.wake import start_job
from privacy.domain.exports import MAKE
from privacy.domain.removals import CARRY_OUT, carry_out_removal


@handles(MAKE)
def start_export(*, export_id: int) -> None:
    """An archive may take minutes: a job of its own, so that the outbox does not wait for it."""
    start_job("privacy.periodic.make_export", export_id)


@handles(CARRY_OUT)
def erase_now(*, removal_id: int) -> None:
    carry_out_removal(removal_id)
