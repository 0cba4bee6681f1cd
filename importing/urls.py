"""URLs of the importing app."""

from django.urls import path

from importing import views

urlpatterns = [
    path("experts/import/", views.imports, name="expert_imports"),
    path("experts/import/template.csv", views.import_template, name="import_template"),
    path("experts/import/<int:pk>/", views.expert_import, name="expert_import"),
    path("experts/import/<int:pk>/columns/", views.import_layout, name="import_layout"),
    path("experts/import/<int:pk>/reading/", views.import_reading, name="import_reading"),
    path("experts/import/<int:pk>/confirm/", views.import_confirm, name="import_confirm"),
    path("experts/import/<int:pk>/cancel/", views.import_cancel, name="import_cancel"),
    path("experts/import/<int:pk>/map.csv", views.import_map, name="import_map"),
]
