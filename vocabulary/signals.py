"""Signals of the vocabulary."""

from django.dispatch import Signal

concepts_moved = Signal()
"""The scheme or the broader concept of these concepts changed. Argument: concept_ids."""
