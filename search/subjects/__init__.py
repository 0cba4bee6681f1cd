"""Subjects: what a query means, in any language, script or spelling of the vocabulary's labels. No Django, no engine."""

from search.subjects.labels import Labels, Match
from search.subjects.resolving import Resolution, Span

__all__ = ["Labels", "Match", "Resolution", "Span"]
