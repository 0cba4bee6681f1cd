"""The outbox in the admin: pending events, and errors of failed ones."""

from django.contrib import admin

from exchange.core.models import OutboxEvent
from exchange.core.readonly import ReadOnly


@admin.register(OutboxEvent)
class OutboxAdmin(ReadOnly, admin.ModelAdmin):
    """Payloads are not shown: they may hold private data, such as the text of a message."""

    list_display = ("id", "kind", "created_at", "not_before", "attempts", "done_at")
    list_filter = (("done_at", admin.EmptyFieldListFilter), "kind")
    fields = ("kind", "created_at", "not_before", "attempts", "error", "done_at")
    ordering = ("-pk",)
    show_full_result_count = False
