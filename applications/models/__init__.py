"""Applications, their files, and what reviewers say of them."""

from applications.models.applications import Application, ApplicationFile
from applications.models.reviews import Review

__all__ = ["Application", "ApplicationFile", "Review"]
