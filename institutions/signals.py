"""Signals of this app for the apps above. Each is sent inside the transaction that makes the change."""

from django.dispatch import Signal

membership_changed = Signal()
"""Somebody joined, left or changed role in an institution's team: institution_id, user_id."""


institution_state_changed = Signal()
"""An institution was added, verified or suspended: institution_id, move ("create" or a name in the transition table)."""


institution_changed = Signal()
"""The names, facts or fields of an institution changed, or it was added: institution_id."""


institutions_merged = Signal()
"""One institution became part of another: target_id, source_id. Every app reassigns its own rows to the target, or refuses with DomainError.

The source row is still there and locked; after the signal it is deleted, which raises an error while anything still refers to it.
"""
