"""From a change in another app to the index."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from exchange.core.jobs.outbox import process_outbox
from exchange.core.models import OutboxEvent
from institutions.domain.institutions import save_institution
from profiles.domain.profiles import save_audiences, save_work
from profiles.models import ExpertProfile, PersonName
from profiles.signals import profiles_imported
from profiles.states import Audience, NameKind
from search.domain import indexing
from search.domain.indexing import refresh_documents, refresh_later, stored_documents
from search.engines.postgres import PostgresEngine
from search.models import GenerationState, SearchDocument, SearchIndex, SearchKey, SearchName
from tests.factories import (
    CompetenceFactory,
    ConceptFactory,
    ExpertFactory,
    InstitutionFactory,
    MembershipFactory,
    ProgramFactory,
)
from tests.search.people import changed, found, indexed, person
from vocabulary.domain.vocabulary import forget_vocabulary
from vocabulary.models import Concept
from vocabulary.signals import concepts_moved

pytestmark = pytest.mark.django_db


@pytest.fixture
def aigul():
    return person((NameKind.NATIVE, "Айгүл", "Омарова"))


def test_change_is_in_the_index_after_the_outbox_is_processed(aigul):
    indexed()
    assert found("Aigul Omarova") == [aigul.pk]

    PersonName.objects.filter(profile=aigul).update(family="Бекенова")
    changed(aigul)
    indexed()

    assert found("Aigul Bekenova") == [aigul.pk]
    assert found("Omarova") == []


def test_change_that_is_rolled_back_leaves_no_event(aigul):
    indexed()
    with transaction.atomic():
        changed(aigul)
        transaction.set_rollback(True)

    assert not OutboxEvent.objects.filter(kind=indexing.REFRESH, done_at=None).exists()


def test_edit_that_leaves_names_alone_touches_no_name_and_no_key(aigul):
    indexed()
    names, keys = list(SearchName.objects.values()), set(SearchKey.objects.values_list("key", "object_id", "level"))

    save_work(aigul, by=aigul.user, city="Samarkand")
    indexed()

    assert list(SearchName.objects.values()) == names
    assert set(SearchKey.objects.values_list("key", "object_id", "level")) == keys
    assert "city:samarkand" in SearchDocument.objects.get().tags_1


def test_hiding_the_profile_takes_all_of_it_out(aigul):
    indexed()

    save_audiences(aigul, by=aigul.user, audience=Audience.ONLY_ME, audiences={})
    indexed()

    assert not SearchDocument.objects.exists()
    assert not SearchName.objects.exists()
    assert not SearchKey.objects.exists()


def test_deleting_an_account_takes_its_document_out(aigul):
    indexed()

    aigul.user.delete()
    indexed()

    assert not SearchDocument.objects.exists()


def test_waiting_events_are_carried_out_together(aigul, django_assert_max_num_queries):
    for _ in range(30):
        changed(aigul)

    OutboxEvent.objects.exclude(kind=indexing.REFRESH).delete()
    assert OutboxEvent.objects.filter(done_at=None).count() == 31
    with django_assert_max_num_queries(60):
        process_outbox()
    assert not OutboxEvent.objects.filter(kind=indexing.REFRESH, done_at=None).exists()


def test_an_edit_does_not_carry_an_import_along(aigul):
    others = [ExpertFactory(audience="everyone") for _ in range(3)]
    OutboxEvent.objects.all().delete()
    profiles_imported.send(ExpertProfile, profile_ids=[profile.pk for profile in others])
    changed(aigul)

    process_outbox(bulk=False)

    assert list(SearchDocument.objects.values_list("object_id", flat=True)) == [aigul.pk]
    process_outbox()
    assert SearchDocument.objects.count() == 4


def test_failing_document_does_not_stop_those_that_wait_with_it(aigul, monkeypatch):
    bad = person((NameKind.NATIVE, "Нұрлан", "Оспанов"))
    build = indexing.build_documents

    def fail(kind, ids):
        if bad.pk in ids:
            raise ValueError("bad document")
        return build(kind, ids)

    monkeypatch.setattr(indexing, "build_documents", fail)
    for _ in range(3):
        indexed()
        OutboxEvent.objects.filter(done_at=None).update(not_before="2020-01-01T00:00Z")

    assert found("Aigul Omarova") == [aigul.pk]
    assert OutboxEvent.objects.get(done_at=None).payload == {"documents": {"expert": [bad.pk]}}


def test_many_imported_profiles_go_in_chunks(monkeypatch):
    monkeypatch.setattr(indexing, "CHUNK", 2)
    people = [ExpertFactory(audience="everyone") for _ in range(5)]

    profiles_imported.send(ExpertProfile, profile_ids=[profile.pk for profile in people])

    assert sorted(len(event.payload["documents"]["expert"]) for event in OutboxEvent.objects.filter(kind=indexing.REFRESH)) == [
        1,
        2,
        2,
    ]
    indexed()
    assert SearchDocument.objects.count() == 5


def test_renamed_institution_is_found_and_so_are_those_who_name_it(aigul):
    museum = InstitutionFactory(name={"en": "Old house"})
    owner = MembershipFactory(institution=museum).user
    program = ProgramFactory(institution=museum)
    ExpertProfile.objects.filter(pk=aigul.pk).update(affiliation=museum, audiences={"affiliation": "everyone"})
    changed(aigul)

    save_institution(museum, by=owner, name={"en": "Zaporozhnik gallery"})
    indexed()

    assert found("Zaporozhnik", kind="institution") == [museum.pk]
    assert found("Zaporozhnik", kind="program") == [program.pk]
    assert found("Zaporozhnik") == [aigul.pk]


def test_concept_that_moved_takes_its_documents_along(aigul):
    craft, pottery = ConceptFactory(scheme="material"), ConceptFactory(scheme="material")
    CompetenceFactory(profile=aigul, technique=None, material=pottery)
    indexed()
    Concept.objects.filter(pk=pottery.pk).update(broader=craft)
    forget_vocabulary()

    concepts_moved.send(Concept, concept_ids=[pottery.pk])

    indexed()
    assert f"about:{craft.pk}" not in SearchDocument.objects.get().tags_2  # not yet: workers may not know the new place
    OutboxEvent.objects.filter(kind=indexing.MOVED).update(not_before=timezone.now())
    indexed()
    assert {f"about:{craft.pk}", f"material:{craft.pk}"} <= set(SearchDocument.objects.get().tags_2)


def test_generation_that_is_being_built_gets_changes_too(aigul):
    building = SearchIndex.objects.create(state=GenerationState.BUILDING, key_version=1, shape_version=1)

    indexed()

    assert SearchDocument.objects.filter(generation=building.pk).count() == 1
    assert SearchIndex.objects.count() == 2


def test_stored_document_is_read_back_as_it_was_built(aigul):
    indexed()
    index = SearchIndex.objects.get()

    (stored,) = stored_documents(index.pk, "expert", [aigul.pk])

    assert stored == indexing.build_documents("expert", [aigul.pk])[0]


def test_refreshing_twice_changes_nothing(aigul):
    indexed()
    before = list(SearchDocument.objects.values())

    refresh_documents("expert", [aigul.pk])

    assert list(SearchDocument.objects.values()) == before


@pytest.mark.django_db(transaction=True)
def test_last_writer_has_read_the_latest_source(monkeypatch):
    """A worker that read the source before an edit must not write over one that read it after."""
    profile = person((NameKind.NATIVE, "Айгүл", "Омарова"))
    process_outbox()
    write, reading, go_on = PostgresEngine.write, threading.Event(), threading.Event()

    def slow_write(self, generation, documents):
        if threading.current_thread().name == "slow":
            reading.set()
            go_on.wait(10)
        write(self, generation, documents)

    def refresh():
        try:
            refresh_documents("expert", [profile.pk])
        finally:
            connection.close()

    monkeypatch.setattr(PostgresEngine, "write", slow_write)
    slow, quick = threading.Thread(target=refresh, name="slow"), threading.Thread(target=refresh, name="quick")
    slow.start()
    assert reading.wait(10)
    PersonName.objects.filter(profile=profile).update(family="Бекенова")
    changed(profile)
    quick.start()
    quick.join(0.3)
    assert quick.is_alive()
    go_on.set()
    slow.join(10)
    quick.join(10)

    assert SearchName.objects.get().text == "Айгүл Бекенова"


def test_ids_named_twice_are_refreshed_once():
    refresh_later("expert", [3, 1, 3])
    refresh_later("expert", [])

    assert OutboxEvent.objects.get(kind=indexing.REFRESH).payload == {"documents": {"expert": [1, 3]}}
