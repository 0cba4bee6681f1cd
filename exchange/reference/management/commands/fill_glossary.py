"""`manage.py fill_glossary`: fill empty translations from the glossary."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from exchange.core.interface_languages import TRANSLATED_LANGUAGES
from exchange.core.message_files import read_message_file, write_message_file
from exchange.reference.glossary import Glossary, fill_message_file


class Command(BaseCommand):
    help = "Fill empty translations from the glossary; what a translator wrote is never touched."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        glossary = Glossary()
        for language in TRANSLATED_LANGUAGES:
            path = Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"
            if not path.exists():
                continue
            messages = read_message_file(path)
            filled = fill_message_file(messages, language, glossary)
            write_message_file(messages, path)
            if options["verbosity"]:
                current = [entry for entry in messages if not entry.obsolete]
                done = sum(entry.translated() for entry in current)
                self.stdout.write(f"{language}: {filled} filled from the glossary, {done} of {len(current)} translated")
