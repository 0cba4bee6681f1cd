"""The vocabulary file: concepts with labels in seven languages, synonyms, and broader concepts."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from exchange.reference.tables import Problem, Row, read_table
from exchange.reference.writing import BATCH, Outcome, write_rows
from vocabulary.domain.vocabulary import forget_vocabulary
from vocabulary.models import Concept, ConceptLabel, Scheme
from vocabulary.signals import concepts_moved

FILE = "vocabulary.csv"
NATIONAL = ("kk", "ky", "uz", "tg", "tk")
LANGUAGES = ("en", "ru", *NATIONAL)
COLUMNS = ("id", "scheme", "broader", *LANGUAGES, "alt_en", "alt_ru", "alt_other", "hidden", "note")
MAX_LENGTH = 200
Label = tuple[str, str, str]
"""Language (empty when the file does not state it), kind, text."""


@dataclass
class ConceptRow:
    """A row of the file."""

    row: Row = field(repr=False)
    slug: str
    scheme: str
    broader: str
    label: dict[str, str]
    labels: list[Label]
    note: str


def read_vocabulary(folder: Path, problems: list[Problem]) -> dict[str, ConceptRow]:
    """All concepts of the file by slug; problems are added to `problems`."""
    rows = [_read(row) for row in read_table(folder / FILE, COLUMNS, problems)]
    found = {concept.slug: concept for concept in rows if concept.slug}
    for concept in rows:
        if concept.broader and concept.broader not in found:
            concept.row.wrong("broader", f"{concept.broader!r} is no id of this table")
        elif concept.broader and _is_circular(concept, found):
            concept.row.wrong("broader", f"{concept.broader!r} leads back to {concept.slug!r}")
    return found


def _read(row: Row) -> ConceptRow:
    label = {"en": row.text("en", max_length=MAX_LENGTH), "ru": row.text("ru", max_length=MAX_LENGTH)}
    label |= {code: row.text(code, max_length=MAX_LENGTH, required=False) for code in NATIONAL}
    label = {code: text for code, text in label.items() if text}
    preferred: list[Label] = [(code, ConceptLabel.Kind.PREFERRED, text) for code, text in label.items()]
    synonyms: list[Label] = [
        (code, ConceptLabel.Kind.ALTERNATIVE, text)
        for code, column in (("en", "alt_en"), ("ru", "alt_ru"))
        for text in row.many(column, max_length=MAX_LENGTH)
    ]
    # Both columns are used by search and never shown. `alt_other` mixes five languages without codes, and some of it is generated.
    hidden: list[Label] = [
        *(("", ConceptLabel.Kind.HIDDEN, text) for text in row.many("alt_other", max_length=MAX_LENGTH)),
        *((code, ConceptLabel.Kind.HIDDEN, text) for code, text in row.tagged("hidden", LANGUAGES, max_length=MAX_LENGTH)),
    ]
    return ConceptRow(
        row=row,
        slug=row.slug(),
        scheme=row.choice("scheme", Scheme.values),
        broader=row.text("broader", required=False),
        label=label,
        labels=list(dict.fromkeys([*preferred, *synonyms, *hidden])),
        note=row.text("note", required=False),
    )


def _is_circular(concept: ConceptRow, found: dict[str, ConceptRow]) -> bool:
    seen = {concept.slug}
    above = found.get(concept.broader)
    while above is not None:
        if above.slug == concept.slug:
            return True
        if above.slug in seen:
            return False  # a circle among broader concepts: reported at one of its members
        seen.add(above.slug)
        above = found.get(above.broader)
    return False


def write_vocabulary(rows: dict[str, ConceptRow]) -> Outcome:
    """Update the stored vocabulary from the file. Concepts that were reviewed on the site are skipped."""
    stored = {pk: (slug, place, reviewed) for pk, slug, reviewed, *place in _stored(rows)}
    reviewed = {slug for slug, _place, is_reviewed in stored.values() if is_reviewed}
    values = {slug: {"scheme": row.scheme, "label": _in_site_order(row.label), "note": row.note} for slug, row in rows.items()}
    known, outcome = write_rows(Concept, values, keep=reviewed)
    ours = {slug: row for slug, row in rows.items() if slug not in outcome.skipped}
    outcome.changed |= _write_broader(ours, known) | _write_labels(ours, known)
    if outcome.written:
        forget_vocabulary()
        moved = [pk for pk, slug, _reviewed, *place in _stored(rows) if pk in stored and stored[pk][1] != place]
        if moved:
            concepts_moved.send(Concept, concept_ids=moved)
    return outcome


def _stored(rows: dict[str, ConceptRow]) -> Any:
    """Id, slug, reviewed flag, scheme and broader concept of the stored concepts."""
    return Concept.objects.filter(slug__in=list(rows)).values_list("pk", "slug", "reviewed", "scheme", "broader")


def _in_site_order(label: dict[str, str]) -> dict[str, str]:
    return {code: label[code] for code, _ in settings.LANGUAGES if code in label}


def _write_broader(rows: dict[str, ConceptRow], known: dict[str, Concept]) -> set[str]:
    moved = []
    for slug, row in rows.items():
        above = known[row.broader].pk if row.broader else None
        if known[slug].broader_id != above:
            known[slug].broader_id = above
            moved.append(known[slug])
    if moved:
        Concept.objects.bulk_update(moved, ["broader"], batch_size=BATCH)
    return {concept.slug for concept in moved}


def _write_labels(rows: dict[str, ConceptRow], known: dict[str, Concept]) -> set[str]:
    """Replace the labels of these concepts by the wanted ones; returns the concepts whose labels changed."""
    slugs = {known[slug].pk: slug for slug in rows}
    stored = {
        (concept, language, kind, text): pk
        for pk, concept, language, kind, text in ConceptLabel.objects.filter(concept_id__in=list(slugs)).values_list(
            "pk", "concept_id", "language", "kind", "text"
        )
    }
    asked = dict.fromkeys((known[slug].pk, *label) for slug, row in rows.items() for label in row.labels)
    fresh = [key for key in asked if key not in stored]
    removed = {key: pk for key, pk in stored.items() if key not in asked}
    if removed:
        ConceptLabel.objects.filter(pk__in=list(removed.values())).delete()
    ConceptLabel.objects.bulk_create(
        [ConceptLabel(concept_id=concept, language=code, kind=kind, text=text) for concept, code, kind, text in fresh],
        batch_size=BATCH,
    )
    return {slugs[key[0]] for key in [*fresh, *removed]}
