"""The graded pairs of matching and the baselines they are compared with; invented people and programmes in any number."""

import csv
import datetime
import json
import math
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np

from matching.scoring import Call, Model, Person, Row
from matching.scoring.files import read_people, read_programs
from matching.scoring.tables import People
from vocabulary.words import is_function_word, stored_forms, tokens

DATA = Path(__file__).resolve().parent / "data"
TODAY = datetime.date(2026, 11, 30)
COUNTRIES = ("KZ", "KG", "TJ", "TM", "UZ", "US")
LANGUAGES = ("en", "ru", "kk", "ky", "uz", "tg", "tk")
K1, B = 1.2, 0.75


class Graded:
    """The set: programmes and experts by id, grades by pair, the half of each programme."""

    def __init__(self):
        self.people = read_people(DATA / "match_experts.jsonl")
        self.programs = read_programs(DATA / "match_programs.jsonl")
        with (DATA / "match_pairs.tsv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
        self.grades = {(row["program_id"], row["expert_id"]): int(row["grade"]) for row in rows}
        self.half = {row["program_id"]: row["split"] for row in rows}
        self.words_of_people = [
            words_of(line["biography"], line["bio_lang"], slugs_of_expert(line)) for line in lines("match_experts.jsonl")
        ]
        self.words_of_programs = [
            words_of(f"{line['title']} {line['text']}", line["text_lang"], line["concepts"])
            for line in lines("match_programs.jsonl")
        ]

    def ranked(self, score: Callable[[int, int], float]) -> dict[str, tuple[float, float]]:
        """nDCG@10 and the share of grade 3 among the first ten, by half; equal scores by id."""
        names = list(self.people)
        found: dict[str, list[tuple[float, float]]] = {}
        for number, program in enumerate(self.programs):
            order = sorted(range(len(names)), key=lambda place: (-score(number, place), names[place]))
            grades = [self.grades[program, names[place]] for place in order]
            for half in (self.half[program], "all"):
                found.setdefault(half, []).append(
                    (ndcg(grades), sum(grade == 3 for grade in grades[:10]) / max(1, grades.count(3)))
                )
        return {half: tuple(np.mean(rows, axis=0)) for half, rows in found.items()}


def lines(name):
    with (DATA / name).open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def slugs_of_expert(line):
    rows = [row[key] for row in line["competences"] for key in ("material", "object_type", "technique") if row[key]]
    return [*line["fields"]["primary"], *line["fields"]["secondary"], *rows]


def words_of(text, language, slugs):
    """A text as forms, and concepts as words of their own: what BM25 and TF-IDF compare."""
    forms = [min(stored_forms(word, language)) for word in tokens(text) if not is_function_word(word)]
    return Counter([*forms, *(f"concept:{slug}" for slug in slugs)])


def ndcg(grades, k=10):
    """Normalised discounted cumulative gain with gains of 2**grade - 1."""
    gains = [
        sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(row[:k]))
        for row in (grades, sorted(grades, reverse=True))
    ]
    return gains[0] / gains[1] if gains[1] else 1.0


def overlap(graded):
    """How many concepts of the programme the person names."""

    def score(program, person):
        asked, held = graded.words_of_programs[program], graded.words_of_people[person]
        return sum(word in held for word in asked if word.startswith("concept:"))

    return score


def bm25(graded):
    documents = graded.words_of_people
    seen = Counter(word for document in documents for word in document)
    mean = sum(sum(document.values()) for document in documents) / len(documents)

    def score(program, person):
        document, total = documents[person], 0.0
        length = sum(document.values())
        for word in graded.words_of_programs[program]:
            if word in document:
                rarity = math.log(1 + (len(documents) - seen[word] + 0.5) / (seen[word] + 0.5))
                total += rarity * document[word] * (K1 + 1) / (document[word] + K1 * (1 - B + B * length / mean))
        return total

    return score


def tf_idf(graded):
    documents = [*graded.words_of_people, *graded.words_of_programs]
    seen = Counter(word for document in documents for word in document)
    rarity = {word: math.log(len(documents) / count) for word, count in seen.items()}
    vectors = [{word: (1 + math.log(count)) * rarity[word] for word, count in document.items()} for document in documents]
    lengths = [math.sqrt(sum(value**2 for value in vector.values())) or 1.0 for vector in vectors]
    people = len(graded.words_of_people)

    def score(program, person):
        one, other = vectors[people + program], vectors[person]
        return (
            sum(value * other[word] for word, value in one.items() if word in other) / lengths[people + program] / lengths[person]
        )

    return score


BASELINES = {"keyword overlap": overlap, "BM25": bm25, "TF-IDF": tf_idf}


class Crowd:
    """Invented people and programmes over the concepts of a model."""

    def __init__(self, model: Model, schemes: dict[str, str], seed: int = 7):
        self._chance = random.Random(seed)

        def of(*names):
            return [slug for slug in model.hierarchy.slugs if schemes[slug] in names]

        self._fields, self._techniques = of("field", "specialism"), of("specialism", "technique", "skill")
        self._materials, self._objects = of("material"), of("object-type", "site-type")

    def person(self) -> Person:
        chance = self._chance
        return Person(
            country=chance.choice(COUNTRIES), institution=chance.randrange(2000) if chance.random() < 0.6 else None,
            primary=chance.sample(self._fields, 2), secondary=chance.sample(self._fields, chance.randrange(3)),
            rows=[self._row() for _ in range(chance.randint(1, 4))],
            languages={code: chance.randint(1, 7) for code in chance.sample(LANGUAGES, chance.randint(1, 4))},
            windows=[self._days(200) for _ in range(chance.choice((0, 0, 1, 2)))],
            lead_days=chance.choice((0, 30, 60, 120)), longest_days=chance.choice((None, None, 30, 90)), years=chance.choice((None, 3, 8, 15, 25)),
        )  # fmt: skip

    def _row(self) -> Row:
        chance = self._chance
        named = [chance.choice(choices) for choices in (self._materials, self._objects, self._techniques) if chance.random() < 0.75]
        return Row(tuple(named or [chance.choice(self._techniques)]), chance.randint(1, 4), chance.choice((2026, 2025, 2020, None)))

    def _days(self, longest: int):
        first = datetime.date(2027, 1, 1) + datetime.timedelta(days=self._chance.randrange(330))
        return first, first + datetime.timedelta(days=self._chance.randint(5, longest))

    def call(self) -> Call:
        chance = self._chance
        return Call(
            *self._days(120), kind=chance.choice(("exchange", "training", "masterclass", "exhibition-courier")), institution=chance.randrange(2000),
            countries=frozenset(chance.choice((COUNTRIES, COUNTRIES[:5], COUNTRIES[1:], COUNTRIES[:4]))),
            concepts=[*chance.sample(self._fields, 2), *chance.sample(self._techniques, 3), *chance.sample([*self._materials, *self._objects], 3)],
            languages={code: chance.choice((2, 3, 4)) for code in chance.sample(LANGUAGES[:2], chance.randint(0, 2))},
            years=chance.choice((0, 0, 3, 5)), left={chance.choice(COUNTRIES): 0} if chance.random() < 0.1 else {}, away=chance.random() < 0.8,
        )  # fmt: skip


def repeated(people: People, size: int) -> People:
    """As many people as wanted, drawn from these: each keeps facts and vector of somebody, vectors changed in a tenth of their concepts."""
    chance = np.random.default_rng(1)
    drawn = people.part(chance.integers(0, len(people), size))
    vectors = np.ascontiguousarray(drawn.vectors)
    for row in vectors:
        row[(chance.random(size, dtype=np.float32) < 0.1) & (row > 0)] = 17
    return People(vectors, *(np.ascontiguousarray(getattr(drawn, name)) for name in list(People.__dataclass_fields__)[1:]))
