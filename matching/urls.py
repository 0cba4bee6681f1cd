"""Addresses of the matching app."""

from django.urls import path

from matching import views

urlpatterns = [
    path("matches/", views.matches, name="matches"),
    path("programs/<slug:slug>/people/", views.program_people, name="program_people"),
    path("programs/<slug:slug>/people/<int:expert_id>/invite/", views.invite, name="invite"),
]
