"""Signals inside the search app, sent in the transaction of the change."""

from django.dispatch import Signal

documents_written = Signal()
"""Documents of the index were updated after a change: kind, ids. Not sent by a rebuild."""
