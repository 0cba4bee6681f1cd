"""Signals of this app for the apps above. Each is sent inside the transaction that makes the change."""

from django.dispatch import Signal

profile_changed = Signal()
"""An expert profile was created or edited: profile_id."""

profiles_imported = Signal()
"""Many profiles were created or updated from a table in one transaction: profile_ids. `profile_changed` is not sent for them."""

profiles_merged = Signal()
"""One profile became part of another: target_id, source_id. Every app reassigns its own rows to the target, or refuses with DomainError.

Each receiver returns what it needs to undo that, as JSON under its own key: `{"applications": [ids]}`.
"""

profiles_unmerged = Signal()
"""A merge of profiles was undone: target_id, source_id, moved (everything the receivers of `profiles_merged` returned)."""
