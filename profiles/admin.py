"""The administration of people and the vocabulary, for those who run the site. Whatever changes what somebody may do goes through the actions."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin

from exchange.core.readonly import ReadOnly
from profiles.models import ExpertImport, ExpertProfile, ProfileMerge

# One door: the log-in of the site, with its limits and its second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


@admin.register(ExpertProfile)
class ExpertAdmin(ReadOnly, admin.ModelAdmin[Any]):
    """Which profiles there are. What they say is read through the gate, on their pages, by staff as by everybody."""

    list_display = ("shown_name", "latin_name", "country", "audience", "completeness", "confirmed_on", "is_demo")
    list_filter = ("country", "audience", "is_demo")
    search_fields = ("shown_name", "latin_name")
    fields = (
        "shown_name",
        "latin_name",
        "country",
        "audience",
        "completeness",
        "confirmed_on",
        "created_at",
        "updated_at",
        "is_demo",
    )


@admin.register(ExpertImport)
class ImportAdmin(ReadOnly, admin.ModelAdmin[Any]):
    """Uploaded tables and what became of them; the rows themselves stay with those who uploaded them."""

    list_display = ("name", "institution", "country", "by", "state", "total", "done", "problem_count", "created_at")
    list_filter = ("state", "country")
    list_select_related = ("institution", "by")
    fields = ("name", "institution", "country", "by", "state", "total", "done", "counts", "problem_count", "attempts", "created_at")


@admin.register(ProfileMerge)
class MergeAdmin(ReadOnly, admin.ModelAdmin[Any]):
    """Profiles that became one; proposed, confirmed and undone by their people."""

    list_display = ("id", "target", "source", "state", "created_at", "merged_at")
    list_filter = ("state",)
    list_select_related = ("target", "source")
    fields = ("target", "source", "state", "created_at", "merged_at")
