"""URLs of matching."""

from django.urls import path

from matching import views

urlpatterns = [
    path("matches/", views.matches, name="matches"),
    path("matches/how/", views.how_matching_works, name="how_matching_works"),
    path("programs/<slug:slug>/people/", views.program_people, name="program_people"),
    path("programs/<slug:slug>/people/<int:expert_id>/invite/", views.invite, name="invite"),
]
