"""Writing parsed rows to the database: new rows are added, changed ones updated, the others counted."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

BATCH = 500


@dataclass
class Outcome:
    """What an import did to one kind of thing, by slug. `skipped` rows were not changed, because users maintain them."""

    total: int
    new: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    skipped: set[str] = field(default_factory=set)

    @property
    def written(self) -> set[str]:
        return self.new | self.changed

    def __str__(self) -> str:
        changed = self.changed - self.new
        same = self.total - len(self.new | changed | self.skipped)
        words = [f"{len(self.new)} new", f"{len(changed)} changed", f"{same} as they were"]
        return ", ".join([*words, f"{len(self.skipped)} left to their owners"] if self.skipped else words)


def write_rows(
    model: type[Model], wanted: Mapping[str, Mapping[str, Any]], *, keep: Collection[str] = ()
) -> tuple[dict[str, Any], Outcome]:
    """Set the rows named by `slug` to the wanted field values; those in `keep` are skipped.

    Returns all rows by slug, and the outcome. One query when nothing changed.
    """
    rows: Any = model._default_manager  # noqa: SLF001 -- Django documents it for this use
    known = {row.slug: row for row in rows.filter(slug__in=list(wanted))}
    outcome = Outcome(len(wanted), skipped=set(keep) & set(known))
    new, touched = [], set[str]()
    for slug, values in wanted.items():
        if slug not in known:
            new.append(model(**{"slug": slug, **values}))
        elif slug not in outcome.skipped:
            different = [name for name, value in values.items() if getattr(known[slug], name) != value]
            for name in different:
                setattr(known[slug], name, values[name])
            touched.update(different)
            outcome.changed |= {slug} if different else set()
    if outcome.changed:
        rows.bulk_update([known[slug] for slug in sorted(outcome.changed)], sorted(touched), batch_size=BATCH)
    outcome.new = set(wanted) - known.keys()
    known |= {row.slug: row for row in rows.bulk_create(new, batch_size=BATCH)}
    return known, outcome


def write_links(through: Any, owner: str, other: str, wanted: Mapping[int, Iterable[int]]) -> set[int]:
    """Set a many-to-many table to exactly these links, in this order, for these owners; returns the owners whose links changed.

    Pages show links in the order of their keys, so an owner whose order differs gets all of them anew.
    """
    stored: defaultdict[int, list[int]] = defaultdict(list)
    rows = through.objects.filter(**{f"{owner}_id__in": list(wanted)}).order_by("pk")
    for first, second in rows.values_list(f"{owner}_id", f"{other}_id"):
        stored[first].append(second)
    asked = {first: list(dict.fromkeys(seconds)) for first, seconds in wanted.items()}
    changed = {first for first, seconds in asked.items() if stored[first] != seconds}
    if changed:
        through.objects.filter(**{f"{owner}_id__in": list(changed)}).delete()
    through.objects.bulk_create(
        [
            through(**{f"{owner}_id": first, f"{other}_id": second})
            for first, seconds in asked.items()
            if first in changed
            for second in seconds
        ],
        batch_size=BATCH,
    )
    return changed
