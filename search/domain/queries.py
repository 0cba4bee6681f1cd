"""One box over everything: the best few of each kind."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchRank
from django.db.models import F, QuerySet

from exchange.core.folding import search_query
from exchange.core.paging import capped_count
from profiles.models import ExpertProfile, Institution
from programs.models import Program

SHOWN = 6
MOST_RANKED = 500
"""Ranking reads every matching row: beyond this many the newest are ranked."""


@dataclass(frozen=True)
class Hits:
    """The best of one kind, and how many there are (counted no further than the cap of lists)."""

    items: list[Any]
    total: int


@dataclass(frozen=True)
class Found:
    """What one search gives."""

    programs: Hits
    experts: Hits
    institutions: Hits

    def __bool__(self) -> bool:
        return bool(self.programs.items or self.experts.items or self.institutions.items)


def search_everything(user: Any, words: str) -> Found | None:
    """The best programmes, experts and institutions the reader may see; None when there is nothing to search for."""
    query = search_query(words)
    if query is None:
        return None
    return Found(
        programs=_best(Program.objects.visible_to(user).select_related("institution"), query),
        experts=_best(ExpertProfile.objects.visible_to(user).filter(shown_name__gt="").defer("biography"), query),
        institutions=_best(Institution.objects.visible_to(user).defer("description", "facilities"), query),
    )


def _best(rows: "QuerySet[Any]", query: Any) -> Hits:
    matching = rows.filter(search=query)
    newest = matching.order_by("-pk").values("pk")[:MOST_RANKED]
    ranked = rows.filter(pk__in=newest).annotate(rank=SearchRank(F("search"), query)).order_by("-rank", "pk")
    return Hits(list(ranked[:SHOWN]), capped_count(matching))
