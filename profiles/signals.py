"""Signals of this app for the apps above. Each is sent inside the transaction that made it true."""

from django.dispatch import Signal

profile_changed = Signal()
"""An expert profile was created or edited: profile_id."""

profiles_imported = Signal()
"""Many profiles were created or brought up to a table in one transaction: profile_ids. `profile_changed` is not sent for them."""

membership_changed = Signal()
"""Somebody joined, left or changed role in an institution's team: institution_id, user_id."""

access_changed = Signal()
"""What a person may do changed (role, appointment, deactivation): user_id."""

institution_state_changed = Signal()
"""An institution was added, verified or suspended: institution_id, move ("create" or one of its table)."""

institution_changed = Signal()
"""The names, facts or fields of an institution changed, or it was added: institution_id."""

concepts_moved = Signal()
"""Concepts of the vocabulary stand in another scheme or under another concept than before: concept_ids."""

institutions_merged = Signal()
"""One institution became part of another: kept_id, gone_id. Every app reassigns its own rows to the kept one, or refuses with DomainError.

The gone row is still there and locked; after the signal it is deleted, which fails loudly while anything still points to it.
"""

handover_changed = Signal()
"""Ownership was offered to a member of a team, or they answered: handover_id."""

invited_to_claim = Signal()
"""Somebody was asked by e-mail to take over the profile that was made for them: invitation_id."""

merge_state_changed = Signal()
"""Two profiles were proposed as one person's, or the answer came: merge_id."""

profiles_merged = Signal()
"""One profile became part of another: kept_id, gone_id. Every app reassigns its own rows to the kept one, or refuses with DomainError.

Each receiver returns what it needs to lead them back, as JSON by its own key: `{"applications": [ids]}`.
"""

profiles_unmerged = Signal()
"""A merge of profiles was undone: kept_id, gone_id, moved (everything the receivers of `profiles_merged` returned)."""

invited_to_team = Signal()
"""Somebody was asked by e-mail to join a team: invitation_id. An app that can write e-mails sends it."""

confirmation_due = Signal()
"""Nobody has confirmed a profile for a year, and its person is to be asked once: profile_id. An app that can write e-mails does it."""

export_state_changed = Signal()
"""An archive of somebody's data is ready ("finish") or could not be made ("fail"): export_id, move. An app that can tell people tells them."""

removal_state_changed = Signal()
"""Somebody asked to have their account deleted ("ask"), took it back ("take_back"), or it is about to be erased ("carry_out"): removal_id, move.

In the last case the address is still there, and gone when the transaction ends: an e-mail has to be written at once.
"""
