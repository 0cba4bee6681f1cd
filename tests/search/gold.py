"""Documents and questions for comparing engines: names of the gold set and its distractors, random tags and words, the same in every run."""

import csv
import datetime
import random
from functools import cache

from exchange.addresses import PROJECT_DIR
from search.engines.base import STRONG, WEAK, Document, Name, Unit, Way
from vocabulary.names import skeletons, stored_keys, word_keys

DATA = PROJECT_DIR / "bench" / "data"
NOW = datetime.datetime(2027, 3, 1, 12, tzinfo=datetime.UTC)
COUNTRIES = ("KZ", "KG", "TJ", "TM", "UZ", "US")
CONCEPTS = range(1, 40)


def words_unit(*words, share=1, required=True):
    """A unit that stands in a text where all of these words stand, each a set of forms."""
    return Unit((Way(WEAK, 1, tuple(map(frozenset, words))),), share, required)


def concept_unit(concept, *words, share=1, required=True):
    """A unit that is a tag of a document, or stands in its text."""
    said = (Way(WEAK, 1, tuple(map(frozenset, words))),) if words else ()
    return Unit((Way(STRONG, 3, tags=(f"about:{concept}",)), *said), share, required)


@cache
def rows_of(name):
    with (DATA / f"{name}.tsv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def names_asked():
    """The queries of the gold set."""
    return [row["b"] for row in rows_of("names_gold")]


@cache
def terms():
    return sorted({row[side] for row in rows_of("terms_gold") for side in ("a", "b")})


def documents(kind, number, *, seed=1):
    """So many documents: the names of the gold set first, then distractors; some have several names, some of them hidden from anonymous users."""
    chance = random.Random(f"{kind}{seed}")
    wanted = list(dict.fromkeys(row["a"] for row in rows_of("names_gold")))
    others = [row["name"] for row in rows_of("names_distractors")]
    shown = [*wanted, *others][:number]
    return [make_document(kind, number, name, chance) for number, name in enumerate(shown, 1)]


def make_document(kind, object_id, shown, chance):
    others = rows_of("names_distractors")
    spellings = [(shown, 0), *((chance.choice(others)["name"], chance.randrange(3)) for _ in range(chance.choice((0, 0, 0, 1, 2))))]
    names = tuple(Name(text, "", "shown", level, skeletons(text)) for text, level in spellings)
    keys = {}
    for name in names:
        for key in stored_keys(name.text):
            keys[key] = min(name.level, keys.get(key, name.level))
    tags = [{f"country:{chance.choice(COUNTRIES)}"}, set(), set()]
    for concept in chance.sample(CONCEPTS, 4):
        tags[chance.choice((0, 0, 1, 2))] |= {f"about:{concept}", f"field:{concept % 9}"}
    tags[chance.choice((0, 1))] |= {
        f"language:{chance.choice(('ru', 'en', 'uz'))}:{level}" for level in range(1, chance.randrange(2, 7))
    }
    words = [set(), set(), set()]
    for term in chance.sample(terms(), 6):
        words[chance.choice((0, 0, 1, 2))].update(*word_keys(term))
    opens = NOW + datetime.timedelta(days=chance.randrange(-60, 20), microseconds=chance.randrange(10**6))
    return Document(
        kind=kind,
        object_id=object_id,
        level=0,
        names=names,
        keys=keys,
        tags=cumulative(tags),
        words=cumulative(words),
        opens=chance.choice((None, opens)),
        closes=chance.choice((None, opens + datetime.timedelta(days=40))),
        quality=chance.randrange(30),
        sort_name=shown.casefold()[: chance.choice((3, 250))],
        created=NOW - datetime.timedelta(days=chance.randrange(50), microseconds=chance.choice((0, 1, 999_999))),
        confirmed=NOW.date() - datetime.timedelta(days=chance.randrange(50)),
    )


def cumulative(sets):
    everyone, members, coordinators = sets
    return (frozenset(everyone), frozenset(everyone | members), frozenset(everyone | members | coordinators))
