"""Two imports of one table at once."""

import threading

import pytest
from django.db import connection

from importing.domain.people import Source
from importing.domain.runs import import_people
from profiles.models import ExpertProfile, ImportedExpert

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def test_one_table_imported_twice_at_once_adds_everybody_once(monkeypatch):
    monkeypatch.setattr("importing.domain.writing.CHUNK", 3)
    content = "external_id,name\n" + "".join(f"{n},Абай {n}\n" for n in range(12))
    barrier, reports = threading.Barrier(2), []

    def run():
        try:
            barrier.wait()
            reports.append(import_people(content.encode(), Source("command")))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(reports) == 2
    assert sum(report.outcome.new for report in reports) == 12
    assert sum(report.outcome.same for report in reports) == 12
    assert ExpertProfile.objects.count() == ImportedExpert.objects.count() == 12
