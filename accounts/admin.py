"""Accounts, appointments, tokens and deletions in the admin. Changes of access go through the domain actions."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.domain.accounts import deactivate_account, reactivate_account, set_secretariat
from accounts.domain.coordinators import appoint_coordinator, can_appoint, change_appointment, end_appointment
from accounts.domain.tokens import revoke_token
from accounts.models import AccountRemoval, ApiToken, CoordinatorAppointment, User
from exchange.core.admin_actions import DomainActionsAdmin
from exchange.core.readonly import ReadOnly


@admin.register(User)
class UserAdmin(DomainActionsAdmin):
    """Accounts are created by sign-up; they are closed, never deleted, because the history refers to them."""

    list_display = ("email", "name", "is_active", "is_secretariat", "is_staff", "date_joined", "last_login", "is_demo")
    list_filter = ("is_active", "is_secretariat", "is_staff", "is_demo")
    search_fields = ("email", "name")
    ordering = ("email",)
    fields = (
        "email",
        "name",
        "language",
        "time_zone",
        "is_active",
        "is_secretariat",
        "is_staff",
        "is_superuser",
        "groups",
        "date_joined",
        "last_login",
    )
    readonly_fields = ("email", "is_active", "is_secretariat", "date_joined", "last_login")
    filter_horizontal = ("groups",)
    actions = ("close_accounts", "reopen_accounts", "add_to_secretariat", "remove_from_secretariat")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Only superusers may change access and rights."""
        own = () if request.user.is_superuser else ("is_staff", "is_superuser", "groups")  # type: ignore[union-attr]
        return (*self.readonly_fields, *own)

    @admin.action(description=_("Close these accounts"), permissions=["change"])
    def close_accounts(self, request: HttpRequest, rows: "QuerySet[User]") -> None:
        self.run_action(request, rows, deactivate_account)

    @admin.action(description=_("Open these accounts again"), permissions=["change"])
    def reopen_accounts(self, request: HttpRequest, rows: "QuerySet[User]") -> None:
        self.run_action(request, rows, reactivate_account)

    @admin.action(description=_("Add to the secretariat"), permissions=["change"])
    def add_to_secretariat(self, request: HttpRequest, rows: "QuerySet[User]") -> None:
        self.run_action(request, rows, set_secretariat, member=True)

    @admin.action(description=_("Remove from the secretariat"), permissions=["change"])
    def remove_from_secretariat(self, request: HttpRequest, rows: "QuerySet[User]") -> None:
        self.run_action(request, rows, set_secretariat, member=False)


class AppointmentForm(forms.ModelForm[CoordinatorAppointment]):
    """Dates and deputy; validated by the domain action."""

    class Meta:
        model = CoordinatorAppointment
        fields = ("user", "country", "starts", "ends", "deputy_of")


@admin.register(CoordinatorAppointment)
class AppointmentAdmin(DomainActionsAdmin):
    """Appointments of coordinators. An appointment is ended, never deleted."""

    form = AppointmentForm
    list_display = ("country", "user", "starts", "ends", "deputy_of")
    list_filter = ("country",)
    search_fields = ("user__email", "user__name")
    autocomplete_fields = ("user", "deputy_of")
    list_select_related = ("user", "deputy_of")
    actions = ("end_today",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and can_appoint(request.user)  # type: ignore[arg-type]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and can_appoint(request.user)  # type: ignore[arg-type]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("user", "country") if obj else ()

    def save_model(self, request: HttpRequest, obj: CoordinatorAppointment, form: Any, change: bool) -> None:
        by: Any = request.user
        days: dict[str, Any] = {"starts": obj.starts, "ends": obj.ends, "deputy_of": obj.deputy_of}
        if change:
            change_appointment(obj, by=by, **days)
        else:
            obj.pk = appoint_coordinator(obj.user, country=obj.country, by=by, **days).pk

    @admin.action(description=_("End these appointments"), permissions=["change"])
    def end_today(self, request: HttpRequest, rows: "QuerySet[CoordinatorAppointment]") -> None:
        self.run_action(request, rows.select_related("user"), end_appointment)


@admin.register(AccountRemoval)
class RemovalAdmin(ReadOnly, admin.ModelAdmin[Any]):
    """Requested and completed deletions of accounts."""

    list_display = ("id", "user", "state", "created_at", "due_at", "postponed")
    list_filter = ("state",)
    list_select_related = ("user",)
    fields = ("user", "state", "created_at", "due_at", "postponed")


@admin.register(ApiToken)
class TokenAdmin(ReadOnly, DomainActionsAdmin):
    """API tokens: their name, scopes and last use. Neither tokens nor digests are shown."""

    list_display = ("user", "name", "scopes", "created_at", "last_used_at", "revoked_at")
    list_select_related = ("user",)
    search_fields = ("user__email", "name")
    fields = ("user", "name", "scopes", "created_at", "last_used_at", "revoked_at")
    actions = ("revoke_tokens",)

    @admin.action(description=_("Revoke these tokens"))
    def revoke_tokens(self, request: HttpRequest, rows: "QuerySet[ApiToken]") -> None:
        if not request.user.has_perm("accounts.change_apitoken"):
            self.message_user(request, _("You do not have permission"), messages.ERROR)
            return
        for token in rows:
            revoke_token(token, by=None)
        self.message_user(request, _("Done for %(count)s.") % {"count": rows.count()})
