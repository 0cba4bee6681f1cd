"""URLs of the vocabulary."""

from django.urls import path

from vocabulary import views

urlpatterns = [path("choices/<slug:kind>/", views.choices, name="choices")]
