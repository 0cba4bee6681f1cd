"""`manage.py collect_messages`: collect the translatable texts of Python, templates and libraries in the message files (needs xgettext)."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.core.management.commands import makemessages

from exchange.core.interface_languages import BY_CODE, TRANSLATED_LANGUAGES
from exchange.core.message_files import HEADER, read_message_file, write_message_file
from exchange.reference.library_messages import update_library_files

IGNORED = [".venv*", ".data*", ".ci*", "tests*", "bench*", "docs*", "shots*", "static*", "build*"]


class MakeMessages(makemessages.Command):
    """Django's command without fuzzy matching: a changed text has to be translated again."""

    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]


class Command(BaseCommand):
    help = "Collect translatable texts, ours and those of libraries, in the message files, then fill gaps from the glossary. English is the source language."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(settings.LOCALE_PATHS[0])
        for language in TRANSLATED_LANGUAGES:
            (root / language / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
        os.chdir(root.parent)  # makemessages searches the current folder
        call_command(
            MakeMessages(),
            locale=list(TRANSLATED_LANGUAGES),
            ignore_patterns=IGNORED,
            add_location="file",
            no_obsolete=True,
            verbosity=0,
        )
        for language in TRANSLATED_LANGUAGES:
            path = root / language / "LC_MESSAGES" / "django.po"
            messages = read_message_file(path)
            messages.header = f"Miras in {BY_CODE[language].name}."
            messages.metadata_is_fuzzy = False
            messages.metadata = HEADER | {"Language": language, "Plural-Forms": messages.metadata["Plural-Forms"]}
            write_message_file(messages, path)
        update_library_files(Path(settings.LOCALE_PATHS[1]), root)
        call_command("fill_glossary", verbosity=options["verbosity"], stdout=self.stdout)
