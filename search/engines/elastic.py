"""The Elasticsearch engine: the same queries and the same results as the PostgreSQL engine, from a separate server.

A failure or timeout is an EngineError; the search uses PostgreSQL then.
"""

import datetime
import re
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection
from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch
from elasticsearch_dsl import A, Search
from elasticsearch_dsl.query import Bool, Query, Range

from search.engines.base import (
    COUNTED,
    ENOUGH_SIMILAR,
    OPEN_TAG,
    ORDERS,
    SAMPLED,
    SIMILAR_STEPS,
    Candidate,
    Counts,
    Document,
    EngineError,
    Filter,
    Listed,
    Matches,
    OutOfTimeError,
    Question,
    Scope,
    TextHit,
    TextQuery,
)
from search.engines.elastic_client import client, guarded, whole_answer
from search.engines.elastic_index import (
    concrete_name,
    document_body,
    document_id,
    index_body,
    index_name,
    microseconds,
    moment_of,
)
from search.engines.elastic_query import filter_query, filters, fuzzy_query, matches_query, names_query, text_query, within
from search.models import GenerationState, SearchIndex, SearchKind
from vocabulary.names import Clause, Skeletons
from vocabulary.names.trigrams import similarity, trigrams

TIMEOUT = 0.8
"""Seconds a query may take when there is no deadline."""
NODES_ASKED = 3
"""How many nodes are tried one after the other with the same query."""
WRITE_PAUSE = 10.0
"""Seconds for which writes fail at once after one could not connect, so that workers do not wait."""
MARGIN = 100
"""Candidates of the fuzzy match beyond those wanted: the engine's order of equals is not exact."""
MAX_TAGS = 20_000
BATCH = 500
CONFLICT = 409

Operation = tuple[dict[str, Any], dict[str, Any] | None]
"""What a bulk request does to one document: the action, and the body where there is one."""


class ElasticEngine:
    """The indexes of `elastic_index`. `deadline` (of time.monotonic) is the deadline of its queries; later ones raise at once."""

    name = "elasticsearch"
    _writes_paused_until = 0.0

    def __init__(self, deadline: float | None = None) -> None:
        self.deadline = deadline
        self.patience = TIMEOUT if deadline is None else deadline - time.monotonic()
        self.for_one = self.patience if deadline is None else self.patience / 2
        self.waited = 0.0

    # ---- questions ---------------------------------------------------------------------------------------------------

    def candidates(
        self, scope: Scope, clauses: Sequence[Clause], floor: int, limit: int, after: tuple[int, int] | None = None
    ) -> list[Candidate]:
        if not clauses:
            return []
        # Keys carry their level: only filters need to look at the document.
        where = [*within(scope), *filters(scope)] if scope.filters else within(scope)[1:]
        search = Search().query(names_query(clauses, scope.level, where)).extra(min_score=max(1, floor))
        hits = self._page(scope, search.sort("_score", "object_id"), limit, after)
        return [Candidate(object_id, int(score)) for score, object_id in hits]

    def fuzzy_match(self, scope: Scope, wanted: Skeletons, limit: int) -> list[int]:
        asked = trigrams(f"{wanted.medium} {wanted.loose}")
        found: list[int] = []
        for least in SIMILAR_STEPS if asked else ():
            found = self._similar(scope, asked, limit, least)
            if len(found) >= ENOUGH_SIMILAR:
                break
        return found

    def _similar(self, scope: Scope, asked: frozenset[str], limit: int, least: float) -> list[int]:
        search = Search().query(fuzzy_query(asked, least, scope.level, [*within(scope), *filters(scope)]))
        search = search.sort("_score", "object_id").extra(size=limit + MARGIN, track_total_hits=False)
        found = []
        for hit in self._ask(scope, search)["hits"]["hits"]:
            likest = max(
                similarity(asked, trigrams(f"{name['medium']} {name['loose']}"))
                for name in hit["_source"]["names"]
                if int(name["level"]) <= scope.level
            )
            if likest >= least:
                found.append((-likest, hit["sort"][1]))
        return [object_id for _, object_id in sorted(found)[:limit]]

    def text(self, scope: Scope, query: TextQuery, limit: int, after: tuple[int, int, int] | None = None) -> list[TextHit]:
        search = Search().query(text_query(query, scope.level, [*within(scope), *filters(scope)], named=True))
        places = range(len(query.ways))
        found = []
        for hit in self._hits(scope, search.sort("_score", "-quality", "object_id"), limit, after):
            weight, quality, object_id = hit["sort"]
            applying = set(hit.get("matched_queries", ()))
            found.append(TextHit(object_id, int(weight), quality, tuple(str(place) in applying for place in places)))
        return found

    def listed(
        self, scope: Scope, matches: Matches | None, order: str, limit: int, after: tuple[Any, int] | None = None
    ) -> list[Listed]:
        search = Search().query(Bool(filter=[matches_query(matches, scope.level), *within(scope), *filters(scope)]))
        search = search.sort(f"-{order}" if ORDERS[order] else order, "object_id")
        stored, value_of = _ORDERED.get(order, (_as_is, _as_is))
        hits = self._page(scope, search, limit, after and (stored(after[0]), after[1]))
        return [Listed(object_id, value_of(value)) for value, object_id in hits]

    def count(self, scope: Scope, matches: Matches | None, now: datetime.datetime) -> Counts:
        """One search with all filters, and one for each filter for the documents that only it excludes. Both together are that facet's counts."""
        matched = [matches_query(matches, scope.level), *within(scope)]
        branches = [("", Bool(filter=[*matched, *filters(scope)]))]
        for off in scope.filters:
            kept = [filter_query(each, scope.level) for each in scope.filters if each is not off]
            branches.append((off.name, Bool(filter=[*matched, *kept], must_not=[filter_query(off, scope.level)])))
        words_alone = matches is not None and not scope.filters and scope.ids is None
        answers = self._count_all(scope, branches, now, SAMPLED if words_alone else COUNTED)
        tags: dict[str, int] = {}
        for answer in answers:
            for tag, number in _tags_of(answer):
                tags[tag] = tags.get(tag, 0) + number
        total = answers[0]["hits"]["total"]["value"]
        return Counts(min(total, COUNTED), total >= COUNTED, tags)

    def answer(self, questions: Sequence[Question]) -> list[Any]:
        return [getattr(self, question.method)(*question.arguments) for question in questions]

    def _count_all(
        self, scope: Scope, branches: Sequence[tuple[str, Query]], now: datetime.datetime, most: int
    ) -> list[dict[str, Any]]:
        """The counted branches; those with COUNTED documents or more are counted up to the id of the last that counts."""
        answers = self._ask_all(scope, [_counting(scope, name, query, now) for name, query in branches])
        many = [place for place, answer in enumerate(answers) if answer["hits"]["total"]["value"] >= COUNTED]
        if many:
            last = Search().extra(from_=most - 1, size=1, track_total_hits=False).source(False).sort("object_id")
            found = self._ask_all(scope, [last.query(branches[place][1]) for place in many])
            again = []
            for place, answer in zip(many, found, strict=True):
                name, query = branches[place]
                bound = answer["hits"]["hits"][0]["sort"][0]
                again.append(_counting(scope, name, Bool(filter=[query, Range(object_id={"lte": bound})]), now))
            for place, answer in zip(many, self._ask_all(scope, again), strict=True):
                answer["hits"]["total"]["value"] = COUNTED
                answers[place] = answer
        return answers

    # ---- asking ------------------------------------------------------------------------------------------------------

    def _page(self, scope: Scope, search: Search[Any], limit: int, after: Sequence[Any] | None) -> list[list[Any]]:
        """The values that the hits are sorted by, which is all that is wanted of them."""
        return [hit["sort"] for hit in self._hits(scope, search, limit, after)]

    def _hits(self, scope: Scope, search: Search[Any], limit: int, after: Sequence[Any] | None) -> list[dict[str, Any]]:
        if limit <= 0:
            return []
        search = search.source(False).extra(size=limit, track_total_hits=False)
        if after:
            search = search.extra(search_after=list(after))
        hits: list[dict[str, Any]] = self._ask(scope, search)["hits"]["hits"]
        return hits

    def _ask(self, scope: Scope, search: Search[Any]) -> dict[str, Any]:
        index = index_name(scope.generation, scope.kind)
        answer = self._call(
            lambda asking, left: asking.search(
                index=index, body={**search.to_dict(), "timeout": _milliseconds(left)}, allow_partial_search_results=False
            )
        )
        return whole_answer(answer)

    def _ask_all(self, scope: Scope, searches: Sequence[Search[Any]]) -> list[dict[str, Any]]:
        """Several searches in one request."""
        head = {"index": index_name(scope.generation, scope.kind), "allow_partial_search_results": False}

        def send(asking: Elasticsearch, left: float) -> Any:
            lines = [line for search in searches for line in (head, {**search.to_dict(), "timeout": _milliseconds(left)})]
            return asking.msearch(searches=lines)

        return [whole_answer(answer) for answer in self._call(send)["responses"]]

    def _call(self, send: Callable[[Elasticsearch, float], Any]) -> Any:
        """The response of the server within the remaining time; each node gets a share of it."""
        patience = TIMEOUT if self.deadline is None else self.deadline - time.monotonic()
        if patience <= 0:
            slow = self.waited > max(0.0, self.patience) / 2
            raise (EngineError if slow else OutOfTimeError)(f"no time left after {self.waited:.2f} s of waiting")
        # No single query gets all of it, so that a server that does not answer is given up early.
        # Another node is tried while there is time; a node that refuses the connection costs none.
        several = len(client().transport.node_pool) > 1
        share = patience / NODES_ASKED if several else min(patience, self.for_one)
        asking = client().options(request_timeout=share, max_retries=NODES_ASKED - 1 if several else 0)
        began = time.monotonic()
        try:
            return guarded(lambda: send(asking, share))
        finally:
            self.waited += time.monotonic() - began

    # ---- writes ------------------------------------------------------------------------------------------------------

    def write(self, generation: int, documents: Sequence[Document]) -> None:
        """Each write has a version from the clock of PostgreSQL, so that a late one never overwrites a newer one."""
        version = _version()
        operations = [
            ({"index": _target(generation, document.kind, document.object_id, version)}, document_body(document))
            for document in documents
        ]
        self._write(generation, operations)

    def erase(self, generation: int, kind: str, ids: Collection[int]) -> None:
        version = _version()
        self._write(generation, [({"delete": _target(generation, kind, pk, version)}, None) for pk in ids])

    def drop(self, generation: int) -> None:
        names = [concrete_name(generation, kind) for kind in SearchKind]
        guarded(lambda: client().indices.delete(index=names, ignore_unavailable=True))

    def make(self, generation: int) -> None:
        """Make the indexes of a generation, where they are not there yet."""
        for kind in SearchKind:
            self._make(generation, kind)

    def refresh(self, generation: int) -> None:
        """Make earlier writes searchable now instead of within half a second."""
        names = [index_name(generation, kind) for kind in SearchKind]
        guarded(lambda: client().indices.refresh(index=names))

    def answers(self, patience: float = 0.3) -> bool:
        """Whether it is available: one small query with a short timeout."""
        asking = client().options(request_timeout=patience, max_retries=len(client().transport.node_pool) - 1)
        try:
            guarded(lambda: asking.cluster.health(local=True))
        except EngineError:
            return False
        return True

    def started(self) -> frozenset[tuple[str, int]]:
        """Its nodes, each with its start time."""
        nodes = guarded(lambda: client().nodes.info(metric="jvm", filter_path="nodes.*.jvm.start_time_in_millis")).get("nodes", {})
        return frozenset((name, node["jvm"]["start_time_in_millis"]) for name, node in nodes.items())

    def holds(self, generation: int) -> bool:
        """Whether it has indexes of this generation; an engine that was emptied has not."""
        names = [index_name(generation, kind) for kind in SearchKind]
        return bool(guarded(lambda: client().indices.exists(index=names)))

    @classmethod
    def resume_writes(cls) -> None:
        """The server is reachable again: resume writes at once."""
        cls._writes_paused_until = 0.0

    def _make(self, generation: int, kind: str) -> None:
        body = index_body(index_name(generation, kind))
        # 400: another process made it meanwhile.
        asking = client().options(ignore_status=400)
        answer = guarded(lambda: asking.indices.create(index=concrete_name(generation, kind), **body))
        reason = answer.get("error", {}).get("type", "resource_already_exists_exception")
        if reason != "resource_already_exists_exception":
            raise EngineError(f"no index could be made: {reason}")

    def _write(self, generation: int, operations: Sequence[Operation]) -> None:
        for batch in _batches(operations):
            if self._send(batch):
                # An index that held everything and was deleted must not be created again with a few documents.
                if SearchIndex.objects.filter(pk=generation, state=GenerationState.ACTIVE, mirrored=True).exists():
                    raise EngineError("the indexes are gone")
                self.make(generation)
                if self._send(batch):
                    raise EngineError("the indexes vanish")

    def _send(self, batch: Sequence[Operation]) -> bool:
        """Send one batch; whether an index is missing. Raises EngineError when anything else was refused."""
        lines = [line for action, body in batch for line in ((action, body) if body is not None else (action,))]
        if time.monotonic() < ElasticEngine._writes_paused_until:
            raise EngineError("nobody was there a moment ago")
        try:
            answer = client().bulk(operations=lines, require_alias=True)
        except TransportError as error:
            ElasticEngine._writes_paused_until = time.monotonic() + WRITE_PAUSE
            raise EngineError(f"{type(error).__name__}: {error}") from error
        except ApiError as error:
            raise EngineError(f"{type(error).__name__}: {error}") from error
        if not answer["errors"]:
            return False
        missing = False
        for item in answer["items"]:
            (result,) = item.values()
            refusal = result.get("error")
            if refusal is None or result["status"] == CONFLICT:
                continue
            if refusal["type"] != "index_not_found_exception":
                raise EngineError(f"{refusal['type']}: {refusal['reason']}")
            missing = True
        return missing


def _milliseconds(seconds: float) -> str:
    return f"{max(1, int(seconds * 1000))}ms"


# ---- counting --------------------------------------------------------------------------------------------------------


def _counting(scope: Scope, facet: str, query: Query, now: datetime.datetime) -> Search[Any]:
    """A search that counts tags: all of them, or those of one facet. It stops where the count is capped."""
    search = Search().query(query).extra(size=0, track_total_hits=True, terminate_after=COUNTED + 1)
    only = {"include": f"{re.escape(facet)}:.*"} if facet else {}
    search.aggs.bucket("tags", A("terms", field=f"tags_{scope.level}", size=MAX_TAGS, **only))
    if facet in {"", OPEN_TAG.partition(":")[0]}:
        search.aggs.bucket("open", A("filter", filter=filter_query(Filter("open", open_at=now), scope.level)))
    return search


def _tags_of(answer: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for bucket in answer["aggregations"]["tags"]["buckets"]:
        yield bucket["key"], bucket["doc_count"]
    open_now = answer["aggregations"].get("open", {}).get("doc_count", 0)
    if open_now:
        yield OPEN_TAG, open_now


# ---- values of orders ------------------------------------------------------------------------------------------------


def _as_is(value: Any) -> Any:
    return value


_ORDERED: Mapping[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "created": (microseconds, moment_of),
    "confirmed": (datetime.date.toordinal, datetime.date.fromordinal),
}


# ---- writing ---------------------------------------------------------------------------------------------------------


def _version() -> int:
    """A number that grows: PostgreSQL's clock, one for all workers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")
        return int(cursor.fetchone()[0])


def _target(generation: int, kind: str, object_id: int, version: int) -> dict[str, Any]:
    return {
        "_index": index_name(generation, kind),
        "_id": document_id(kind, object_id),
        "version": version,
        "version_type": "external",
    }


def _batches(operations: Sequence[Operation]) -> Iterator[Sequence[Operation]]:
    """Batches of the size of one bulk request."""
    for start in range(0, len(operations), BATCH):
        yield operations[start : start + BATCH]
