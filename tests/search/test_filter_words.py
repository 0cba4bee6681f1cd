"""The words that name a filter: every tag exists, in seven languages, and no word names two things."""

import csv
from pathlib import Path

from django.conf import settings

from exchange.core.countries import Country
from exchange.core.spoken_languages import Language
from exchange.core.text import normalise_text
from institutions.models.institutions import InstitutionKind
from programs.states import Modality, ProgramKind
from tests.reference.test_vocabulary_file import hidden, table
from vocabulary.names.tokens import normalise_name

FILE = Path(settings.BASE_DIR) / "search" / "data" / "filter_words.csv"
LANGUAGES = ("en", "ru", "kk", "ky", "uz", "tg", "tk")
TAGS = {
    *(f"kind:{kind}" for kind in ProgramKind.values),
    *(f"kind:{kind}" for kind in InstitutionKind.values),
    *(f"modality:{modality}" for modality in Modality.values),
    *(f"country:{country}" for country in Country.values),
    "funding:1",
}


def entries():
    """(tag, language, words) of each row."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return [(row["tag"], row["language"], [word.strip() for word in row["words"].split(";")]) for row in csv.DictReader(file)]


def test_every_tag_of_the_documents_has_words_in_seven_languages():
    rows = [(tag, language) for tag, language, _words in entries()]
    spoken = {tag for tag, _language in rows if tag.startswith("language:")}

    assert len(rows) == len(set(rows))
    assert set(rows) == {(tag, language) for tag in TAGS | spoken for language in LANGUAGES}
    assert {f"language:{code}" for code in LANGUAGES} <= spoken <= {f"language:{code}" for code in Language.values}


def test_no_word_is_empty_or_written_twice():
    for tag, language, words in entries():
        assert all(words), (tag, language)
        assert len(words) == len(set(words)), (tag, language)


def test_a_word_names_one_filter():
    tags = {}
    for tag, _language, words in entries():
        for word in words:
            tags.setdefault(normalise_name(word), set()).add(tag)

    assert {word: named for word, named in tags.items() if len(named) > 1} == {}


def test_a_word_of_a_filter_is_neither_a_preferred_nor_a_hidden_label_of_a_concept():
    concepts = {}
    for row in table():
        for text in [*(row[code] for code in LANGUAGES if row[code]), *(text for _code, text in hidden(row))]:
            concepts[normalise_text(text)] = row["id"]

    both = {word: concepts.get(normalise_text(word)) for _tag, _language, words in entries() for word in words}

    assert {word: concept for word, concept in both.items() if concept} == {}
