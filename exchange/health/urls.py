"""URLs for monitoring; without trailing slash, as such tools expect."""

from django.urls import path

from exchange.health import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
