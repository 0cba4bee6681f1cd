import pytest
from django.db import connection

from search import receivers
from search.domain import preparing
from search.domain.preparing import prepare_search
from vocabulary.domain import concepts
from vocabulary.domain.vocabulary import forget_vocabulary


@pytest.mark.django_db(transaction=True)
def test_what_the_first_search_needs_is_loaded_in_a_thread(monkeypatch):
    monkeypatch.setattr(concepts, "_copies", [])
    forget_vocabulary()

    prepare_search().join()

    assert {"labels", "phrases", "everyday"} <= vars(concepts._copies[-1]).keys()


def test_database_that_is_not_ready_is_left_to_the_first_search(monkeypatch):
    def away():
        from django.db import OperationalError

        raise OperationalError

    failures = []
    monkeypatch.setattr(preparing, "labels", away)
    monkeypatch.setattr("threading.excepthook", failures.append)

    prepare_search().join()

    assert failures == []
    assert connection.connection is None or not connection.connection.closed


@pytest.mark.parametrize(("testing", "prepared"), [(True, 0), (False, 1)])
def test_worker_prepares_itself_when_it_is_no_test(testing, prepared, settings, monkeypatch):
    asked = []
    monkeypatch.setattr(receivers, "prepare_search", lambda: asked.append(1))
    settings.TESTING = testing

    receivers.prepare_worker()

    assert len(asked) == prepared
