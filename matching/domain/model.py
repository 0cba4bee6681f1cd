"""The model in force: the vocabulary of the database with the active weights; one copy a process, rebuilt when either changes."""

import hashlib
from dataclasses import dataclass
from datetime import date

from matching.domain.weights import active_weights
from matching.scoring.hierarchy import ConceptRow
from matching.scoring.model import Model
from matching.scoring.reading import Reader
from vocabulary.domain.concepts import phrase_tables
from vocabulary.domain.vocabulary import Vocabulary, vocabulary

CODE_VERSION = 1
"""Vectors of another version of the arithmetic are computed again."""


@dataclass(frozen=True)
class ModelInForce:
    """The model, and the stamp of what is computed with it on this day."""

    model: Model
    stamp: str


class _Copy:
    """The copy of this process, by the copy of the vocabulary and the data of the weights."""

    key: tuple[int, str] = (-1, "")
    model: Model
    content: str


def current_model(today: date) -> ModelInForce:
    """The model in force, at most some seconds old as far as the vocabulary goes. One query."""
    known, weights = vocabulary(), active_weights()
    key = (known.serial, repr(sorted(weights.to_data().items())))
    if _Copy.key != key:
        _Copy.model = Model(
            [ConceptRow(term.id, term.slug, term.broader_id) for term in known],
            schemes={term.id: term.scheme for term in known},
            reader=current_reader(),
            weights=weights,
        )
        _Copy.content = _content(known, key[1])
        _Copy.key = key
    stamp = hashlib.sha256(f"{CODE_VERSION} {today.year} {_Copy.content}".encode()).hexdigest()
    return ModelInForce(_Copy.model, stamp)


def current_reader() -> Reader:
    """Reads concepts out of texts, by the labels of the vocabulary as it is now. No query while that does not change."""
    return Reader.of(*phrase_tables())


def _content(known: Vocabulary, weights: str) -> str:
    """A digest of all that vectors depend on beside the profile."""
    digest = hashlib.sha256(weights.encode())
    for term in sorted(known, key=lambda term: term.slug):
        digest.update(repr((term.id, term.slug, term.scheme, term.broader_id, term.labels)).encode())
    return digest.hexdigest()
