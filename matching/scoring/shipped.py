"""The model over the vocabulary that is shipped with the project, for use without a database."""

import csv
from pathlib import Path

from matching.scoring.hierarchy import ConceptRow
from matching.scoring.model import Model
from matching.scoring.reading import Reader
from matching.scoring.weights import DEFAULT_WEIGHTS, Weights

VOCABULARY = Path(__file__).resolve().parent.parent.parent / "exchange" / "reference" / "data" / "vocabulary.csv"
LANGUAGES = ("en", "ru", "kk", "ky", "uz", "tg", "tk")
SYNONYMS = (("alt_en", "en"), ("alt_ru", "ru"), ("alt_other", ""))
LabelRow = tuple[str, str, str]


def shipped_model(weights: Weights = DEFAULT_WEIGHTS, path: Path = VOCABULARY) -> Model:
    """Concepts by their slugs. Takes some seconds, because the words of all labels are put into their forms."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    concepts = [ConceptRow(row["id"], row["id"], row["broader"] or None) for row in rows]
    shown, hidden = labels(rows)
    return Model(concepts, schemes={row["id"]: row["scheme"] for row in rows}, reader=Reader(shown, hidden), weights=weights)


def labels(rows: list[dict[str, str]]) -> tuple[list[LabelRow], list[LabelRow]]:
    """(concept, language or "", label): those that are shown with their synonyms, and the hidden ones."""
    shown: list[LabelRow] = []
    hidden: list[LabelRow] = []
    for row in rows:
        shown += [(row["id"], language, row[language]) for language in LANGUAGES if row[language]]
        shown += [
            (row["id"], language, text.strip()) for column, language in SYNONYMS for text in row[column].split(";") if text.strip()
        ]
        for tagged in filter(None, map(str.strip, row["hidden"].split(";"))):
            language, _colon, text = tagged.partition(":")
            hidden.append((row["id"], language.strip(), text.strip()))
    return shown, hidden
