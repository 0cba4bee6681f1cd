"""URLs of the vocabulary app."""

from django.urls import path

from vocabulary import views

urlpatterns = [
    path("secretariat/vocabulary/", views.concepts, name="concepts"),
    path("secretariat/vocabulary/new/", views.concept_create, name="concept_create"),
    path("secretariat/vocabulary/concepts/<slug:slug>/", views.concept, name="concept"),
]
