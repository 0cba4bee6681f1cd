"""Finding a concept from any of its seven labels, written in another script, lazily, with a typo or inflected; and resolving queries."""

import time

from bench import names_lab, subjects_lab
from bench.rig import table
from vocabulary.subjects import Labels

DEMAND = 0.99
NAMES = 2_000


def run() -> bool:
    rows = subjects_lab.rows()
    started = time.process_time()
    labels = Labels.build(rows)
    built = time.process_time() - started
    first, by_language = {}, {}
    took = asked = 0.0
    for name in subjects_lab.DISTORTIONS:
        queries = list(subjects_lab.distorted(name))
        started = time.process_time()
        right = [
            (term.language, [match.concept_id for match in labels.rank(query, 1)] == [term.concept]) for query, term in queries
        ]
        took += time.process_time() - started
        asked += len(queries)
        first[name] = sum(found for _language, found in right) / len(right)
        for language in subjects_lab.LANGUAGES:
            found = [hit for code, hit in right if code == language]
            by_language[language, name] = sum(found) / len(found)
    met = table(
        f"Concepts, R@1 over {len({concept for concept, _language, _text in rows})} concepts, {len(rows):,} labels",
        [(name, f"{score:.4f}", "", f">= {DEMAND}", score >= DEMAND) for name, score in first.items()],
    )
    table(
        "By language, R@1: " + " · ".join(subjects_lab.DISTORTIONS),
        [
            (language, " ".join(f"{by_language[language, name]:.3f}" for name in subjects_lab.DISTORTIONS), "", "", True)
            for language in subjects_lab.LANGUAGES
        ],
    )
    table("Resolving", [*_resolving(labels), ("build", f"{built:.2f} s", f"rank {took / asked * 1000:.1f} ms a query", "", True)])
    return met


def _resolving(labels: Labels) -> list[tuple[str, str, str, str, bool]]:
    """How often the words of a label resolve to its concept alone, and how often the name of a person does to any."""
    rows = []
    for name in subjects_lab.DISTORTIONS:
        queries = list(subjects_lab.distorted(name))
        alone = 0
        for query, term in queries:
            resolved = labels.resolve(query)
            alone += [span.concept_id for span in resolved.spans] == [term.concept] and not resolved.rest
        rows.append((f"label {name}, to its concept", f"{alone / len(queries):.3f}", "", "", True))
    people = [row["name"] for row in names_lab.rows("names_distractors.tsv")][:NAMES]
    falsely = sum(bool(labels.resolve(name).spans) for name in people) / len(people)
    return [*rows, ("name of a person, to any concept", f"{falsely:.3f}", f"{NAMES:,} names", "<= 0.02", falsely <= 0.02)]
