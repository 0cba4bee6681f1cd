"""The health room."""

from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "exchange.health"
    label = "health"
