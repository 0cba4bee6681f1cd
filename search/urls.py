"""Addresses of the search app."""

from django.urls import path, re_path

from search.views import duplicate_profiles, duplicates, exporting, page, saved, suggestions

urlpatterns = [
    path("search/", page.search, name="search"),
    path("search/suggestions/", suggestions.suggestions, name="search_suggestions"),
    re_path(r"^search/export\.(?P<kind>csv|xlsx)$", exporting.search_export, name="search_export"),
    path("search/save/", saved.saved_search_create, name="saved_search_create"),
    path("search/saved/<int:pk>/", saved.saved_search, name="saved_search"),
    path("search/stop/<str:token>/", saved.saved_search_stop, name="saved_search_stop"),
    path("settings/searches/", saved.saved_searches, name="saved_searches"),
    path("settings/searches/<int:pk>/", saved.saved_search_edit, name="saved_search_edit"),
    path("settings/searches/<int:pk>/delete/", saved.saved_search_delete, name="saved_search_delete"),
    path("profile/twins/", duplicate_profiles.profile_duplicates, name="profile_duplicates"),
    path("profile/twins/<int:pk>/", duplicate_profiles.profile_duplicate_propose, name="profile_duplicate_propose"),
    path("desk/coordinator/duplicates/", duplicates.duplicates, name="duplicates"),
    path("desk/coordinator/duplicates/compare/", duplicates.duplicate_compare, name="duplicate_compare"),
    path("desk/coordinator/duplicates/merge/", duplicates.duplicate_merge, name="duplicate_merge"),
    path("desk/coordinator/duplicates/apart/", duplicates.duplicate_dismiss, name="duplicate_dismiss"),
]
