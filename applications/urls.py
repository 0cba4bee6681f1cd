"""Addresses of the applications app."""

from django.urls import URLPattern, URLResolver, path

from applications.views import applications, apply, host

urlpatterns: list[URLPattern | URLResolver] = [
    path("applications/", applications.application_list, name="applications"),
    path("applications/<int:pk>/", applications.application_detail, name="application"),
    path("applications/<int:pk>/review/", applications.application_review, name="application_review"),
    path("applications/<int:pk>/files/<int:file_pk>/", applications.application_file, name="application_file"),
    path("applications/<int:pk>/<slug:transition>/", applications.application_move, name="application_move"),
    path("programs/<slug:slug>/apply/", apply.apply, name="apply"),
    path("programs/<slug:slug>/apply/draft/", apply.apply_autosave, name="apply_autosave"),
    path("programs/<slug:slug>/apply/files/", apply.apply_file, name="apply_file"),
    path("programs/<slug:slug>/applications/", host.program_applications, name="program_applications"),
    path(
        "programs/<slug:slug>/applications/export/<slug:kind>/",
        host.program_applications_export,
        name="program_applications_export",
    ),
    path("desk/host/", host.desk_host, name="desk_host"),
]
