"""Signals of this app for the apps above. Each is sent inside the transaction that makes the change."""

from django.dispatch import Signal

program_published = Signal()
"""A programme was published: program_id."""

program_changed = Signal()
"""A programme's public facts changed (also on publish, close, cancel): program_id."""

program_cancelled = Signal()
"""A programme was cancelled: program_id."""
