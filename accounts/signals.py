"""Signals of accounts."""

from django.dispatch import Signal

access_changed = Signal()
"""The access of an account changed (role, appointment, deactivation). Argument: user_id."""
