"""Addresses of the programs room."""

from django.urls import URLPattern, URLResolver, path

from programs.views import listing

urlpatterns: list[URLPattern | URLResolver] = [
    path("programs/", listing.program_list, name="programs"),
]
