"""URLs of matching."""

from django.urls import path

from matching.views import for_you, needs, people, reports, text_concepts, weights

urlpatterns = [
    path("matches/", for_you.matches, name="matches"),
    path("matches/how/", weights.how_matching_works, name="how_matching_works"),
    path("matches/settings/", for_you.match_settings, name="match_settings"),
    path("matches/<slug:slug>/save/", for_you.program_save, name="program_save"),
    path("matches/<slug:slug>/dismiss/", for_you.program_dismiss, name="program_dismiss"),
    path("matches/<slug:slug>/undo/", for_you.program_choice_undo, name="program_choice_undo"),
    path("matches/<slug:slug>/decline/", for_you.invitation_decline, name="match_invitation_decline"),
    # After the paths above: a programme may be called "stop".
    path("matches/stop/<str:token>/", for_you.match_mail_stop, name="match_mail_stop"),
    path("profile/from-text/", text_concepts.text_concepts, name="text_concepts"),
    path("profile/from-text/<int:concept_id>/<slug:answer>/", text_concepts.text_concept_answer, name="text_concept_answer"),
    path("programs/<slug:slug>/people/", people.program_people, name="program_people"),
    path("programs/<slug:slug>/people/invite/", people.people_invite, name="people_invite"),
    path("programs/<slug:slug>/people/compare/", people.people_compare, name="people_compare"),
    path("programs/<slug:slug>/people/coverage/", people.people_coverage, name="people_coverage"),
    path("programs/<slug:slug>/people/<int:expert_id>/invite/", people.invite, name="invite"),
    path("programs/<slug:slug>/people/<int:expert_id>/<slug:choice>/", people.person_choose, name="person_choose"),
    path("institutions/<slug:slug>/needs/", needs.needs, name="needs"),
    path("institutions/<slug:slug>/needs/new/", needs.need_new, name="need_new"),
    path("needs/<int:pk>/", needs.need, name="need"),
    path("needs/<int:pk>/edit/", needs.need_edit, name="need_edit"),
    path("needs/<int:pk>/delete/", needs.need_delete, name="need_delete"),
    path("needs/<int:pk>/draft/", needs.need_draft, name="need_draft"),
    path("institutions/<slug:slug>/partners/", reports.partners, name="partners"),
    path("desk/fairness/", reports.fairness, name="fairness"),
]
