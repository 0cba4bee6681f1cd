"""Signals of applications for apps higher in the layers. Each is sent in the transaction of the change."""

from django.dispatch import Signal

application_submitted = Signal()
"""An application reached its host: application."""

application_decided = Signal()
"""The host decided (select, shortlist, waitlist, reject, reconsider): application, move."""

offer_accepted = Signal()
"""The expert accepted the offer; placements creates the placement: application, by."""

acceptance_taken_back = Signal()
"""The expert takes the acceptance of the offer back; a receiver that raises DomainError refuses it: application, by."""

offer_closed = Signal()
"""An offer ended without being accepted (declined, expired): application."""
