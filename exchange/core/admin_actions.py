"""Admin list actions that call a domain action for each row."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from exchange.core.errors import DomainError


class DomainActionsAdmin(admin.ModelAdmin[Any]):
    """An admin whose list actions call a domain action for each row and show the refusals as messages."""

    def run_action(self, request: HttpRequest, rows: "QuerySet[Any]", action: Any, **arguments: Any) -> None:
        done = 0
        for row in rows:
            try:
                action(row, by=request.user, **arguments)
            except DomainError as error:
                self.message_user(request, f"{row}: {error}", messages.ERROR)
            else:
                done += 1
        if done:
            self.message_user(request, _("Done for %(count)s.") % {"count": done})
