"""The passage of a text by which a hit was found, with the words marked; of texts that the reader may read."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from institutions.models import Institution
from profiles.domain.visibility import HEAD, can_see_part
from profiles.models import ExpertProfile
from programs.models import Program
from search.domain.subjects import Subjects
from search.domain.texts import SourceText, own_texts, row_texts, texts_of
from search.domain.tokens import TITLE, with_broader
from search.models import SearchKind
from vocabulary.domain.concepts import concept_places
from vocabulary.words import affirmed, is_function_word, stored_forms

LENGTH = 180
"""Letters of a passage, about."""
MAX_TEXT = 6_000
"""Letters of one text that are looked through."""
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
# ʻ and ʼ are letters: a sign that were both would make the pattern take exponential time.
_WORD = re.compile(r"[^\W_](?:[^\W_]|['’‘`´-](?=[^\W_]))*")


@dataclass(frozen=True)
class Piece:
    """A run of letters, marked or not."""

    text: str
    marked: bool


@dataclass(frozen=True)
class Passage:
    """A part of a text. `language` is empty where it is not known."""

    pieces: tuple[Piece, ...]
    language: str

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    @property
    def marks(self) -> list[tuple[int, int]]:
        """Where the marked words begin and end in `text`."""
        found, place = [], 0
        for piece in self.pieces:
            if piece.marked:
                found.append((place, place + len(piece.text)))
            place += len(piece.text)
        return found


def passages_of(user: Any, kind: str, subjects: Mapping[int, Any], asked: Subjects, language: str) -> dict[int, Passage]:
    """By id, the passages of these rows, for those that have one. A constant number of queries.

    Titles and headlines stand on every card and are no passage. A text in `language` comes before one in another.
    """
    wanted = _Wanted(asked)
    if not wanted or not subjects:
        return {}
    found = {}
    for pk, texts in _texts(kind, list(subjects)).items():
        readable = [source for source in _readable(user, texts, subjects[pk]) if source.text and source.place != TITLE]
        if passage := _best(sorted(readable, key=lambda source: source.language not in {"", language}), wanted):
            found[pk] = passage
    return found


class _Wanted:
    """What is marked: the forms of plain words, and the concepts."""

    def __init__(self, asked: Subjects) -> None:
        self.forms = frozenset(form for forms in asked.literal for form in forms)
        self.concepts = frozenset(pk for one in asked.concepts for pk in one.meanings)

    def __bool__(self) -> bool:
        return bool(self.forms or self.concepts)


def _best(texts: Iterable[SourceText], wanted: _Wanted) -> Passage | None:
    """The sentence with most of what is wanted; of equal ones the first."""
    best: tuple[int, str, list[tuple[int, int]], str] | None = None
    for source in texts:
        said = affirmed(source.text[:MAX_TEXT], source.language)
        for sentence in _SENTENCE.findall(said):
            marks, kinds = _marks(sentence, source.language, wanted)
            if kinds > (best[0] if best else 0):
                best = (kinds, sentence, marks, source.language)
    return None if best is None else Passage(tuple(_cut(best[1], best[2])), best[3])


def _marks(sentence: str, language: str, wanted: _Wanted) -> tuple[list[tuple[int, int]], int]:
    """Where the wanted words stand, and how many different ones there are."""
    spans = [(one.start(), one.end(), one.group()) for one in _WORD.finditer(sentence)]
    words = [(start, end, stored_forms(word, language)) for start, end, word in spans if not is_function_word(word)]
    marked: dict[int, object] = {}
    for place, (_start, _end, forms) in enumerate(words):
        if said := forms & wanted.forms:
            marked[place] = min(said)
    if wanted.concepts:
        for found in concept_places([forms for _start, _end, forms in words], language):
            meant = with_broader(found.values) & wanted.concepts
            for place in range(found.start, found.end) if meant else ():
                marked.setdefault(place, min(meant))
    return [(words[place][0], words[place][1]) for place in sorted(marked)], len(set(marked.values()))


def _cut(sentence: str, marks: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    """The sentence around its first mark, about LENGTH letters of it, in pieces."""
    start = max(0, marks[0][0] - LENGTH // 3) if len(sentence) > LENGTH else 0
    end = min(len(sentence), start + LENGTH)
    if start:
        start = sentence.rfind(" ", 0, start + 1) + 1
    if end < len(sentence):
        end = max(sentence.rfind(" ", 0, end), marks[0][1])
    place = start + len(sentence[start:end]) - len(sentence[start:end].lstrip())
    yield Piece("… " if start else "", marked=False)
    for first, last in marks:
        if last <= end:
            yield Piece(sentence[place:first], marked=False)
            yield Piece(sentence[first:last], marked=True)
            place = last
    yield Piece(sentence[place:end].rstrip() + (" …" if end < len(sentence) else ""), marked=False)


# ---- reading ---------------------------------------------------------------------------------------------------------


def _texts(kind: str, ids: Sequence[int]) -> dict[int, list[SourceText]]:
    if kind == SearchKind.EXPERT:
        profiles = ExpertProfile.objects.only("headline", "biography", "biography_language").filter(pk__in=ids)
        rows = row_texts(ids)
        return {profile.pk: [*own_texts(profile), *rows.get(profile.pk, ())] for profile in profiles}
    subjects: QuerySet[Any] = (
        Program.objects.only("title", "summary", "description", "funding")
        if kind == SearchKind.PROGRAM
        else Institution.objects.defer("source").select_related("fact_sheet").prefetch_related("names")
    )
    return {subject.pk: list(texts_of(kind, subject)) for subject in subjects.filter(pk__in=ids)}


def _readable(user: Any, texts: Iterable[SourceText], subject: Any) -> Iterator[SourceText]:
    """Those that this reader may read; `subject` is the row as the visibility check read it."""
    parts: dict[str, bool] = {HEAD: True}
    for source in texts:
        if source.part not in parts:
            parts[source.part] = can_see_part(subject, source.part, user)
        if parts[source.part]:
            yield source
