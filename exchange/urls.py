"""The URLs of all apps."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from exchange.api import api

handler500 = "exchange.core.error_pages.server_error"
urlpatterns = [
    path("", include("exchange.home.urls")),
    path("", include("exchange.health.urls")),
    path("", include("accounts.urls")),
    path("", include("vocabulary.urls")),
    path("", include("institutions.urls")),
    path("", include("importing.urls")),
    path("", include("profiles.urls")),
    path("", include("privacy.urls")),
    path("", include("messaging.urls")),
    path("", include("programs.urls")),
    path("", include("partnerships.urls")),
    path("", include("applications.urls")),
    path("", include("placements.urls")),
    path("", include("matching.urls")),
    path("", include("search.urls")),
    path("api/docs", RedirectView.as_view(pattern_name="api:openapi-view"), name="api_docs"),
    path("api/v1/", api.urls),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
