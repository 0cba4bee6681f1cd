"""Placements in the administration: for looking up; moves go through the pages, which keep the locks and the history."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from placements.models import Approval, Placement


class ReadOnly:
    """No row is made, changed or deleted here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ApprovalInline(ReadOnly, admin.TabularInline):
    model = Approval
    extra = 0


@admin.register(Placement)
class PlacementAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("reference", "expert", "program", "sending_country", "host_country", "starts", "state")
    list_filter = ("state", "sending_country", "host_country", "is_demo")
    list_select_related = ("expert", "program")
    search_fields = ("expert__shown_name", "expert__latin_name", "program__slug")
    date_hierarchy = "starts"
    inlines = (ApprovalInline,)


@admin.register(Approval)
class ApprovalAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("placement", "country", "side", "state", "due_on", "decided_by", "decided_at")
    list_filter = ("state", "country")
    list_select_related = ("placement", "decided_by")
