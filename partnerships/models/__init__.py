"""Agreements between institutions."""

from partnerships.models.agreements import Agreement

__all__ = ["Agreement"]
