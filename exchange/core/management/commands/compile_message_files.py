"""`manage.py compile_message_files`: the translations, ready for Django, without msgfmt."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from exchange.core.message_files import compile_message_files


class Command(BaseCommand):
    help = "Compile the message files that changed."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        written = [path for root in settings.LOCALE_PATHS for path in compile_message_files(Path(root))]
        if options["verbosity"]:
            languages = ", ".join(path.parent.parent.name for path in written)
            self.stdout.write(f"Compiled: {languages}" if written else "All message files are up to date.")
