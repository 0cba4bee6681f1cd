"""URLs of the profiles app."""

from django.urls import path, re_path

from profiles.states import MERGE_TRANSITIONS
from profiles.views import claims, confirmation, documents, experts, listing, portfolio, profile, records

MERGE = "|".join(transition.name for transition in MERGE_TRANSITIONS)

urlpatterns = [
    path("experts/", listing.expert_list, name="experts"),
    path("experts/<int:pk>/", experts.expert_page, name="expert"),
    path("experts/<int:pk>/photo/", experts.expert_photo, name="expert_photo"),
    re_path(
        r"^experts/(?P<pk>[0-9]+)/pictures/(?P<picture>[0-9]+)/(?P<size>small|medium|large)/$",
        experts.expert_picture,
        name="expert_picture",
    ),
    path("experts/<int:pk>/cv.pdf", documents.expert_cv_made, name="expert_cv_made"),
    path("experts/<int:pk>/card.vcf", documents.expert_card, name="expert_card"),
    path("experts/<int:pk>/code.svg", documents.expert_code, name="expert_code"),
    path("experts/<int:pk>/cv/", experts.expert_cv, name="expert_cv"),
    path("profile/", profile.profile_edit, name="profile_edit"),
    path("profile/start/", profile.profile_start, name="profile_start"),
    path("profile/names/", profile.profile_names, name="profile_names"),
    path("profile/work/", profile.profile_work, name="profile_work"),
    path("profile/competences/", profile.profile_competences, name="profile_competences"),
    path("profile/languages/", profile.profile_languages, name="profile_languages"),
    path("profile/availability/", profile.profile_availability, name="profile_availability"),
    path("profile/career/", records.profile_career, name="profile_career"),
    path("profile/publications/", records.profile_publications, name="profile_publications"),
    path("profile/publications/new/", records.publication_new, name="publication_new"),
    path("profile/publications/<int:pk>/", records.publication_edit, name="publication_edit"),
    path("profile/publications/<int:pk>/remove/", records.publication_remove, name="publication_remove"),
    path("profile/publications/bibtex/", records.publications_bibtex, name="publications_bibtex"),
    path("profile/publications/orcid/", records.publications_orcid, name="publications_orcid"),
    path("profile/publications/take/", records.publications_take, name="publications_take"),
    path("profile/publications/spelling/", records.publication_spelling, name="publication_spelling"),
    path("profile/portfolio/", portfolio.profile_portfolio, name="profile_portfolio"),
    path("profile/portfolio/new/", portfolio.case_new, name="case_new"),
    path("profile/portfolio/<int:pk>/", portfolio.case_edit, name="case_edit"),
    path("profile/portfolio/<int:pk>/remove/", portfolio.case_remove, name="case_remove"),
    re_path(r"^profile/portfolio/(?P<pk>[0-9]+)/(?P<way>up|down)/$", portfolio.case_move, name="case_move"),
    path("profile/portfolio/<int:pk>/pictures/", portfolio.picture_add, name="picture_add"),
    path("profile/pictures/<int:pk>/", portfolio.picture_edit, name="picture_edit"),
    path("profile/pictures/<int:pk>/remove/", portfolio.picture_remove, name="picture_remove"),
    path("profile/files/", profile.profile_files, name="profile_files"),
    path("profile/visibility/", profile.profile_visibility, name="profile_visibility"),
    path("profile/confirm/", profile.profile_confirm, name="profile_confirm"),
    path("profile/confirm/<str:token>/", confirmation.profile_confirm_link, name="profile_confirm_link"),
    path("profile/preview/", profile.profile_preview, name="profile_preview"),
    path("institutions/<slug:slug>/people/", claims.institution_people, name="institution_people"),
    path("experts/<int:pk>/claim/invite/", claims.claim_invite, name="claim_invite"),
    path("experts/<int:pk>/claim/withdraw/", claims.claim_withdraw, name="claim_withdraw"),
    path("claims/", claims.claim_list, name="claims"),
    path("claims/<int:pk>/", claims.claim, name="claim"),
    path("claims/link/<str:token>/", claims.claim_link, name="claim_link"),
    path("profile-merges/<int:pk>/", claims.profile_merge, name="profile_merge"),
    re_path(rf"^profile-merges/(?P<pk>[0-9]+)/(?P<transition>{MERGE})/$", claims.profile_merge_move, name="profile_merge_move"),
]
