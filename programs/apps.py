"""The programs app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgramsConfig(AppConfig):
    name = "programs"
    verbose_name = _("Programmes")

    def ready(self) -> None:
        from programs import receivers  # noqa: F401 -- connects the handlers
        from programs.views import page_slots  # noqa: F401 -- what this app shows on pages below it
