"""The core app, which every other app builds on."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

REGISTERING_MODULES = ("notification_types", "receivers", "page_context", "page_slots", "my_tasks")
"""Modules of the apps that are imported at start-up because they register something: notification types, signal and outbox receivers,
page context, page slots, providers of "My tasks"."""


class CoreConfig(AppConfig):
    name = "exchange.core"
    label = "core"

    def ready(self) -> None:
        for name in REGISTERING_MODULES:
            autodiscover_modules(name)
