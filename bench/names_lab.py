"""The gold of names and the plain-Python engine it is measured on: an inverted index in a dict, as the real engines count."""

import csv
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from search.engines.base import ENOUGH_SIMILAR, SIMILAR_STEPS
from vocabulary import names
from vocabulary.names.trigrams import sets_of_name, tri3

DATA = Path(__file__).parent / "data"
CANDIDATES = 200
FUZZY_FOUND = 100
# Another name altogether (Рыбачье for Балыкчи), a translation, or a surname alone: no spelling rule can or should rank these first.
OUTSIDE_CORE = {"exonym", "translated-org", "partial"}
HOMES = ("kk", "ky", "uz", "tg", "tk")


class Query(NamedTuple):
    """A spelling typed, and the one stored spelling of the same person or place it must find."""

    text: str
    target: str
    entity: str
    kind: str
    what: str
    home: str


class Stored(NamedTuple):
    """A name in the index. Of each entity the first spelling competes with the queries of the others."""

    text: str
    entity: str
    first: bool


class Hit(NamedTuple):
    """One ranked answer."""

    score: float
    right: bool


@dataclass
class Answer:
    """What came back for a query: where the right name stands (0: nowhere), and the best scores."""

    query: Query
    rank: int
    hits: list[Hit]
    fuzzy_found: bool


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def gold() -> list[Query]:
    """Both directions of every pair: each side is the query once and the one stored spelling once."""
    queries = []
    for row in rows("names_gold.tsv"):
        entity, what, home = row["note"].split(";")
        for query, target in ((row["a"], row["b"]), (row["b"], row["a"])):
            queries.append(Query(query, target, entity, row["kind"], what, home.removeprefix("home=")))
    return queries


def distractors() -> list[Stored]:
    return [Stored(row["name"], "", True) for row in rows("names_distractors.tsv")]


def cities() -> list[Query]:
    """Every spelling of a city of CLDR against its Russian and its English one, unless they are spelt alike."""
    queries = []
    for row in rows("cldr_cities.tsv"):
        for stored in ("ru", "en"):
            for language in ("kk", "ky", "uz", "uzc", "tg", "tk", "en"):
                typed, target = row[language], row[stored]
                if typed and language != stored and typed.lower() != target.lower():
                    queries.append(Query(typed, target, row["zone"], stored, "city", language))
    return queries


def with_typo(text: str, chance: random.Random) -> str:
    """One letter of a word of four or more left out, doubled by another, replaced, or swapped with its neighbour."""
    places = [at for at, letter in enumerate(text) if letter.isalpha()]
    long = [at for at in places if _word_length(text, at) >= 4] or places
    at = chance.choice(long)
    letter = chance.choice("aeiourtnslkmd" if text[at].isascii() else "аеиоуртнслкмд")
    kind = chance.choice("drit")
    if kind == "d":
        return text[:at] + text[at + 1 :]
    if kind == "r":
        return text[:at] + letter + text[at + 1 :]
    if kind == "i":
        return text[:at] + letter + text[at:]
    return text[:at] + text[at + 1 : at + 2] + text[at] + text[at + 2 :]


def _word_length(text: str, at: int) -> int:
    left, right = at, at
    while left > 0 and text[left - 1].isalpha():
        left -= 1
    while right < len(text) and text[right].isalpha():
        right += 1
    return right - left


@dataclass
class Engine:
    """Candidates, fuzzy match and final order over stored names, in dictionaries."""

    stored: list[Stored]
    fuzzy_below: float = names.FUZZY_BELOW
    likeness: Callable[[str, str], float] = names.likeness
    by_key: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_gram: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    gram_counts: list[int] = field(default_factory=list)
    keys: int = 0

    def __post_init__(self) -> None:
        for number, name in enumerate(self.stored):
            stored_keys = names.stored_keys(name.text)
            self.keys += len(stored_keys)
            for key in stored_keys:
                self.by_key[key].append(number)
            grams = names.grams(name.text)
            self.gram_counts.append(len(grams))
            for gram in grams:
                self.by_gram[gram].append(number)

    @cached_property
    def numbers(self) -> dict[tuple[str, str], int]:
        return {(name.entity, name.text): number for number, name in enumerate(self.stored)}

    def competes(self, number: int, query: Query) -> bool:
        """One stored name per person: of the query's own the target alone, of all others the first."""
        name = self.stored[number]
        return name.text == query.target if name.entity == query.entity else name.first

    def candidates(self, query: Query) -> list[int]:
        scores: Counter[int] = Counter()
        for clause in names.query_clauses(query.text):
            heaviest: dict[int, int] = {}
            for key, weight in clause:
                for number in self.by_key.get(key, ()):
                    if weight > heaviest.get(number, 0):
                        heaviest[number] = weight
            scores.update(heaviest)
        ranked = sorted((-score, number) for number, score in scores.items())
        found = []
        for _score, number in ranked:
            if self.competes(number, query):
                found.append(number)
                if len(found) == CANDIDATES:
                    break
        return found

    def fuzzy_match(self, query: Query) -> list[int]:
        asked, asked_sets = names.grams(query.text), sets_of_name(query.text)
        shared: Counter[int] = Counter()
        for gram in asked:
            shared.update(self.by_gram.get(gram, ()))
        similar = {
            number: count / (len(asked) + self.gram_counts[number] - count)
            for number, count in shared.items()
            if self.competes(number, query)
        }
        near: list[int] = []
        for least in SIMILAR_STEPS:
            near = [number for number, likeness in similar.items() if likeness >= least]
            if len(near) >= ENOUGH_SIMILAR:
                break
        return sorted(near, key=lambda number: (-tri3(asked_sets, sets_of_name(self.stored[number].text)), number))[:FUZZY_FOUND]

    def answer(self, query: Query) -> Answer:
        scored = self._scored(query, self.candidates(query))
        fuzzy_found = not scored or max(scored.values()) < self.fuzzy_below
        if fuzzy_found:
            scored |= self._scored(query, self.fuzzy_match(query))
        target = self.numbers[query.entity, query.target]
        rank = 0
        if target in scored:  # ties count against us
            rank = sum(score >= scored[target] for score in scored.values())
        best = sorted(((score, number) for number, score in scored.items()), reverse=True)[:10]
        return Answer(query, rank, [Hit(score, number == target) for score, number in best], fuzzy_found)

    def _scored(self, query: Query, numbers: Iterable[int]) -> dict[int, float]:
        return {number: self.likeness(query.text, self.stored[number].text) for number in numbers}


def engine_of(queries: list[Query], others: list[Stored]) -> Engine:
    """The entities of these queries, each with all its spellings, among the others."""
    seen: dict[tuple[str, str], bool] = {}
    entities: set[str] = set()
    for query in queries:
        for text in (query.target,) if query.what == "city" else (query.text, query.target):
            if (query.entity, text) not in seen:
                seen[query.entity, text] = query.entity not in entities
                entities.add(query.entity)
    return Engine([*(Stored(text, entity, first) for (entity, text), first in seen.items()), *others])


def recall(answers: list[Answer], within: int) -> float:
    return sum(0 < answer.rank <= within for answer in answers) / len(answers) if answers else float("nan")


def recall_at_precision(answers: list[Answer], precision: float) -> float:
    """Over all answers shown (ten a query), one threshold on the score: the most queries answered with this share of right ones."""
    hits = sorted((hit for answer in answers for hit in answer.hits), reverse=True)
    right = best = 0
    for shown, hit in enumerate(hits, start=1):
        right += hit.right
        if right / shown >= precision:
            best = right
    return best / len(answers)
