"""The administration of people and the vocabulary, for those who run the site. Whatever changes what somebody may do goes through the actions."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from exchange.core.errors import DomainError
from exchange.core.readonly import ReadOnly
from profiles.domain.accounts import deactivate_account, reactivate_account, set_secretariat
from profiles.domain.coordinators import appoint_coordinator, can_appoint, change_appointment, end_appointment
from profiles.domain.institutions import can_edit_institution, save_institution
from profiles.domain.tokens import revoke_token
from profiles.forms.institutions import InstitutionForm
from profiles.models import (
    AccountRemoval,
    ApiToken,
    Concept,
    ConceptLabel,
    CoordinatorAppointment,
    ExpertImport,
    ExpertProfile,
    Institution,
    Membership,
    ProfileMerge,
    TeamInvitation,
    User,
)
from profiles.signals import concepts_moved

# One door: the log-in of the site, with its limits and its second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


class Carried(admin.ModelAdmin[Any]):
    """An admin whose list actions carry out one of our actions for each row, and say what was refused."""

    def carry_out(self, request: HttpRequest, rows: "QuerySet[Any]", action: Any, **arguments: Any) -> None:
        done = 0
        for row in rows:
            try:
                action(row, by=request.user, **arguments)
            except DomainError as error:
                self.message_user(request, f"{row}: {error}", messages.ERROR)
            else:
                done += 1
        if done:
            self.message_user(request, _("Done for %(count)s.") % {"count": done})


@admin.register(User)
class UserAdmin(Carried):
    """Accounts come from sign-up; they are closed, never deleted, because the history names them."""

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
        """Who may enter, and with which rights, is for superusers."""
        own = () if request.user.is_superuser else ("is_staff", "is_superuser", "groups")  # type: ignore[union-attr]
        return (*self.readonly_fields, *own)

    @admin.action(description=_("Close these accounts"), permissions=["change"])
    def close_accounts(self, request: HttpRequest, rows: "QuerySet[User]") -> None:
        self.carry_out(request, rows, deactivate_account)

    @admin.action(description=_("Open these accounts again"), permissions=["change"])
    def reopen_accounts(self, request: HttpRequest, rows: "QuerySet[User]") -> None:
        self.carry_out(request, rows, reactivate_account)

    @admin.action(description=_("Let them into the secretariat"), permissions=["change"])
    def add_to_secretariat(self, request: HttpRequest, rows: "QuerySet[User]") -> None:
        self.carry_out(request, rows, set_secretariat, member=True)

    @admin.action(description=_("Take them out of the secretariat"), permissions=["change"])
    def remove_from_secretariat(self, request: HttpRequest, rows: "QuerySet[User]") -> None:
        self.carry_out(request, rows, set_secretariat, member=False)


class AppointmentForm(forms.ModelForm[CoordinatorAppointment]):
    """Days and deputy; the rules are those of the action."""

    class Meta:
        model = CoordinatorAppointment
        fields = ("user", "country", "starts", "ends", "deputy_of")


@admin.register(CoordinatorAppointment)
class AppointmentAdmin(Carried):
    """Who acts for a country, from when to when. An appointment ends; it is not deleted."""

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
        self.carry_out(request, rows.select_related("user"), end_appointment)


@admin.register(Institution)
class InstitutionAdmin(admin.ModelAdmin[Any]):
    """Facts of the register; verifying and suspending is done on the institution's page, by those who answer for its country."""

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


class LabelInline(admin.TabularInline[ConceptLabel, Concept]):
    """Every way to name a concept."""

    model = ConceptLabel
    extra = 1


@admin.register(Concept)
class ConceptAdmin(admin.ModelAdmin[Concept]):
    """The vocabulary. The id is what programmes, profiles and other systems know a concept by, so it stays."""

    list_display = ("slug", "scheme", "label", "broader", "reviewed")
    list_filter = ("scheme", "reviewed")
    list_editable = ("reviewed",)
    list_select_related = ("broader",)
    search_fields = ("slug", "label", "labels__text")
    autocomplete_fields = ("broader",)
    inlines = (LabelInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("slug",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Concept, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and {"scheme", "broader"} & set(form.changed_data):
            concepts_moved.send(Concept, concept_ids=[obj.pk])


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


@admin.register(Membership)
class MembershipAdmin(ReadOnly, admin.ModelAdmin[Any]):
    """Teams; they are changed on the team page of the institution."""

    list_display = ("institution", "user", "role", "since")
    list_filter = ("role",)
    list_select_related = ("institution", "user")
    search_fields = ("user__email", "user__name", "institution__slug")


@admin.register(TeamInvitation)
class InvitationAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("institution", "email", "role", "invited_by", "created_at", "answer")
    list_filter = ("answer",)
    list_select_related = ("institution", "invited_by")


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


@admin.register(AccountRemoval)
class RemovalAdmin(ReadOnly, admin.ModelAdmin[Any]):
    """Accounts on their way out, and those that are gone."""

    list_display = ("id", "user", "state", "created_at", "due_at", "postponed")
    list_filter = ("state",)
    list_select_related = ("user",)
    fields = ("user", "state", "created_at", "due_at", "postponed")


@admin.register(ApiToken)
class TokenAdmin(ReadOnly, Carried):
    """Keys to the API: what they are for and when they were used. Neither they nor their digests are shown."""

    list_display = ("user", "name", "scopes", "created_at", "last_used_at", "revoked_at")
    list_select_related = ("user",)
    search_fields = ("user__email", "name")
    fields = ("user", "name", "scopes", "created_at", "last_used_at", "revoked_at")
    actions = ("revoke_tokens",)

    @admin.action(description=_("Revoke these tokens"))
    def revoke_tokens(self, request: HttpRequest, rows: "QuerySet[ApiToken]") -> None:
        if not request.user.has_perm("profiles.change_apitoken"):
            self.message_user(request, _("You do not have permission"), messages.ERROR)
            return
        for token in rows:
            revoke_token(token, by=None)
        self.message_user(request, _("Done for %(count)s.") % {"count": rows.count()})
