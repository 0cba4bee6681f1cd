"""The register of agreements in the admin, read only; changes go through the pages, which record history and versions."""

from django.contrib import admin

from exchange.core.readonly import ReadOnly
from partnerships.models import Agreement


@admin.register(Agreement)
class AgreementAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("reference", "first", "second", "valid_from", "valid_until", "is_demo")
    list_filter = ("is_demo", "first__country", "second__country")
    list_select_related = ("first", "second")
    search_fields = ("reference", "title")
    date_hierarchy = "valid_from"
