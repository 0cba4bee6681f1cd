"""What other apps are told about the vocabulary."""

from django.dispatch import Signal

concepts_moved = Signal()
"""Concepts of the vocabulary stand in another scheme or under another concept than before: concept_ids."""
