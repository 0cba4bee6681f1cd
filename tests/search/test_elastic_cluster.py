"""Three nodes, one killed under load: no search fails."""

import threading
import time
from itertools import cycle

import pytest

from search.engines.base import EngineError, Scope
from search.engines.elastic import ElasticEngine
from search.engines.elastic_client import client
from tests.elastic import Node, own_prefix
from tests.search import gold
from vocabulary.names import query_clauses

pytestmark = [pytest.mark.elasticsearch, pytest.mark.slow, pytest.mark.django_db, pytest.mark.timeout(400)]

GENERATION = 1
EXPERTS = Scope(GENERATION, "expert", 0)
SEARCHERS = 2
BEFORE, AFTER = 1.5, 5.0
TIMEOUT = 5.0
"""Seconds for one search on a machine that runs three servers and everything else."""


@pytest.fixture(scope="module")
def nodes(tmp_path_factory):
    """A cluster of three; the first one founds it."""
    data = tmp_path_factory.mktemp("cluster")
    first = Node(data / "1", name="node-1", joinable=True).start()
    others = []
    try:
        others = [Node(data / name, name=name, seeds=[first.server.transport_address]) for name in ("node-2", "node-3")]
        for node in others:
            node.start(wait=False)
        for node in others:
            node.wait(nodes=3)
        yield [first, *others]
    finally:
        for node in (first, *others):
            node.stop()


@pytest.fixture
def cluster(nodes, settings):
    settings.ELASTICSEARCH_URL = ",".join(node.url for node in nodes)
    settings.ELASTICSEARCH_PREFIX = own_prefix()
    settings.ELASTICSEARCH_SHARDS = 2
    engine = ElasticEngine()
    engine.write(GENERATION, gold.documents("expert", 300))
    engine.refresh(GENERATION)
    client().options(request_timeout=60).cluster.health(wait_for_status="green", timeout="60s")
    return nodes


class Searcher(threading.Thread):
    """Asks one gold query after the other until told to stop, and keeps what failed and what it cost."""

    def __init__(self, start, expected):
        super().__init__(daemon=True)
        self.queries = cycle(list(expected.items())[start:] + list(expected.items())[:start])
        self.stopping = threading.Event()
        self.seconds, self.failed, self.wrong = [], [], []

    def run(self):
        for query, expected in self.queries:
            if self.stopping.is_set():
                return
            began = time.monotonic()
            try:
                if ask(query) != expected:
                    self.wrong.append(query)
            except EngineError as error:
                self.failed.append(str(error))
            self.seconds.append(time.monotonic() - began)


def ask(query):
    return ElasticEngine(time.monotonic() + TIMEOUT).candidates(EXPERTS, query_clauses(query), 1, 200)


def test_no_search_fails_while_a_node_is_killed(cluster):
    expected = {query: ask(query) for query in gold.names_asked()[::20]}
    searchers = [Searcher(start, expected) for start in range(SEARCHERS)]
    for searcher in searchers:
        searcher.start()
    time.sleep(BEFORE)

    cluster[1].kill()

    time.sleep(AFTER)
    for searcher in searchers:
        searcher.stopping.set()
        searcher.join(timeout=30)
    seconds = [each for searcher in searchers for each in searcher.seconds]
    assert [error for searcher in searchers for error in searcher.failed] == []
    assert [query for searcher in searchers for query in searcher.wrong] == []
    assert len(seconds) > 50
    assert max(seconds) < TIMEOUT
    print(f"{len(seconds)} searches, slowest {max(seconds):.2f} s")
