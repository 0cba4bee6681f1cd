"""The admin of imports, read only; changes go through the actions."""

from typing import Any

from django.contrib import admin

from exchange.core.readonly import ReadOnly
from importing.models import ExpertImport


@admin.register(ExpertImport)
class ImportAdmin(ReadOnly, admin.ModelAdmin[Any]):
    """Uploaded tables and their results, without the rows."""

    list_display = ("name", "institution", "country", "by", "state", "total", "done", "problem_count", "created_at")
    list_filter = ("state", "country")
    list_select_related = ("institution", "by")
    fields = ("name", "institution", "country", "by", "state", "total", "done", "counts", "problem_count", "attempts", "created_at")
