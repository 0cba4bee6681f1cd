"""Signals inside the search app, sent in the transaction of the change."""

from django.dispatch import Signal

documents_written = Signal()
"""Documents of the index were made anew because of a change: kind, ids. Rebuilding does not tell."""
