"""The plain comparison of `bench.words`: documents that share most first four letters of words with the query."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

LETTERS = 4
_WORD = re.compile(r"\w+")


def beginnings(text: str) -> set[str]:
    """The first letters of each word, in lower case."""
    return {word[:LETTERS] for word in _WORD.findall(unicodedata.normalize("NFKC", text).casefold())}


class Plain:
    """The texts of all documents and the labels of their concepts, in every language; `keys` by kind and id."""

    def __init__(self, keys: dict[tuple[str, int], str]) -> None:
        self.documents: dict[str, list[tuple[str, set[str]]]] = {}
        for kind, read in (("program", _programs), ("institution", _institutions), ("expert", _experts)):
            rows = sorted((keys[kind, pk], beginnings(" ".join(texts))) for pk, texts in read() if (kind, pk) in keys)
            self.documents[kind] = rows

    def best(self, kind: str, query: str, limit: int) -> tuple[str, ...]:
        """The keys of the documents that share something, most first; equal ones in the order of their keys."""
        asked = beginnings(query)
        shared = ((len(asked & held), key) for key, held in self.documents[kind])
        return tuple(key for _number, key in sorted((-number, key) for number, key in shared if number)[:limit])


def _programs() -> Iterator[tuple[int, list[str]]]:
    from programs.models import Program

    for row in Program.objects.select_related("institution").prefetch_related("concepts"):
        texts = _texts(row.title, row.summary, row.description, row.funding, row.institution.name)
        yield row.pk, [*texts, row.institution.short_name, row.city, *_labels(each.pk for each in row.concepts.all())]


def _institutions() -> Iterator[tuple[int, list[str]]]:
    from institutions.models import Institution

    for row in Institution.objects.prefetch_related("fields", "names"):
        texts = _texts(row.name, row.description, row.facilities)
        further = [name.text for name in row.names.all()]
        yield row.pk, [*texts, *further, row.short_name, row.city, *_labels(each.pk for each in row.fields.all())]


def _experts() -> Iterator[tuple[int, list[str]]]:
    from profiles.models import ExpertProfile

    rows = ExpertProfile.objects.select_related("affiliation").prefetch_related("names", "profile_fields", "competences")
    for row in rows:
        concepts = [each.concept_id for each in row.profile_fields.all()]
        for held in row.competences.all():
            concepts += filter(None, (held.technique_id, held.material_id, held.object_type_id))
        texts = _texts(row.affiliation.name) if row.affiliation else []
        names = [name.full for name in row.names.all()]
        yield row.pk, [*texts, *names, row.headline, row.biography, row.city, *_labels(concepts)]


def _texts(*fields: Any) -> list[str]:
    return [text for values in fields for text in values.values()]


def _labels(ids: Iterable[int]) -> list[str]:
    from vocabulary.domain.vocabulary import vocabulary

    known = vocabulary()
    return [text for pk in ids for text in known.terms[pk].label.values()]
