"""Elasticsearch killed, frozen, full, emptied: PostgreSQL answers, nothing is lost, and it recovers by itself."""

import dataclasses
import time
from contextlib import contextmanager

import pytest

from exchange.core.jobs.outbox import process_outbox
from exchange.core.models import OutboxEvent
from profiles.models import PersonName
from profiles.states import NameKind
from search.domain import indexing, ranking, replica_sync
from search.domain.indexing import active_generation
from search.domain.query import SearchRequest
from search.domain.ranking import search
from search.domain.rebuilding import rebuild_index
from search.domain.replica_sync import sync_replica
from search.engines import choosing, elastic, elastic_client
from search.engines.base import EngineError, OutOfTimeError, Scope
from search.engines.choosing import forget_replica_engine, replica_engine
from search.models import SearchIndex
from tests.elastic import Node, own_prefix
from tests.search.people import ANONYMOUS, changed, person
from vocabulary.names import query_clauses

pytestmark = [pytest.mark.elasticsearch, pytest.mark.slow, pytest.mark.django_db, pytest.mark.timeout(400)]

TIMEOUT = ranking.REPLICA_TIMEOUT


@pytest.fixture(scope="module")
def own_node(tmp_path_factory):
    node = Node(tmp_path_factory.mktemp("elasticsearch") / "data").start()
    yield node
    node.stop()


@pytest.fixture
def node(own_node, settings, monkeypatch):
    """A living node that this installation searches with, and a process that knows nothing of it yet."""
    settings.ELASTICSEARCH_URL = own_node.url
    settings.ELASTICSEARCH_PREFIX = own_prefix()
    # Not what is tried here, and a busy machine may need it.
    monkeypatch.setattr(ranking, "REPLICA_TIMEOUT", 5.0)
    monkeypatch.setattr(ranking, "TIMEOUT", 10.0)
    monkeypatch.setattr(choosing, "CHECK_SECONDS", 0.0)
    forget_replica_engine()
    yield own_node
    own_node.thaw()
    if not own_node.running.alive:
        own_node.start()
    forget_replica_engine()


@pytest.fixture
def aigul(node):
    profile = person((NameKind.NATIVE, "Айгүл", "Омарова"))
    whole()
    return profile


def whole():
    """What worker and clock do within seconds."""
    process_outbox()
    sync_replica()
    process_outbox()
    replica_engine().refresh(active_generation().pk)


def asked(words):
    """Who was found, and whether by PostgreSQL instead."""
    result = search(ANONYMOUS, SearchRequest("expert", words))
    return [hit.object_id for hit in result.hits], result.simpler


def rename(profile, family):
    PersonName.objects.filter(profile=profile).update(family=family)
    changed(profile)


def test_killed_engine_is_replaced_at_once_and_catches_up(node, aigul):
    assert asked("Aigul Omarova") == ([aigul.pk], False)

    node.kill()

    assert asked("Aigul Omarova") == ([aigul.pk], True)
    rename(aigul, "Бекенова")
    process_outbox()
    assert asked("Aigul Bekenova") == ([aigul.pk], True)
    assert OutboxEvent.objects.get(kind=indexing.MIRROR, done_at=None).attempts == 1

    node.start()
    assert asked("Aigul Bekenova") == ([aigul.pk], True)  # it is there, but does not know her new name yet
    whole()

    assert asked("Aigul Bekenova") == ([aigul.pk], False)
    assert asked("Omarova") == ([], False)
    assert not OutboxEvent.objects.filter(kind=indexing.MIRROR, done_at=None).exists()


def test_frozen_engine_costs_one_search_a_moment_and_heals_by_itself(node, aigul, monkeypatch):
    monkeypatch.setattr(ranking, "REPLICA_TIMEOUT", TIMEOUT)
    monkeypatch.setattr(choosing, "PAUSE_AFTER_FAILURE", 1.0)
    node.freeze()

    first, answer = timed(lambda: asked("Aigul Omarova"))
    second, again = timed(lambda: asked("Aigul Omarova"))

    assert answer == again == ([aigul.pk], True)
    assert 0.3 < first < 1.0
    assert second < first
    node.thaw()
    wait_until(lambda: asked("Aigul Omarova") == ([aigul.pk], False))


@contextmanager
def impatience():
    """Writes that give up soon."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(elastic_client, "WRITE_TIMEOUT", 0.5)
        elastic_client._client.cache_clear()
        yield
    elastic_client._client.cache_clear()


def test_frozen_engine_does_not_hold_up_the_worker(node, aigul):
    node.freeze()
    for family in ("Бекенова", "Серікова", "Қалиева"):
        rename(aigul, family)
        OutboxEvent.objects.filter(kind=indexing.MIRROR).update(attempts=1)

    with impatience():
        seconds, _ = timed(process_outbox)

    assert seconds < 5
    assert asked("Aigul Kalieva") == ([aigul.pk], True)


def test_full_disk_stops_writes_not_searches(node, aigul):
    block(node, on=True)

    assert asked("Aigul Omarova") == ([aigul.pk], False)
    rename(aigul, "Бекенова")
    process_outbox()
    assert "flood" in OutboxEvent.objects.get(kind=indexing.MIRROR, done_at=None).error
    assert asked("Aigul Bekenova") == ([aigul.pk], True)

    block(node, on=False)
    whole()
    assert asked("Aigul Bekenova") == ([aigul.pk], False)


def block(node, *, on):
    """What Elasticsearch itself does to every index when the disk runs full."""
    name = f"{elastic_client.settings.ELASTICSEARCH_PREFIX}-*"
    elastic_client.client().indices.put_settings(index=name, settings={"index.blocks.read_only_allow_delete": True if on else None})


def test_emptied_engine_is_not_asked_until_it_is_filled(node, aigul):
    replica_engine().drop(active_generation().pk)

    assert asked("Aigul Omarova") == ([aigul.pk], True)
    rename(aigul, "Бекенова")
    process_outbox()
    assert "gone" in OutboxEvent.objects.get(kind=indexing.MIRROR, done_at=None).error  # one document alone is no index

    whole()
    forget_replica_engine()
    assert asked("Aigul Bekenova") == ([aigul.pk], False)


def test_engine_that_was_not_configured_for_a_while_is_filled_anew(node, aigul, settings):
    url, settings.ELASTICSEARCH_URL = settings.ELASTICSEARCH_URL, ""
    sync_replica()
    rename(aigul, "Бекенова")
    process_outbox()
    assert asked("Aigul Bekenova") == ([aigul.pk], False)

    settings.ELASTICSEARCH_URL = url
    assert asked("Aigul Bekenova") == ([aigul.pk], True)
    whole()
    assert asked("Aigul Bekenova") == ([aigul.pk], False)


def test_rebuild_fills_both_engines_and_drops_both_old_halves(node, aigul):
    old = active_generation().pk
    left_over = indexing.stored_documents(old, "expert", [aigul.pk])
    replica_engine().write(old + 1, [dataclasses.replace(left_over[0], object_id=999_999)])  # of a database that was thrown away

    rebuilt = rebuild_index(grace=0)

    assert rebuilt.generation == old + 1
    candidates = replica_engine().candidates(Scope(old + 1, "expert", 2), query_clauses("Айгүл Омарова"), 1, 10)
    assert [row.object_id for row in candidates] == [aigul.pk]
    assert rebuilt.mirrored
    assert SearchIndex.objects.get().pk == rebuilt.generation != old
    assert asked("Aigul Omarova") == ([aigul.pk], False)
    assert not replica_engine().holds(old)


def test_rebuild_while_the_engine_is_away_is_copied_later(node, aigul):
    node.freeze()
    with impatience():
        assert not rebuild_index(grace=0).mirrored
    assert asked("Aigul Omarova") == ([aigul.pk], True)

    node.thaw()
    whole()

    assert asked("Aigul Omarova") == ([aigul.pk], False)


def test_write_that_arrives_late_does_not_undo_a_newer_one(node, aigul, monkeypatch):
    engine, generation = replica_engine(), active_generation().pk
    (old,) = indexing.stored_documents(generation, "expert", [aigul.pk])
    version = elastic._version()
    rename(aigul, "Бекенова")
    whole()

    monkeypatch.setattr(elastic, "_version", lambda: version)
    engine.write(generation, [old])
    engine.erase(generation, "expert", [aigul.pk])
    engine.refresh(generation)

    assert asked("Aigul Bekenova") == ([aigul.pk], False)


def test_search_that_was_slow_before_it_asked_is_not_the_engines_fault(node, aigul, monkeypatch):
    def slow(engine, *arguments):
        raise OutOfTimeError("late")

    with monkeypatch.context() as patch:
        patch.setattr(elastic.ElasticEngine, "candidates", slow)
        assert asked("Aigul Omarova") == ([aigul.pk], True)

    assert asked("Aigul Omarova") == ([aigul.pk], False)


def test_answer_that_misses_a_part_is_no_answer(node, aigul):
    with pytest.raises(OutOfTimeError, match="no time left"):
        replica_engine(time.monotonic()).candidates(Scope(active_generation().pk, "expert", 0), query_clauses("Aigul"), 1, 10)
    with pytest.raises(EngineError, match="index_not_found"):
        replica_engine().candidates(Scope(999_999, "expert", 0), query_clauses("Aigul"), 1, 10)


def test_node_that_has_just_begun_is_warmed_up_once(node, aigul, monkeypatch):
    asked_for = []
    monkeypatch.setattr(replica_sync, "warm_up", asked_for.append)
    monkeypatch.setattr(replica_sync._Warm, "nodes", frozenset())

    sync_replica()
    sync_replica()

    assert asked_for == [active_generation().pk]


def test_both_modules_name_the_same_event():
    assert choosing.MIRROR_EVENT == indexing.MIRROR


def timed(call):
    began = time.monotonic()
    answer = call()
    return time.monotonic() - began, answer


def wait_until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)
