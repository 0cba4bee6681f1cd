"""The partnerships app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnershipsConfig(AppConfig):
    name = "partnerships"
    verbose_name = _("Agreements")

    def ready(self) -> None:
        from partnerships import receivers  # noqa: F401 -- connects the handlers
