"""The index in the admin: which generation is active, and the progress of a rebuild."""

from django.contrib import admin

from exchange.core.readonly import ReadOnly
from search.models import SearchIndex


@admin.register(SearchIndex)
class SearchIndexAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("id", "state", "key_version", "shape_version", "documents", "done_kind", "done_id", "mirrored", "built_at")
    ordering = ("-pk",)
