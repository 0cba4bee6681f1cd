"""Retention deleters for data that belongs to no single app: exports, sessions, outbox events, unconfirmed accounts."""

import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q

from accounts.models import Session, User
from exchange.core.models import OutboxEvent
from exchange.core.personal_data import (
    delete_batch,
)
from privacy.domain.erasure import erase_account
from privacy.domain.exports import expire_exports
from privacy.models import DataExport
from privacy.states import ExportState

CHUNK = 500


def end_exports(before: datetime.datetime, most: int) -> int:
    """Usually nothing is left: `expire_exports` deletes them every minute when their week is over."""
    expire_exports()
    left = DataExport.objects.filter(state__in=[ExportState.READY, ExportState.FAILED], created_at__lt=before).exclude(file="")
    return delete_batch(left, most)


def end_sessions(before: datetime.datetime, most: int) -> int:
    keys = list(Session.objects.filter(expire_date__lt=before).values_list("pk", flat=True)[:most])
    Session.objects.filter(pk__in=keys)._raw_delete("default")  # noqa: SLF001 -- no socket uses a session that ended
    return len(keys)


def end_attempts(before: datetime.datetime, most: int) -> int:
    """Delete expired rows of the cache that holds rate limits."""
    table = connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
    with connection.cursor() as cursor:
        oldest = f"SELECT cache_key FROM {table} WHERE expires < %s LIMIT %s"  # noqa: S608 -- the name is a setting of ours
        cursor.execute(f"DELETE FROM {table} WHERE cache_key IN ({oldest})", [before, most])  # noqa: S608 -- as above
        return cursor.rowcount


def end_outbox(before: datetime.datetime, most: int) -> int:
    return _raw_end(OutboxEvent.objects.filter(done_at__lt=before, key__isnull=True), most)


def end_outbox_once(before: datetime.datetime, most: int) -> int:
    return _raw_end(OutboxEvent.objects.filter(done_at__lt=before, key__isnull=False), most)


def _raw_end(rows: Any, most: int) -> int:
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:most])
    return int(rows.model.objects.filter(pk__in=ids).delete()[0]) if ids else 0


def end_unconfirmed_accounts(before: datetime.datetime, most: int) -> int:
    """Accounts that never confirmed their address and never logged in."""
    never = User.objects.filter(date_joined__lt=before, last_login=None, is_active=True, is_staff=False, is_demo=False)
    rows = never.filter(emailaddress__verified=False).exclude(emailaddress__verified=True).distinct()
    rows = rows.exclude(Q(memberships__isnull=False) | Q(appointments__isnull=False) | Q(expert_profiles__isnull=False))
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[: min(most, CHUNK)])
    for user in User.objects.select_for_update(no_key=True).filter(pk__in=ids):
        erase_account(user)
    return len(ids)
