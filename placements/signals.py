"""Signals of placements for apps higher in the layers. Each is sent in the transaction of the change."""

from django.dispatch import Signal

placement_confirmed = Signal()
"""Both countries approved: placement."""

placement_closed = Signal()
"""A placement ended before it began (rejected, cancelled): placement."""
