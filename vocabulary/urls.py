"""URLs of the vocabulary."""

from django.urls import path

from vocabulary.views import choices, concepts

urlpatterns = [
    path("choices/<slug:kind>/", choices.choices, name="choices"),
    path("secretariat/vocabulary/", concepts.concepts, name="concepts"),
    path("secretariat/vocabulary/new/", concepts.concept_create, name="concept_create"),
    path("secretariat/vocabulary/concepts/<slug:slug>/", concepts.concept, name="concept"),
]
