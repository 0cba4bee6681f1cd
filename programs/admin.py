"""Programmes in the admin, read only; changes go through the pages, which record history and update versions and index columns."""

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
