"""Matching in the administration: read only, since matches are computed."""

from django.contrib import admin
from django.http import HttpRequest

from matching.models import Invitation, Match


class ReadOnly(admin.ModelAdmin):
    """Looked at, never edited."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Match)
class MatchAdmin(ReadOnly):
    list_display = ("expert", "program", "score", "eligible", "computed_at")
    list_select_related = ("expert", "program")
    raw_id_fields = ("expert", "program")


@admin.register(Invitation)
class InvitationAdmin(ReadOnly):
    list_display = ("expert", "program", "by", "created_at")
    list_select_related = ("expert", "program", "by")
