"""URLs of the partnerships app."""

from django.urls import URLPattern, URLResolver, path

from partnerships.views import agreements

urlpatterns: list[URLPattern | URLResolver] = [
    path("agreements/", agreements.agreement_list, name="agreements"),
    path("agreements/new/", agreements.agreement_create, name="agreement_create"),
    path("agreements/<int:pk>/", agreements.agreement_page, name="agreement"),
    path("agreements/<int:pk>/scan/", agreements.agreement_scan, name="agreement_scan"),
    path("agreements/<int:pk>/edit/", agreements.agreement_edit, name="agreement_edit"),
]
