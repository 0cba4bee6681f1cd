"""The index in the administration: which generation answers, and how far a rebuild has come."""

from django.contrib import admin

from exchange.core.readonly import ReadOnly
from search.models import SearchIndex


@admin.register(SearchIndex)
class SearchIndexAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("id", "state", "key_version", "shape_version", "documents", "done_kind", "done_id", "mirrored", "built_at")
    ordering = ("-pk",)
