"""Subjects: what a query means, in any language, script or spelling of the vocabulary's labels. No Django, no engine."""

from vocabulary.subjects.labels import Labels
from vocabulary.subjects.resolving import Match, Resolution, Span

__all__ = ["Labels", "Match", "Resolution", "Span"]
