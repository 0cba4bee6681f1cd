"""The reference room."""

from django.apps import AppConfig


class ReferenceConfig(AppConfig):
    name = "exchange.reference"
    label = "reference"
