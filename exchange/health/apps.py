"""The health app."""

from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "exchange.health"
    label = "health"
