"""Addresses of the profiles room."""

from django.urls import path, re_path

from profiles.states import INSTITUTION_MOVES
from profiles.views import experts, freshness, institutions, listing, preferences, profile, settings, team

MOVES = "|".join(move.name for move in INSTITUTION_MOVES)

urlpatterns = [
    path("experts/", listing.expert_list, name="experts"),
    path("experts/<int:pk>/", experts.expert_page, name="expert"),
    path("experts/<int:pk>/photo/", experts.expert_photo, name="expert_photo"),
    path("experts/<int:pk>/cv/", experts.expert_cv, name="expert_cv"),
    path("profile/", profile.profile_edit, name="profile_edit"),
    path("profile/start/", profile.profile_start, name="profile_start"),
    path("profile/names/", profile.profile_names, name="profile_names"),
    path("profile/work/", profile.profile_work, name="profile_work"),
    path("profile/competences/", profile.profile_competences, name="profile_competences"),
    path("profile/languages/", profile.profile_languages, name="profile_languages"),
    path("profile/availability/", profile.profile_availability, name="profile_availability"),
    path("profile/files/", profile.profile_files, name="profile_files"),
    path("profile/visibility/", profile.profile_visibility, name="profile_visibility"),
    path("profile/confirm/", profile.profile_confirm, name="profile_confirm"),
    path("profile/confirm/<str:token>/", freshness.profile_confirm_link, name="profile_confirm_link"),
    path("profile/preview/", profile.profile_preview, name="profile_preview"),
    path("institutions/", listing.institution_list, name="institutions"),
    path("institutions/new/", institutions.institution_create, name="institution_create"),
    path("institutions/<slug:slug>/", institutions.institution_page, name="institution"),
    path("institutions/<slug:slug>/edit/", institutions.institution_edit, name="institution_edit"),
    path("institutions/<slug:slug>/names/", institutions.institution_names, name="institution_names"),
    path("institutions/<slug:slug>/facts/", institutions.institution_facts, name="institution_facts"),
    path("institutions/<slug:slug>/team/", team.institution_team, name="institution_team"),
    path("institutions/<slug:slug>/team/invite/", team.team_invite, name="team_invite"),
    path("institutions/<slug:slug>/team/<int:user_id>/roles/", team.team_roles, name="team_roles"),
    path("institutions/<slug:slug>/team/<int:user_id>/remove/", team.team_remove, name="team_remove"),
    path("institutions/<slug:slug>/invitations/<int:pk>/withdraw/", team.invitation_withdraw, name="invitation_withdraw"),
    path("invitations/", team.invitations, name="invitations"),
    path("invitations/<int:pk>/accept/", team.invitation_accept, name="invitation_accept"),
    path("invitations/<int:pk>/decline/", team.invitation_decline, name="invitation_decline"),
    path("settings/", settings.settings, name="settings"),
    path("settings/tokens/", settings.tokens, name="tokens"),
    path("settings/tokens/<int:pk>/revoke/", settings.token_revoke, name="token_revoke"),
    path("switch/hat/", preferences.hat_switch, name="hat_switch"),
    path("switch/language/", preferences.language_switch, name="language_switch"),
    path("switch/theme/", preferences.theme_switch, name="theme_switch"),
    re_path(rf"^institutions/(?P<slug>[-\w]+)/(?P<move>{MOVES})/$", institutions.institution_move, name="institution_move"),
]
