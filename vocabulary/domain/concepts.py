"""The searchable labels of the vocabulary: one copy a process, rebuilt with its copy of the vocabulary."""

from vocabulary.domain.vocabulary import vocabulary
from vocabulary.models import ConceptLabel
from vocabulary.subjects import Labels


class _Copy:
    serial = -1
    labels: Labels | None = None


def labels() -> Labels:
    """Every label of every concept in every language."""
    known = vocabulary()
    if _Copy.labels is None or _Copy.serial != known.serial:
        rows = [(term.id, language, text) for term in known for language, text in term.label.items()]
        rows += ConceptLabel.objects.order_by("pk").values_list("concept_id", "language", "text")
        _Copy.labels, _Copy.serial = Labels.build(dict.fromkeys(rows)), known.serial
    return _Copy.labels
