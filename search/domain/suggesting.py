"""Suggestions while somebody types: people, programmes and institutions by the beginning of a name, concepts by their labels.

The cost is bounded: each query reads a few dozen rows at most and has a time limit of a fraction of a second. A query that runs
out of time returns no suggestions.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from anyascii import anyascii
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exchange.core.countries import Country
from exchange.core.towns import town
from institutions.models import Institution
from profiles.models import ExpertProfile
from profiles.models.experts import audiences_open_to
from programs.models import Program
from search.domain.indexing import active_generation
from search.domain.params import SearchParams
from search.domain.query import clean_words
from search.engines.base import EngineError, Scope
from search.engines.prefixes import Prefixes, Started
from search.models import SearchKind
from vocabulary.domain.concepts import labels
from vocabulary.domain.vocabulary import Term, Vocabulary, vocabulary
from vocabulary.models import Scheme
from vocabulary.names import skeletons, word_keys
from vocabulary.names.forms import medium

MAX_PEOPLE, MAX_CONCEPTS, MAX_PROGRAMS, MAX_INSTITUTIONS = 5, 4, 3, 3
CONSIDERED = 60
MAX_TYPED_LENGTH = 80
MAX_WORDS = 5
TIMEOUT = 0.25
MIN_WORD = 3
"""Number of sounds from which trigrams are used; for shorter input the order of names is."""
MAX_READINGS = 3
NEAR_CONCEPT = 0.65


@dataclass(frozen=True)
class Suggestion:
    """One line of the list: its text, the text beside it, its link."""

    label: str
    note: str
    url: str


@dataclass(frozen=True)
class Group:
    """The suggestions of one kind."""

    name: str
    title: str | Promise
    items: list[Suggestion]


def suggest(user: Any, text: str, *, kind: str = "") -> list[Group]:
    """People, concepts, programmes and institutions the reader may see, best first; on the tab of one kind only concepts and that kind."""
    words = clean_words(text)[:MAX_TYPED_LENGTH]
    if not words:
        return []
    groups = [
        Group("people", _("Experts"), _people(user, words) if kind in {"", SearchKind.EXPERT} else []),
        Group("concepts", _("Concepts"), _concepts(words, kind)),
        Group("programs", _("Programmes"), _programs(user, words) if kind in {"", SearchKind.PROGRAM} else []),
        Group("institutions", _("Institutions"), _institutions(user, words) if kind in {"", SearchKind.INSTITUTION} else []),
    ]
    return [group for group in groups if group.items]


def _people(user: Any, words: str) -> list[Suggestion]:
    found = _started(user, SearchKind.EXPERT, words, MAX_PEOPLE)
    rows = (
        ExpertProfile.objects.visible_to(user)
        .only("shown_name", "latin_name", "country")
        .in_bulk([each.object_id for each in found])
    )
    shown = []
    for each in found:
        if profile := rows.get(each.object_id):
            notes = [each.text if each.text != profile.shown_name else profile.latin_name, _country(profile.country)]
            notes = [note for note in notes if note and note != profile.shown_name]
            shown.append(Suggestion(profile.shown_name, " · ".join(notes), profile.get_absolute_url()))
    return shown


def _programs(user: Any, words: str) -> list[Suggestion]:
    found = _started(user, SearchKind.PROGRAM, words, MAX_PROGRAMS)
    rows = (
        Program.objects.visible_to(user)
        .filter(was_published=True)
        .only("title", "slug", "city", "country")
        .in_bulk([each.object_id for each in found])
    )
    shown = []
    for each in found:
        if program := rows.get(each.object_id):
            notes = [each.text if each.text not in program.title.values() else "", town(program.city), _country(program.country)]
            address = program.get_absolute_url()
            shown.append(Suggestion(str(program.title), " · ".join(note for note in notes if note), address))
    return shown


def _institutions(user: Any, words: str) -> list[Suggestion]:
    found = _started(user, SearchKind.INSTITUTION, words, MAX_INSTITUTIONS)
    rows = Institution.objects.visible_to(user).only("name", "slug", "city", "country").in_bulk([each.object_id for each in found])
    shown = []
    for each in found:
        if institution := rows.get(each.object_id):
            name = str(institution.name)
            notes = [
                each.text if each.text not in institution.name.values() else "",
                town(institution.city),
                _country(institution.country),
            ]
            shown.append(Suggestion(name, " · ".join(note for note in notes if note), institution.get_absolute_url()))
    return shown


def _country(code: str) -> str:
    return str(Country(code).label) if code in Country.values else ""


def _concepts(words: str, kind: str) -> list[Suggestion]:
    """Each leads to a search by the concept, with everything narrower."""
    return [
        Suggestion(
            term.title,
            str(Scheme(term.scheme).label),
            f"{reverse('search')}?{SearchParams(kind=kind, filters={'concept': (str(term.pk),)}).address()}",
        )
        for term in _named(words)
    ]


def _named(words: str) -> list[Term]:
    """Concepts with a label that goes on like this: as it is written, then as it sounds in another script, then nearly so."""
    known = vocabulary()
    found = known.find(words, limit=MAX_CONCEPTS)
    typed = _typed(words)
    if len(found) < MAX_CONCEPTS and typed and sum(len(forms[0]) for forms in typed) >= MIN_WORD:
        sounding = [pk for pk, label in _labels(known) if all(any(f" {form}" in label for form in forms) for forms in typed)]
        found += [known.concept(pk) for pk in dict.fromkeys(sounding)]
        found += [
            known.concept(int(match.concept_id)) for match in labels().rank(words, MAX_CONCEPTS) if match.score >= NEAR_CONCEPT
        ]
    return list({term.pk: term for term in found}.values())[:MAX_CONCEPTS]


class _Copy:
    serial = -1
    labels: list[tuple[int, str]] = []


def _labels(known: Vocabulary) -> list[tuple[int, str]]:
    """Every label as it sounds, each word after a space, shortest first; computed once per copy of the vocabulary."""
    if _Copy.serial != known.serial:
        rows = [(term.pk, f" {skeletons(label).medium}") for term in known for label in term.labels]
        _Copy.labels, _Copy.serial = sorted(set(rows), key=lambda row: (len(row[1]), row)), known.serial
    return _Copy.labels


# ---- names -----------------------------------------------------------------------------------------------------------


def _started(user: Any, kind: str, words: str, limit: int) -> list[Started]:
    """The best documents with a name that goes on like this, each once."""
    index = active_generation()
    if index is None:
        return []
    scope = Scope(generation=index.pk, kind=str(kind), level=len(audiences_open_to(user)) - 1)
    engine = Prefixes(time.monotonic() + TIMEOUT)
    typed = _typed(words)
    try:
        if typed and max(len(form) for forms in typed for form in forms) >= MIN_WORD:
            found = engine.by_words(scope, typed, CONSIDERED)
        else:
            heads = dict.fromkeys(head for head in (words.casefold(), anyascii(words).casefold().strip()) if head)
            found = engine.by_order(scope, list(heads), 2 * limit)
    except EngineError:
        return []
    return _best(found, words, limit)


def _typed(words: str) -> list[tuple[str, ...]]:
    """Each word as it may sound, with its vowels unified, in the form of the medium skeleton of a name."""
    return [
        tuple(dict.fromkeys(medium(reading) for reading in sorted(readings)))[:MAX_READINGS]
        for readings in word_keys(words)[:MAX_WORDS]
    ]


def _best(found: Iterable[Started], words: str, limit: int) -> list[Started]:
    search_params = [readings for readings in word_keys(words)[:MAX_WORDS] if readings]
    best: dict[int, tuple[float, Started]] = {}
    for each in found:
        score = _nearness(search_params, each)
        if each.object_id not in best or score > best[each.object_id][0]:
            best[each.object_id] = (score, each)
    ranked = sorted(best.values(), key=lambda row: (-row[0], -row[1].quality, row[1].object_id))
    return [each for _score, each in ranked[:limit]]


def _nearness(search_params: Sequence[frozenset[str]], name: Started) -> float:
    """How well the words fit the beginnings of the name's words: equal sounds rank before similar ones, the first word before later ones."""
    score = 0.0
    words = name.strict.split()
    for readings in search_params:
        near = [
            (2.0 if word in readings else 1.0) + (0.25 if place == 0 else 0.0)
            for place, word in enumerate(words)
            if word.startswith(tuple(readings))
        ]
        score += max(near, default=0.0)
    return score + 0.1 * name.shown - 0.01 * len(words)
