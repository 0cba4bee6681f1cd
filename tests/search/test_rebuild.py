"""Rebuilding the index beside the active one."""

import io
import os
import signal
import subprocess
import sys
import time

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from exchange.core.errors import DomainError
from profiles.models import ExpertProfile
from profiles.states import NameKind
from search.domain import rebuilding
from search.domain.rebuilding import reason_to_rebuild, rebuild_index
from search.models import GenerationState, SearchDocument, SearchIndex, SearchKey, SearchName
from tests.factories import ExpertFactory, InstitutionFactory, ProgramFactory
from tests.search.people import changed, found, indexed, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return [person((NameKind.NATIVE, "Айгүл", f"Омарова{letter}")) for letter in "абвгд"]


@pytest.fixture
def _small_chunks(monkeypatch):
    monkeypatch.setattr(rebuilding, "CHUNK", 2)


def rows():
    return SearchDocument.objects.count(), SearchName.objects.count(), SearchKey.objects.count()


def test_rebuild_swaps_and_leaves_nothing_of_the_old(people):
    indexed()
    old, before = SearchIndex.objects.get(), rows()

    done = rebuild_index(grace=0)

    active = SearchIndex.objects.get()
    assert (active.pk, active.state, active.documents) == (done.generation, GenerationState.ACTIVE, 5)
    assert active.pk != old.pk
    assert rows() == before
    assert found("Aigul Omarova", limit=10)[0] == people[0].pk


def test_rebuild_holds_every_kind():
    ExpertFactory(audience="everyone"), ProgramFactory(), InstitutionFactory()

    assert rebuild_index(grace=0).documents == 4


@pytest.mark.usefixtures("_small_chunks")
def test_interrupted_rebuild_goes_on_where_it_was(people, monkeypatch):
    write, calls = rebuilding.PostgresEngine.write, []

    def fail_on_the_second(self, generation, documents):
        calls.append([document.object_id for document in documents])
        if len(calls) == 2:
            raise KeyboardInterrupt
        write(self, generation, documents)

    monkeypatch.setattr(rebuilding.PostgresEngine, "write", fail_on_the_second)
    with pytest.raises(KeyboardInterrupt):
        rebuild_index(grace=0)
    assert SearchIndex.objects.get(state=GenerationState.BUILDING).done_id == people[1].pk

    done = rebuild_index(grace=0)

    assert (done.resumed, done.documents) == (True, 5)
    assert calls[2] == [people[2].pk, people[3].pk]
    assert SearchDocument.objects.count() == 5


@pytest.mark.usefixtures("_small_chunks")
def test_fresh_rebuild_forgets_the_interrupted_one(people):
    waiting = SearchIndex.objects.create(
        state=GenerationState.BUILDING, key_version=rebuilding.KEY_VERSION, shape_version=rebuilding.SHAPE_VERSION,
        done_kind="expert", done_id=people[-1].pk,
    )  # fmt: skip

    assert rebuild_index(grace=0, fresh=True).documents == 5
    assert not SearchIndex.objects.filter(pk=waiting.pk).exists()


def test_interrupted_rebuild_of_another_version_is_not_gone_on_with(people):
    SearchIndex.objects.create(
        state=GenerationState.BUILDING, key_version=0, shape_version=0, done_kind="institution", done_id=10**6
    )

    assert rebuild_index(grace=0).resumed is False
    assert SearchDocument.objects.count() == 5


@pytest.mark.usefixtures("_small_chunks")
def test_writes_during_a_rebuild_are_in_the_new_generation(people, monkeypatch):
    write, late = rebuilding.PostgresEngine.write, []

    def write_and_edit(self, generation, documents):
        write(self, generation, documents)
        if not late:
            late.append(person((NameKind.NATIVE, "Жаңа", "Адамова")))
            ExpertProfile.objects.filter(pk=people[0].pk).update(city="Otrar")
            changed(people[0])
            people[1].delete()
            indexed()

    monkeypatch.setattr(rebuilding.PostgresEngine, "write", write_and_edit)
    done = rebuild_index(grace=0)

    documents = {row.object_id: row for row in SearchDocument.objects.filter(generation=done.generation)}
    assert set(documents) == {people[0].pk, *(each.pk for each in people[2:]), late[0].pk}
    assert "city:otrar" in documents[people[0].pk].tags_1


def test_second_rebuild_is_refused_while_one_runs(people, monkeypatch):
    monkeypatch.setattr(rebuilding, "TIMEOUT", 0.0)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [rebuilding.LOCKS, rebuilding.BUILDER_LOCK])
        with pytest.raises(DomainError, match="already being rebuilt"):
            rebuild_index(grace=0)
        with pytest.raises(CommandError, match="already being rebuilt"):
            call_command("search_rebuild", verbosity=0, grace=0)
        # The server frees what a closed connection held only a moment later.
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [rebuilding.LOCKS, rebuilding.BUILDER_LOCK])
    other.close()

    assert rebuild_index(grace=0).documents == 5


def test_old_generation_goes_in_batches(people, monkeypatch):
    indexed()
    engine, sizes = rebuilding.PostgresEngine, []
    drop = engine.drop_some

    def some(self, generation):
        sizes.append(drop(self, generation, batch=2))
        return sizes[-1]

    monkeypatch.setattr(engine, "drop_some", some)
    rebuild_index(grace=0)

    assert sizes == [2, 2, 1, 0]


def test_reasons_to_rebuild(people):
    assert "no index" in reason_to_rebuild()
    indexed()
    assert "never built" in reason_to_rebuild()
    rebuild_index(grace=0)
    assert reason_to_rebuild() == ""
    SearchIndex.objects.update(key_version=0)
    assert "keys are of version 0" in reason_to_rebuild()
    SearchIndex.objects.update(key_version=rebuilding.KEY_VERSION, shape_version=0)
    assert "documents are of version 0" in reason_to_rebuild()


def test_nothing_to_index_is_no_reason_to_rebuild():
    assert reason_to_rebuild() == ""


def test_command_checks_builds_and_leaves_alone_what_is_well(people):
    with pytest.raises(CommandError, match="no index"):
        call_command("search_rebuild", check=True)
    call_command("search_rebuild", if_needed=True, verbosity=0, grace=0)
    generation = SearchIndex.objects.get().pk
    call_command("search_rebuild", if_needed=True, verbosity=0)
    out = io.StringIO()
    call_command("search_rebuild", check=True, stdout=out)

    assert SearchIndex.objects.get().pk == generation
    assert "up to date" in out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_rebuild_killed_in_the_middle_goes_on():
    for number in range(12):
        person((NameKind.NATIVE, "Айгүл", f"Омарова{number}"))
    code = (
        "import time, django; django.setup()\n"
        "from search.domain import rebuilding\n"
        "rebuilding.CHUNK = 3\n"
        "step = lambda name, total: lambda done: (print(done, flush=True), time.sleep(30))\n"
        "rebuilding.rebuild_index(step=step, grace=0)\n"
    )
    environment = os.environ | {"MIRAS_TEST_DATABASE": connection.settings_dict["NAME"], "DATABASE_URL": database_url()}
    child = subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE)
    assert child.stdout.readline() == b"3\n"
    os.kill(child.pid, signal.SIGKILL)
    child.wait(10)
    begun = time.monotonic()

    done = rebuild_index(grace=0)

    assert time.monotonic() - begun < rebuilding.TIMEOUT + 2
    assert (done.resumed, done.documents) == (True, 12)
    assert SearchDocument.objects.filter(generation=done.generation).count() == 12


def database_url():
    """The address of this test's own database."""
    from urllib.parse import quote

    of = connection.settings_dict
    return f"postgres://{quote(of['USER'])}:{quote(of['PASSWORD'])}@{quote(of['HOST'], safe='')}:{of['PORT']}/{of['NAME']}"
