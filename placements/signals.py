"""Signals of this app for the apps above. Each is sent inside the transaction that made it true."""

from django.dispatch import Signal

placement_confirmed = Signal()
"""Both countries approved: placement."""

placement_closed = Signal()
"""A placement ended before it began (rejected, cancelled): placement."""
