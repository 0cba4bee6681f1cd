"""Programmes in the administration: for looking up; changes go through the pages, which keep history, versions and the index."""

from django.contrib import admin

from exchange.core.readonly import ReadOnly
from programs.models import CountryQuota, Criterion, Program, Question, RequiredLanguage


class QuotaRows(ReadOnly, admin.TabularInline):
    model = CountryQuota


class LanguageRows(ReadOnly, admin.TabularInline):
    model = RequiredLanguage


class QuestionRows(ReadOnly, admin.TabularInline):
    model = Question


class CriterionRows(ReadOnly, admin.TabularInline):
    model = Criterion


@admin.register(Program)
class ProgramAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("slug", "kind", "institution", "country", "state", "starts", "deadline", "seats", "is_demo")
    list_filter = ("state", "kind", "country", "is_demo")
    list_select_related = ("institution",)
    search_fields = ("slug", "title", "institution__slug")
    date_hierarchy = "starts"
    inlines = (QuotaRows, LanguageRows, QuestionRows, CriterionRows)
    exclude = ("search",)
