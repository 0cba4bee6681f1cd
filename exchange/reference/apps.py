"""The reference app."""

from django.apps import AppConfig


class ReferenceConfig(AppConfig):
    name = "exchange.reference"
    label = "reference"
