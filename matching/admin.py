"""Matches and invitations in the admin: read only, since matches are computed."""

from django.contrib import admin

from exchange.core.readonly import ReadOnly
from matching.models import Invitation, Match


@admin.register(Match)
class MatchAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("expert", "program", "score", "eligible", "computed_at")
    list_select_related = ("expert", "program")
    raw_id_fields = ("expert", "program")


@admin.register(Invitation)
class InvitationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("expert", "program", "by", "created_at")
    list_select_related = ("expert", "program", "by")
