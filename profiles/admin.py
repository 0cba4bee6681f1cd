"""The admin of profiles and merges, read only; changes go through the actions."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin

from exchange.core.readonly import ReadOnly
from profiles.models import ExpertProfile, ProfileMerge

# The login page of the site, with its rate limits and second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


@admin.register(ExpertProfile)
class ExpertAdmin(ReadOnly, admin.ModelAdmin[Any]):
    """The list of profiles. Their contents are read on their pages, under the same visibility rules for staff."""

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


@admin.register(ProfileMerge)
class MergeAdmin(ReadOnly, admin.ModelAdmin[Any]):
    """Merges of profiles; their users propose, confirm and undo them."""

    list_display = ("id", "target", "source", "state", "created_at", "merged_at")
    list_filter = ("state",)
    list_select_related = ("target", "source")
    fields = ("target", "source", "state", "created_at", "merged_at")
