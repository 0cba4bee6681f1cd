"""The delivery log: every letter and its fate, to be read and never changed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from messaging.models import Mail


@admin.register(Mail)
class MailAdmin(admin.ModelAdmin):
    """Read-only."""

    list_display = ("created_at", "address", "subject", "language", "state", "attempts", "sent_at")
    list_filter = ("state", "language")
    search_fields = ("=address", "key")
    ordering = ("-pk",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
