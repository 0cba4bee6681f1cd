"""Models of applications, their files and their reviews."""

from applications.models.applications import Application, ApplicationFile
from applications.models.reviews import Review

__all__ = ["Application", "ApplicationFile", "Review"]
