"""The delivery log of e-mails."""

from django.contrib import admin

from exchange.core.readonly import ReadOnly
from messaging.models import Mail


@admin.register(Mail)
class MailAdmin(ReadOnly, admin.ModelAdmin):
    """Read-only."""

    list_display = ("created_at", "address", "subject", "language", "state", "attempts", "sent_at")
    list_filter = ("state", "language")
    search_fields = ("=address", "key")
    ordering = ("-pk",)
    show_full_result_count = False
