"""`manage.py fill_glossary`: give empty translations the glossary's wording."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from exchange.core.message_files import read_catalogue, write_catalogue
from exchange.reference.glossary import LANGUAGES, Glossary, fill_catalogue


class Command(BaseCommand):
    help = "Fill empty translations from the glossary; what a translator wrote is never touched."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        glossary = Glossary()
        for language in LANGUAGES:
            path = Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"
            if not path.exists():
                continue
            catalogue = read_catalogue(path)
            filled = fill_catalogue(catalogue, language, glossary)
            write_catalogue(catalogue, path)
            if options["verbosity"]:
                living = [entry for entry in catalogue if not entry.obsolete]
                done = sum(entry.translated() for entry in living)
                self.stdout.write(f"{language}: {filled} filled from the glossary, {done} of {len(living)} translated")
