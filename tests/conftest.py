"""Fixtures for all tests: the servers, a database per worker, the rule about skipping."""

import os

import pytest
from django.test import TransactionTestCase

from tests import servers
from tests.browsers import find_chromium, running_chromium
from tests.elastic import NO_ELASTICSEARCH, given_url

FORBID_SKIP = os.environ.get("MIRAS_FORBID_SKIP") == "1"
NO_CHROMIUM = "no Chromium found; install the package `chromium` or name one in CHROMIUM"


def pytest_configure(config):
    if servers.OWN_RUN and not config.option.collectonly:
        config.test_run = servers.TestRun()
        config.test_run.start()


def pytest_unconfigure(config):
    if hasattr(config, "test_run"):
        config.test_run.stop()


def pytest_collection_modifyitems(items):
    # A worker takes whole files in this order: the longest ones must not be left for the end.
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    skip_marked(items, "browser", NO_CHROMIUM, needed=find_chromium() is None)
    skip_marked(items, "elasticsearch", NO_ELASTICSEARCH, needed=not given_url())


def skip_marked(items, marker, reason, *, needed):
    for item in items:
        if needed and item.get_closest_marker(marker):
            item.add_marker(pytest.mark.skip(reason=reason))


def pytest_terminal_summary(terminalreporter):
    for what, reason in (("browser", NO_CHROMIUM), ("Elasticsearch", NO_ELASTICSEARCH)):
        skipped = [report for report in terminalreporter.stats.get("skipped", []) if reason in str(report.longrepr)]
        if skipped:
            terminalreporter.write_line(f"{len(skipped)} {what} tests skipped: {reason}")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if FORBID_SKIP and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where skipping is forbidden: {report.longrepr}"


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report(collector):
    report = (yield).get_result()
    if FORBID_SKIP and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped where skipping is forbidden: {report.longrepr}"


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker):
    """A migrated database for this process, instead of pytest-django's own way: migrations run once a run, not once a worker."""
    with django_db_blocker.unblock():
        servers.make_test_database()
        TransactionTestCase._fixture_teardown = lambda case: servers.empty_tables()
        if not servers.OWN_RUN and not servers.worker():
            servers.empty_tables()  # whoever used this database before may have been killed


@pytest.fixture(scope="module")
def chromium():
    with running_chromium() as browser:
        yield browser


@pytest.fixture(autouse=True)
def _vocabulary_of_this_test(monkeypatch):
    """What one test rolled back must not stay in the process's copy, and no count of queries may hang on the clock."""
    from vocabulary.domain import vocabulary

    monkeypatch.setattr(vocabulary, "CHECK_EVERY", 3600.0)
    vocabulary.forget_vocabulary()
