"""News from this room for the rooms above. Each is sent inside the transaction that made it true."""

from django.dispatch import Signal

profile_changed = Signal()
"""An expert profile was created or edited: profile_id."""

profiles_imported = Signal()
"""Many profiles were created or brought up to a table in one transaction: profile_ids. `profile_changed` is not sent for them."""

membership_changed = Signal()
"""Somebody joined, left or changed role in an institution's team: institution_id, user_id."""

standing_changed = Signal()
"""What a person may do changed (role, appointment, deactivation): user_id."""

institution_moved = Signal()
"""An institution was added, verified or suspended: institution_id, move ("create" or one of its table)."""

invited_to_team = Signal()
"""Somebody was asked by e-mail to join a team: invitation_id. A room that can write letters sends it."""

confirmation_due = Signal()
"""Nobody has confirmed a profile for a year, and its person is to be asked once: profile_id. A room that can write letters does it."""
