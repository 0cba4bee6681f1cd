"""Institutions and their teams in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from exchange.core.readonly import ReadOnly
from institutions.domain.institutions import can_edit_institution, save_institution
from institutions.forms import InstitutionForm
from institutions.models import Institution, Membership, TeamInvitation


@admin.register(Institution)
class InstitutionAdmin(admin.ModelAdmin[Any]):
    """Facts of the register, editable; coordinators verify and suspend on the institution's page."""

    form = InstitutionForm
    list_display = ("slug", "name", "kind", "country", "city", "state", "is_demo")
    list_filter = ("country", "kind", "state", "is_demo")
    search_fields = ("slug", "short_name", "city", "name")
    fields = (
        "slug",
        "name",
        "short_name",
        "kind",
        "country",
        "city",
        "website",
        "description",
        "facilities",
        "source",
        "state",
        "is_demo",
    )
    readonly_fields = ("slug", "country", "source", "state", "is_demo")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Institution | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or can_edit_institution(request.user, obj))

    def save_model(self, request: HttpRequest, obj: Institution, form: Any, change: bool) -> None:
        by: Any = request.user
        save_institution(obj, by=by, **{name: form.cleaned_data[name] for name in form.changed_data})


@admin.register(Membership)
class MembershipAdmin(ReadOnly, admin.ModelAdmin[Any]):
    """Memberships, read only; teams are changed on the team page of the institution."""

    list_display = ("institution", "user", "role", "since")
    list_filter = ("role",)
    list_select_related = ("institution", "user")
    search_fields = ("user__email", "user__name", "institution__slug")


@admin.register(TeamInvitation)
class InvitationAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("institution", "email", "role", "invited_by", "created_at", "answer")
    list_filter = ("answer",)
    list_select_related = ("institution", "invited_by")
