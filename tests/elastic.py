"""The Elasticsearch of a test: the one named in ELASTICSEARCH_URL, or nodes started by the test, where the test stops or breaks them.

Tests marked `elasticsearch` need it; all others search as an installation without one.
"""

import contextlib
import os
import signal
import uuid

from devstack.elastic_program import fetch, is_fetched
from devstack.elasticsearch import Elasticsearch
from devstack.processes import kill_group, launch
from tests import servers

NO_ELASTICSEARCH = "no Elasticsearch given; `make elasticsearch` starts one and says what to export before `make test`"


def given_url():
    """The server this run was given, or an empty string."""
    return os.environ.get(servers.ELASTICSEARCH, "")


def own_prefix():
    """Names of indexes that no other test uses."""
    return f"test-{uuid.uuid4().hex[:12]}"


class Node:
    """A node of the test's own: to be killed, frozen and started again on the same port."""

    def __init__(self, data, name="node", **options):
        if not is_fetched():
            fetch()
        self.server = Elasticsearch(data, name=name, fast_start=True, heap="256m", **options)
        self.running = None

    @property
    def url(self):
        return self.server.url

    def start(self, *, wait=True, nodes=1):
        self.server.prepare()
        self.running = launch(self.server.service(), data=self.server.data)
        if wait:
            self.wait(nodes=nodes)
        return self

    def wait(self, *, nodes=1):
        self.server.wait_ready(self.running, nodes=nodes)

    def kill(self):
        """As a power cut: the launcher and the server at once."""
        kill_group(self.running.popen.pid)
        self.running.popen.wait()

    def freeze(self):
        os.killpg(self.running.popen.pid, signal.SIGSTOP)

    def thaw(self):
        os.killpg(self.running.popen.pid, signal.SIGCONT)

    def stop(self):
        if self.running is not None:
            with contextlib.suppress(ProcessLookupError):
                self.thaw()
            self.running.stop()
            kill_group(self.running.popen.pid)
            self.running = None
