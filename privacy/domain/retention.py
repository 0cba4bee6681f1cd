"""Enforcement of the retention rules, in batches; the numbers are logged."""

import datetime
import logging
import time
from collections.abc import Callable, Iterable

from django.db import transaction
from django.utils import timezone

from accounts.personal_data import delete_old_tokens
from applications.personal_data import end_closed_files, end_drafts, end_withdrawn_files
from importing.personal_data import end_uploaded_tables
from institutions.personal_data import end_invitations
from messaging.personal_data import delete_old_mail, delete_old_notifications, delete_old_read_notifications
from privacy.domain.ending import end_exports, end_outbox, end_outbox_once, end_sessions, end_unconfirmed_accounts
from privacy.retention import ENFORCED, EXTERNALLY_ENFORCED, Rule
from profiles.personal_data import end_claim_invitations, end_merges

logger = logging.getLogger(__name__)

BATCH = 500
MAX_SECONDS = 1200.0
"""The rest is deleted the next night."""


Deleter = Callable[[datetime.datetime, int], int]
DELETERS: dict[str, Deleter] = {
    "exports": end_exports,
    "sessions": end_sessions,
    "outbox": end_outbox,
    "outbox_once": end_outbox_once,
    "mail": delete_old_mail,
    "notifications_read": delete_old_read_notifications,
    "notifications": delete_old_notifications,
    "drafts": end_drafts,
    "withdrawn_files": end_withdrawn_files,
    "closed_files": end_closed_files,
    "tokens": delete_old_tokens,
    "invitations": end_invitations,
    "claim_invitations": end_claim_invitations,
    "merges": end_merges,
    "uploaded_tables": end_uploaded_tables,
    "unconfirmed": end_unconfirmed_accounts,
}
"""For each rule with days: a function of (older than, at most so many rows) that returns how many rows it deleted.

It is called again, each time in a transaction of its own, until it deletes fewer than it was allowed.
"""


def enforce_retention(codes: Iterable[str] | None = None, *, batch: int = BATCH) -> dict[str, int]:
    """Delete rows older than their retention period. Returns the number of rows by rule code and logs it; a second run finds nothing."""
    started = time.monotonic()
    figures = {}
    for rule in ENFORCED.values():
        if rule.code in EXTERNALLY_ENFORCED or (codes is not None and rule.code not in set(codes)):
            continue
        figures[rule.code] = _enforce(rule, batch, until=started + MAX_SECONDS)
    logger.info("retention: %s", ", ".join(f"{code} {count}" for code, count in figures.items()))
    return figures


def _enforce(rule: Rule, batch: int, *, until: float) -> int:
    delete = DELETERS[rule.code]
    before = timezone.now() - datetime.timedelta(days=rule.days or 0)
    total = 0
    while time.monotonic() < until:
        with transaction.atomic():
            ended = delete(before, batch)
        total += ended
        if ended < batch:
            break
    return total
