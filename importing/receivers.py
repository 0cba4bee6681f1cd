"""Outbox events of imports, and what the merge of two institutions means for their tables."""

from typing import Any

from django.dispatch import receiver

from exchange.core.jobs.outbox import outbox_handler
from importing.domain.uploads import check_table, reassign_tables, run_table
from institutions.signals import institutions_merged

outbox_handler("importing.check", long=True)(check_table)
outbox_handler("importing.run", long=True)(run_table)


@receiver(institutions_merged)
def on_institutions_merged(sender: Any, target_id: int, source_id: int, **kwargs: Any) -> None:
    reassign_tables(target_id, source_id)
