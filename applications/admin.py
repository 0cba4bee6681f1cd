"""Applications in the admin: read only. Changes go through the actions behind the pages."""

from django.contrib import admin

from applications.models import Application, ApplicationFile, Review
from exchange.core.readonly import ReadOnly


@admin.register(Application)
class ApplicationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("id", "program", "expert", "country", "state", "state_since", "submitted_at")
    list_filter = ("state", "country")
    list_select_related = ("program", "expert")
    search_fields = ("=id", "expert__shown_name", "expert__latin_name", "program__slug")
    date_hierarchy = "created_at"
    exclude = ("snapshot",)
    show_full_result_count = False


@admin.register(ApplicationFile)
class ApplicationFileAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("id", "application", "name", "size", "created_at")
    fields = ("application", "question", "name", "size", "sha256", "created_at")
    search_fields = ("=application__id", "name")
    show_full_result_count = False


@admin.register(Review)
class ReviewAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("id", "application", "reviewer", "mean", "updated_at")
    list_select_related = ("reviewer", "application")
    search_fields = ("=application__id",)
    show_full_result_count = False
