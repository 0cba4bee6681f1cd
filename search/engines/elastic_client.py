"""The connection to Elasticsearch: the client of this installation, and its failures as EngineError."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from search.engines.base import EngineError

WRITE_TIMEOUT = 10.0
"""Seconds that a request may take when nothing else is said, which is the case for writes."""


@lru_cache(maxsize=4)
def _client(url: str) -> Elasticsearch:
    """One for a process: it keeps its connections, and does not use a node that failed for some time."""
    hosts = [host.strip() for host in url.split(",") if host.strip()]
    return Elasticsearch(hosts, retry_on_timeout=True, max_retries=0, request_timeout=WRITE_TIMEOUT, dead_node_backoff_factor=0.5)


def client() -> Elasticsearch:
    """The client of this installation."""
    return _client(settings.ELASTICSEARCH_URL)


def guarded(call: Callable[[], Any]) -> Any:
    """The result of this call; every failure of the server or of the connection is raised as EngineError."""
    try:
        return call()
    except (ApiError, TransportError) as error:
        raise EngineError(f"{type(error).__name__}: {error}") from error


def whole_answer(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer, when all shards answered in time; otherwise EngineError."""
    if "error" in answer:
        raise EngineError("; ".join(_reasons(answer["error"])))
    if answer["timed_out"] or answer["_shards"]["failed"]:
        raise EngineError("not all of it was searched in time")
    return dict(answer)


def _reasons(error: Mapping[str, Any]) -> Iterator[str]:
    """What went wrong and its causes: "all shards failed" alone explains nothing."""
    for each in (error, *error.get("root_cause", ())):
        yield f"{each.get('type')}: {each.get('reason')}"
