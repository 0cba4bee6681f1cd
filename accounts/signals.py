"""What other apps are told about accounts."""

from django.dispatch import Signal

access_changed = Signal()
"""What a person may do changed (role, appointment, deactivation): user_id."""
