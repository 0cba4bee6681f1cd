"""The applications app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApplicationsConfig(AppConfig):
    name = "applications"
    verbose_name = _("Applications")

    def ready(self) -> None:
        from applications import receivers  # noqa: F401 -- connects the handlers
        from applications.views import page_slots  # noqa: F401 -- what other apps' pages show from here
