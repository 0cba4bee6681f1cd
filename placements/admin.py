"""Placements in the admin: read only; transitions go through the pages, which take the locks and write the history."""

from django.contrib import admin

from exchange.core.readonly import ReadOnly
from placements.models import Approval, Placement


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
