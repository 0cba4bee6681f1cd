"""`manage.py collect_messages`: what there is to translate, from Python and templates, into the catalogues (needs gettext's xgettext)."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.core.management.commands import makemessages

from exchange.core.message_files import read_catalogue, write_catalogue
from exchange.reference.glossary import LANGUAGES

ELSEWHERE = [".venv*", ".data*", ".ci*", "tests*", "bench*", "docs*", "shots*", "static*", "build*"]

NAMES = {"ru": "Russian", "kk": "Kazakh", "ky": "Kyrgyz", "uz": "Uzbek", "tg": "Tajik", "tk": "Turkmen"}
HEADER = {
    "Project-Id-Version": "Miras",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}


class MakeMessages(makemessages.Command):
    """Django's own command without guesses: a text that changed is a text to translate."""

    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]


class Command(BaseCommand):
    help = "Collect translatable texts into the catalogues, then fill what the glossary settles. English is the language of the source."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(settings.LOCALE_PATHS[0])
        for language in LANGUAGES:
            (root / language / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
        os.chdir(root.parent)  # makemessages looks at the folder it is called from
        call_command(
            MakeMessages(),
            locale=list(LANGUAGES),
            ignore_patterns=ELSEWHERE,
            add_location="file",
            no_obsolete=True,
            verbosity=0,
        )
        for language in LANGUAGES:
            path = root / language / "LC_MESSAGES" / "django.po"
            catalogue = read_catalogue(path)
            catalogue.header = f"Miras in {NAMES[language]}."
            catalogue.metadata_is_fuzzy = False
            catalogue.metadata = HEADER | {"Language": language, "Plural-Forms": catalogue.metadata["Plural-Forms"]}
            write_catalogue(catalogue, path)
        call_command("fill_glossary", verbosity=options["verbosity"], stdout=self.stdout)
