"""Rows that only their own account may see."""

from typing import Any

from django.db import models

from accounts.access import access_of


class OwnQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "OwnQuerySet":
        """The user's own rows, whatever their role."""
        return self.filter(user_id=access_of(user).user_id or 0)
