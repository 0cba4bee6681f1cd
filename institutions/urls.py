"""URLs of the institutions app."""

from django.urls import path, re_path

from institutions.states import INSTITUTION_TRANSITIONS
from institutions.views import handovers, institutions, listing, pictures, role_switch, team

TRANSITIONS = "|".join(transition.name for transition in INSTITUTION_TRANSITIONS)

urlpatterns = [
    path("institutions/", listing.institution_list, name="institutions"),
    path("institutions/new/", institutions.institution_create, name="institution_create"),
    path("institutions/<slug:slug>/", institutions.institution_page, name="institution"),
    path("institutions/<slug:slug>/edit/", institutions.institution_edit, name="institution_edit"),
    path("institutions/<slug:slug>/picture/", pictures.institution_picture, name="institution_picture"),
    path("institutions/<slug:slug>/picture/remove/", pictures.institution_picture_remove, name="institution_picture_remove"),
    re_path(
        r"^institutions/(?P<slug>[-\w]+)/picture/(?P<size>small|medium|large)/$",
        pictures.institution_picture_file,
        name="institution_picture_file",
    ),
    path("institutions/<slug:slug>/names/", institutions.institution_names, name="institution_names"),
    path("institutions/<slug:slug>/facts/", institutions.institution_facts, name="institution_facts"),
    path("institutions/<slug:slug>/team/", team.institution_team, name="institution_team"),
    path("institutions/<slug:slug>/team/hand-over/", handovers.handover_offer, name="handover_offer"),
    re_path(r"^handovers/(?P<pk>[0-9]+)/(?P<answer>accept|decline|withdraw)/$", handovers.handover_answer, name="handover_answer"),
    path("institutions/<slug:slug>/team/invite/", team.team_invite, name="team_invite"),
    path("institutions/<slug:slug>/team/<int:user_id>/roles/", team.team_roles, name="team_roles"),
    path("institutions/<slug:slug>/team/<int:user_id>/remove/", team.team_remove, name="team_remove"),
    path("institutions/<slug:slug>/invitations/<int:pk>/withdraw/", team.invitation_withdraw, name="invitation_withdraw"),
    path("invitations/", team.invitations, name="invitations"),
    path("invitations/<int:pk>/accept/", team.invitation_accept, name="invitation_accept"),
    path("invitations/<int:pk>/decline/", team.invitation_decline, name="invitation_decline"),
    path("switch/hat/", role_switch.role_switch, name="role_switch"),
    re_path(
        rf"^institutions/(?P<slug>[-\w]+)/(?P<transition>{TRANSITIONS})/$", institutions.institution_move, name="institution_move"
    ),
]
