"""Finding a name in any script and spelling: recall over the development gold, and what it costs.

One stored name per person: each pair of the gold is asked both ways, one side typed and the other stored; of every other
person the first spelling competes, with the distractors. Ties count against us. *Core* leaves out other names altogether
(exonyms, translations) and surnames alone, which fit as many namesakes as there are. Languages are measured without initials,
which fit a hard negative as well. Recall at 95 % precision: one threshold over all answers shown (ten a query).
Times are those of the processor, so a busy machine does not change them. Candidates, fuzzy match and order are those of the engines, in plain Python. `bench/data/README.md` says where the gold is from.
"""

import random
import time

from bench import names_lab as lab
from bench.rig import table
from vocabulary import names

TYPOS = 2  # of each query of the core
SPEED_SAMPLE = 5_000


def run() -> bool:
    queries = lab.gold()
    engine = lab.engine_of(queries, lab.distractors())
    answers = [engine.answer(query) for query in queries]
    core = [answer for answer in answers if answer.query.kind not in lab.OUTSIDE_CORE]
    typo_answers = [
        answer.query._replace(text=lab.with_typo(answer.query.text, random.Random(f"{number} {turn}")))
        for turn in range(TYPOS)
        for number, answer in enumerate(core)
    ]
    typos = [engine.answer(query) for query in typo_answers]
    cities = _cities()
    precise = lab.recall_at_precision(core, 0.95)
    met = table(
        f"Names, development gold: {len(engine.stored):,} stored, R@1 / R@10",
        [
            _recall("core", core, 0.965, 0.985),
            *(_recall(home, _of_home(core, home), 0.96, 0.98) for home in lab.HOMES),
            _recall("apostrophe variants", _of_kind(core, "apostrophe"), 1.0, 1.0),
            _recall("one typo", typos, 0.93, 0.97),
            _recall("initials", _of_kind(core, "initials"), 0.0, 0.98),
            ("recall at 95 % precision", f"{precise:.3f}", "", ">= 0.85", precise >= 0.85),
            _recall("cities of CLDR", cities, 0.92, 0.96),
        ],
    )
    kinds = [(f"only {kind}", answers) for kind in sorted({answer.query.kind for answer in answers})]
    table("By kind, R@1 / R@10", [_recall(title, _of_kind(every, title.removeprefix("only ")), 0, 0) for title, every in kinds])
    table(
        "By what, R@1 / R@10",
        [_recall(what, [a for a in core if a.query.what == what], 0, 0) for what in ("person", "place")],
    )
    table("Cost", _cost(engine, core, typos))
    return met


def _cities() -> list[lab.Answer]:
    """Each language's cities against the Russian ones, then against the English ones: two indexes."""
    answers = []
    for stored in ("ru", "en"):
        queries = [query for query in lab.cities() if query.kind == stored]
        engine = lab.engine_of(queries, [])
        answers += [engine.answer(query) for query in queries]
    return answers


def _of_home(answers: list[lab.Answer], home: str) -> list[lab.Answer]:
    return [answer for answer in answers if answer.query.home == home and answer.query.kind != "initials"]


def _of_kind(answers: list[lab.Answer], kind: str) -> list[lab.Answer]:
    return [answer for answer in answers if answer.query.kind == kind]


def _recall(title: str, answers: list[lab.Answer], first: float, ten: float) -> tuple[str, str, str, str, bool]:
    one, in_ten = lab.recall(answers, 1), lab.recall(answers, 10)
    demand = f">= {first:g} / {ten:g}" if ten else ""
    return title, f"{one:.3f} / {in_ten:.3f}", f"{len(answers):,} queries", demand, one >= first and in_ten >= ten


def _cost(engine: lab.Engine, core: list[lab.Answer], typos: list[lab.Answer]) -> list[tuple[str, str, str, str, bool]]:
    texts = [name.text for name in engine.stored[-SPEED_SAMPLE:]]
    _forget()
    started = time.process_time()
    stored = [names.stored_keys(text) for text in texts]
    made = time.process_time() - started
    keys = sum(map(len, stored)) / len(texts)
    text_bytes = sum(len(key) for found in stored for key in found) / len(texts)
    likeness = _rerank(texts)
    fuzzy_found = sum(answer.fuzzy_found for answer in core) / len(core)
    fuzzy_typos = sum(answer.fuzzy_found for answer in typos) / len(typos)
    return [
        ("keys made, cold", f"{len(texts) / made:,.0f} names a second", f"20,000 in {20_000 * made / len(texts):.1f} s", "", True),
        ("keys of a name", f"{keys:.1f}", f"{text_bytes:,.0f} bytes as text, {keys * 8:.0f} hashed", "", True),
        ("likeness of 200, warm", f"{likeness * 1000:.1f} ms", "", "", True),
        ("queries rescued", f"{fuzzy_found:.0%}", f"{fuzzy_typos:.0%} of those with a typo", "", True),
    ]


def _forget() -> None:
    from vocabulary.names import forms, parts, phonemes, tokens

    for cached in (forms.medium, forms.loose, forms.stem, parts.parts, parts._part, phonemes.readings, tokens.words):
        cached.cache_clear()


def _rerank(texts: list[str]) -> float:
    queries = texts[200:220]
    took = []
    for _round in range(3):
        for query in queries:
            started = time.process_time()
            for name in texts[:200]:
                names.likeness(query, name)
            took.append(time.process_time() - started)
    return sorted(took[len(queries) :])[len(queries)]
