"""The placements app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlacementsConfig(AppConfig):
    name = "placements"
    verbose_name = _("Placements")

    def ready(self) -> None:
        from placements import receivers  # noqa: F401 -- connects the handlers
        from placements.views import page_slots  # noqa: F401 -- registers the pieces of other pages
