"""Signals of this app for the apps above. Each is sent inside the transaction that made it true."""

from django.dispatch import Signal

application_submitted = Signal()
"""An application reached its host: application."""

application_decided = Signal()
"""The host decided (select, shortlist, waitlist, reject, reconsider): application, move."""

offer_accepted = Signal()
"""The expert accepted the offer; the apps above create the placement: application, by."""

offer_closed = Signal()
"""An offer ended without a yes (declined, expired): application."""
