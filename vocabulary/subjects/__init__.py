"""Subjects: the concepts that a query names, in any language, script or spelling of their labels. No Django, no search engine."""

from vocabulary.subjects.labels import Labels
from vocabulary.subjects.resolving import Match, Resolution, Span

__all__ = ["Labels", "Match", "Resolution", "Span"]
