"""Addresses of the profiles room."""

from django.urls import URLPattern, URLResolver, path

from profiles.views import listing

urlpatterns: list[URLPattern | URLResolver] = [
    path("experts/", listing.expert_list, name="experts"),
    path("institutions/", listing.institution_list, name="institutions"),
]
