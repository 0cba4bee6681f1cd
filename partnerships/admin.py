"""The register in the administration: for looking up; changes go through the pages, which keep history and versions."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from partnerships.models import Agreement


@admin.register(Agreement)
class AgreementAdmin(admin.ModelAdmin):
    list_display = ("reference", "first", "second", "valid_from", "valid_until", "is_demo")
    list_filter = ("is_demo", "first__country", "second__country")
    list_select_related = ("first", "second")
    search_fields = ("reference", "title")
    date_hierarchy = "valid_from"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
