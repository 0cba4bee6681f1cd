"""The glossary of interface terms: agreed translations that fill gaps of a message file, and never replace a translation."""

import csv
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import polib

from exchange.core.interface_languages import TRANSLATED_LANGUAGES

GLOSSARY = Path(__file__).parent / "data" / "ui_glossary.csv"
VERBS = ("verb", "adverb", "particle")
CONTEXT_WORD = re.compile(r"[a-z]{4,}")


@dataclass(frozen=True)
class Term:
    """A term: English text, context, translations."""

    english: str
    context: str
    translations: dict[str, str]

    @property
    def part(self) -> str:
        """noun, verb, status, phrase, option ... : the first word of the context."""
        return re.split(r"[;, ]", self.context, maxsplit=1)[0]

    def fits(self, context: str | None) -> bool:
        """Whether a message with this gettext context may be this term.

        The text of a button is a verb, and no other text is; the state of a person or a message is not that of a programme.
        """
        if not context:
            return True
        if self.part == "status" and ("person" in self.context or "message" in self.context) and not self.kinship(context):
            return False
        asks = "button" in context or context.startswith(VERBS)
        return asks == (self.part in VERBS or "button" in self.context)

    def kinship(self, context: str | None) -> int:
        """The number of words that the two contexts share."""
        return len(set(CONTEXT_WORD.findall((context or "").lower())) & set(CONTEXT_WORD.findall(self.context.lower())))


class Glossary:
    """Terms by their English text."""

    def __init__(self, path: Path = GLOSSARY) -> None:
        self._terms: defaultdict[str, list[Term]] = defaultdict(list)
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                translations = {code: row[code].strip() for code in TRANSLATED_LANGUAGES if (row.get(code) or "").strip()}
                self._terms[_key(row["en"])].append(Term(row["en"], row["context"], translations))

    def term(self, message: str, context: str | None = None) -> Term | None:
        """The term for `message`, equal except for the case of the first letter.

        The capital letter of a button, a status or a name is significant: "read" is not "Read".
        """
        found = [term for term in self._terms[_key(message)] if term.fits(context) and _may_become(term, message)]
        return max(found, key=lambda term: (term.kinship(context), term.english == message), default=None)

    def translate(self, message: str, language: str, context: str | None = None) -> str:
        """The translation, with the case of the first letter of the message; empty when there is none."""
        term = self.term(message, context)
        if term is None or language not in term.translations:
            return ""
        return adapt_case(term.translations[language], like=message, unless=term.english)


def _key(text: str) -> str:
    return text[:1].lower() + text[1:]


def _may_become(term: Term, message: str) -> bool:
    lowered = term.english[:1].isupper() and message[:1].islower()
    return not (lowered and (term.part in (*VERBS, "status") or "name" in term.context))


def adapt_case(text: str, *, like: str, unless: str) -> str:
    """`text` with the case of the first letter of `like`; unchanged when `unless` begins with the same letter."""
    if like[:1] == unless[:1]:
        return text
    return (text[:1].upper() if like[:1].isupper() else text[:1].lower()) + text[1:]


def fill_message_file(messages: polib.POFile, language: str, glossary: Glossary) -> int:
    """Fill empty translations from the glossary; returns how many. Messages with plural forms are skipped."""
    filled = 0
    for entry in messages:
        if entry.obsolete or entry.msgstr or entry.msgid_plural:
            continue
        words = glossary.translate(entry.msgid, language, entry.msgctxt)
        if words:
            entry.msgstr = words
            filled += 1
    return filled
