"""The exporters: what an archive of personal data contains, app by app."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import CASCADE

from accounts.domain.consents import consents_of
from accounts.models import ApiToken, User
from applications.personal_data import export_applications
from exchange.core.models import History
from exchange.core.personal_data import Piece, Table, options, row_of
from institutions.personal_data import export_institutions
from matching.personal_data import export_matches
from messaging.personal_data import export_messages, export_notifications
from placements.personal_data import export_placements
from privacy.domain.consents import describe_consent
from profiles.personal_data import export_profile, files_of
from search.personal_data import export_searches

CHUNK = 500
NAMED_TABLES = frozenset(
    {
        *(
            "account.EmailAddress",
            "mfa.Authenticator",
            "accounts.ApiToken",
            "accounts.CoordinatorAppointment",
            "privacy.DataExport",
        ),
        *(
            "profiles.ExpertProfile",
            "institutions.Membership",
            "institutions.TeamInvitation",
            "admin.LogEntry",
            "search.SavedSearch",
        ),
        *(
            "messaging.Participant",
            "messaging.Notification",
            "messaging.NotificationPreference",
            "messaging.Mail",
            "messaging.Message",
        ),
    }
)
"""Tables with a foreign key to the user that an exporter below covers, or that, like the admin log, are about others."""


@dataclass(frozen=True)
class Exporter:
    """The export of one app: `pieces` yields its tables and files; `name` is the name of its JSON file."""

    name: str
    pieces: Callable[[User], Iterator[Piece]]


def export_account(user: User) -> Iterator[Piece]:
    yield Table("account", [row_of(user, "email", "name", "language", "time_zone", "date_joined", "last_login")])
    yield Table("addresses", (row_of(row, "email", "verified", "primary") for row in rows_of(user, "emailaddress_set")))
    yield Table("second_factors", (row_of(row, "type", "created_at", "last_used_at") for row in rows_of(user, "authenticator_set")))
    tokens = ApiToken.objects.filter(user=user).order_by("pk")
    yield Table("api_tokens", (row_of(t, "name", "scopes", "hint", "created_at", "last_used_at", "revoked_at") for t in tokens))
    yield Table(
        "consents",
        (row_of(row, "version", "given", "way", "at", about=describe_consent(row)) for row in consents_of(user)),
    )
    yield Table("archives", (row_of(row, "state", "created_at", "expires_at", "size") for row in rows_of(user, "data_exports")))
    yield Table("deletions", (row_of(row, "state", "created_at", "due_at") for row in rows_of(user, "removals")))
    what_i_did = History.objects.filter(actor=user).select_related("content_type").order_by("pk")
    yield Table(
        "what_i_did",
        (
            row_of(row, "at", "transition", "before", "after", "reason", "note", thing=f"{row.content_type.name} {row.object_id}")
            for row in what_i_did.iterator(chunk_size=CHUNK)
        ),
    )
    yield from other_tables(user)


def rows_of(owner: Any, name: str) -> Iterator[Any]:
    """The rows of a related table, oldest first, streamed."""
    return iter(getattr(owner, name).order_by("pk").iterator(chunk_size=CHUNK))


def other_tables(user: User) -> Iterator[Piece]:
    """Every other table that belongs to the account and is not in `NAMED_TABLES`, so that a new table is never forgotten."""
    for relation in options(user).related_objects:
        model: Any = relation.related_model
        label = options(model).label
        if label not in NAMED_TABLES and not options(model).auto_created and relation.on_delete is CASCADE:
            rows = model._base_manager.filter(**{relation.field.name: user}).order_by("pk")  # noqa: SLF001 -- Django documents it
            if rows.exists():
                yield Table(label.lower().replace(".", "_"), (row_of(row) for row in rows.iterator(chunk_size=CHUNK)))
                for row in rows.iterator(chunk_size=CHUNK):
                    yield from files_of(row)


EXPORTERS = (
    Exporter("account", export_account),
    Exporter("profile", export_profile),
    Exporter("institutions", export_institutions),
    Exporter("applications", export_applications),
    Exporter("placements", export_placements),
    Exporter("messages", export_messages),
    Exporter("notifications", export_notifications),
    Exporter("matches", export_matches),
    Exporter("searches", export_searches),
)
"""The exporters, in the order of the archive."""
