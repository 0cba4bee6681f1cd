"""Signals inside this app, told inside the transaction that made it true."""

from django.dispatch import Signal

documents_written = Signal()
"""Documents of the index were made anew because of a change: kind, ids. Rebuilding does not tell."""
