"""Carrying out the table of retention: kind by kind, batch by batch, with the figures in the log."""

import datetime
import logging
import time
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from exchange.core.privacy import retention_function
from profiles.retention import ENFORCED, EXTERNALLY_ENFORCED, Rule

logger = logging.getLogger(__name__)

BATCH = 500
MAX_SECONDS = 1200.0
"""What is left after this goes the next night."""


def enforce_retention(codes: Iterable[str] | None = None, *, batch: int = BATCH) -> dict[str, int]:
    """End what has been kept long enough. Returns how many rows of each kind, and logs them; a second run finds nothing."""
    started = time.monotonic()
    figures = {}
    for rule in ENFORCED.values():
        if rule.code in EXTERNALLY_ENFORCED or (codes is not None and rule.code not in set(codes)):
            continue
        figures[rule.code] = _enforce(rule, batch, until=started + MAX_SECONDS)
    logger.info("retention: %s", ", ".join(f"{code} {count}" for code, count in figures.items()))
    return figures


def _enforce(rule: Rule, batch: int, *, until: float) -> int:
    retirer = retention_function(rule.code)
    if retirer is None:
        raise LookupError(f"no room ends {rule.code}")
    before = timezone.now() - datetime.timedelta(days=rule.days or 0)
    total = 0
    while time.monotonic() < until:
        with transaction.atomic():
            ended = retirer(before, batch)
        total += ended
        if ended < batch:
            break
    return total
