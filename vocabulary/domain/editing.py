"""Changing the vocabulary on the site: a new concept, its labels in each language, its broader concept."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from exchange.core.access import require
from exchange.core.errors import DomainError
from exchange.core.history import record_history
from exchange.core.versions import Version, check_version, version_of_rows
from vocabulary.domain.vocabulary import forget_vocabulary
from vocabulary.models import Concept, ConceptLabel
from vocabulary.rules import can_edit_vocabulary
from vocabulary.signals import concepts_moved

MAX_LABEL_LENGTH = 200
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


@dataclass(frozen=True)
class ConceptTexts:
    """What an editor writes of a concept. `names` are further names by language, found by the search and shown as alternatives."""

    scheme: str
    label: Mapping[str, str]
    broader: Concept | None = None
    note: str = ""
    names: Mapping[str, list[str]] = field(default_factory=dict)
    reviewed: bool = True


def concept_version(concept: Concept) -> str:
    """The version of a concept with all its labels."""
    rows = concept.labels.order_by("pk").values_list("language", "kind", "text")
    return version_of_rows([(concept.scheme, concept.broader_id, dict(concept.label), concept.note, concept.reviewed), *rows])


def names_of(concept: Concept) -> dict[str, list[str]]:
    """The alternative labels in the languages of the site."""
    found: dict[str, list[str]] = {}
    rows = concept.labels.filter(kind=ConceptLabel.Kind.ALTERNATIVE, language__in=LANGUAGES).order_by("pk")
    for language, text in rows.values_list("language", "text"):
        found.setdefault(language, []).append(text)
    return found


@transaction.atomic
def create_concept(slug: str, texts: ConceptTexts, *, by: User) -> Concept:
    """Add a concept, with a history row. Raises Refusal to anyone but the secretariat, DomainError `slug-taken`, `long-name`."""
    require(can_edit_vocabulary(by))
    concept = Concept(slug=slug)
    _write(concept, texts)
    record_history(concept, transition="create", by=by, data={"label": dict(concept.label), "scheme": concept.scheme})
    forget_vocabulary()
    return concept


@transaction.atomic
def edit_concept(concept: Concept, texts: ConceptTexts, *, by: User, version: Version | None = None) -> Concept:
    """Change a concept, with a history row; its slug stays, because programmes, profiles and other systems refer to it.

    Sends `concepts_moved` when its scheme or broader concept changed. Raises Refusal to anyone but the secretariat, StaleError when it
    was changed since `version`, DomainError `circle` when the broader concept is the concept itself or narrower, `long-name`.
    """
    require(can_edit_vocabulary(by))
    stored = Concept.objects.select_for_update(of=("self",)).get(pk=concept.pk)
    check_version(version, concept_version(stored))
    _refuse_circle(stored, texts.broader)
    before = (stored.scheme, stored.broader_id)
    told = {"label": [dict(stored.label), dict(texts.label)]}
    _write(stored, texts)
    record_history(stored, transition="edit", by=by, data=told)
    forget_vocabulary()
    if (stored.scheme, stored.broader_id) != before:
        concepts_moved.send(Concept, concept_ids=[stored.pk])
    return stored


def _write(concept: Concept, texts: ConceptTexts) -> None:
    concept.scheme, concept.label, concept.note = texts.scheme, dict(texts.label), texts.note
    concept.broader, concept.reviewed = texts.broader, texts.reviewed
    if any(len(name) > MAX_LABEL_LENGTH for names in texts.names.values() for name in names):
        raise DomainError(_("A name has at most %(most)s characters.") % {"most": MAX_LABEL_LENGTH}, code="long-name")
    try:
        with transaction.atomic():
            concept.save()
    except IntegrityError as error:
        raise DomainError(_("Another concept has this id."), code="slug-taken") from error
    _write_labels(concept, ConceptLabel.Kind.PREFERRED, {code: [text] for code, text in concept.label.items()})
    _write_labels(concept, ConceptLabel.Kind.ALTERNATIVE, texts.names)


def _write_labels(concept: Concept, kind: str, wanted: Mapping[str, list[str]]) -> None:
    """Replace the labels of a kind in the languages of the site; those of other languages stay."""
    asked = {(code, text) for code, names in wanted.items() for text in names}
    stored = {(row.language, row.text): row for row in concept.labels.filter(kind=kind, language__in=LANGUAGES)}
    for key in stored.keys() - asked:
        stored[key].delete()
    fresh = sorted(asked - stored.keys())
    ConceptLabel.objects.bulk_create([ConceptLabel(concept=concept, language=code, kind=kind, text=text) for code, text in fresh])


def _refuse_circle(concept: Concept, broader: Concept | None) -> None:
    """Read from the database, not from the copy in memory: another process may have moved a concept a moment ago."""
    above, seen = broader, set()
    while above is not None and above.pk not in seen:
        if above.pk == concept.pk:
            raise DomainError(_("A concept cannot be narrower than itself."), code="circle")
        seen.add(above.pk)
        above = above.broader
