"""Subjects: what a query means, in any language, script or spelling of the vocabulary's labels. No Django, no engine."""

from vocabulary.subjects.labels import Labels, Match
from vocabulary.subjects.resolving import Resolution, Span

__all__ = ["Labels", "Match", "Resolution", "Span"]
