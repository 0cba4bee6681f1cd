"""Pages that are drawn once and handed out again until something on them changes.

A page that many ask for sums up what it shows in stamps: an SQL expression, or a function of the request, from every app that shows
something on it, which changes whenever that does. One query asks them all; a page drawn under the same stamps, for the same
person, address, language, clock and session, is handed out as it is, with a fresh form token. Nothing is kept for longer than
`FRESH_SECONDS`, so words that count time ("saved 3 minutes ago") stay true.

Whoever registers a piece for such a page (`@page_slot`, `@offers`) and gives no stamp makes it be drawn every time: slower, never wrong.
"""

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import get_language

from exchange.core.context import context_stamps
from exchange.core.page_slots import slot_stamps
from exchange.core.stamps import Stamp

FRESH_SECONDS = 30.0
MAX_PAGES = 500
MAX_BYTES = 24 * 1024 * 1024
MAX_ADDRESS_LENGTH = 300

TOKEN = re.compile(rb'((?:name="csrfmiddlewaretoken" value|name="csrf-token" content)=")[A-Za-z0-9]{64}(?=")')

Draw = Callable[[], HttpResponse]


@dataclass(frozen=True)
class Kept:
    """A drawn page, cut where form tokens stand."""

    pieces: list[bytes]
    headers: list[tuple[str, str]]
    until: float
    size: int


class Memory:
    """The pages of this process: those handed out last stay, within bounds of number and size."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Any, Kept] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: Any) -> Kept | None:
        with self._lock:
            kept = self._pages.get(key)
            if kept is None:
                return None
            if kept.until < time.monotonic():
                self._drop(key)
                return None
            self._pages.move_to_end(key)
            return kept

    def put(self, key: Any, kept: Kept) -> None:
        with self._lock:
            if key in self._pages:
                self._drop(key)
            self._pages[key] = kept
            self._bytes += kept.size
            while self._pages and (len(self._pages) > MAX_PAGES or self._bytes > MAX_BYTES):
                self._drop(next(iter(self._pages)))

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self._bytes = 0

    def _drop(self, key: Any) -> None:
        self._bytes -= self._pages.pop(key).size


memory = Memory()


def remembered(
    request: HttpRequest, draw: Draw, *, stamps: Iterable[Stamp | None], places: Iterable[str] = (), refuse: str = "", **params: Any
) -> HttpResponse:
    """The page that `draw` draws, or the one it drew before under the same stamps.

    `stamps` are those of the page itself, `places` the page slots on it. `params` fill placeholders of SQL stamps, `user` (an id, 0 for a
    stranger) is given. `refuse` is an SQL condition under which the page is always drawn, for readers who see more than stamps tell.
    """
    wanted = _stamps(stamps, places)
    if wanted is None or not _plain(request):
        return draw()
    values = _ask(request, wanted, refuse, params)
    if values is None:
        return draw()
    key = (_reader(request), request.get_full_path(), values)
    kept = memory.get(key)
    if kept is not None:
        return _hand_out(request, kept)
    response = draw()
    if response.status_code == 200 and not response.streaming and not response.cookies:
        _keep(key, response)
    return response


def _stamps(own: Iterable[Stamp | None], places: Iterable[str]) -> list[Stamp] | None:
    """Every stamp of the page; None when some piece of it has none."""
    found: list[Stamp | None] = [*own, *context_stamps()]
    for place in places:
        found += slot_stamps(place)
    return None if None in found else [stamp for stamp in found if stamp is not None]


def _plain(request: HttpRequest) -> bool:
    """Whether nothing about the request asks for a page of its own: fragments, flash messages, endless addresses.

    Nor a transaction around it: what that has written itself would look unchanged.
    """
    return (
        request.method == "GET"
        and not connection.in_atomic_block
        and not request.headers.get("HX-Request")
        and "messages" not in request.COOKIES
        and "_messages" not in request.session
        and len(request.get_full_path()) <= MAX_ADDRESS_LENGTH
    )


def _ask(request: HttpRequest, stamps: Sequence[Stamp], refuse: str, params: dict[str, Any]) -> tuple[Any, ...] | None:
    """The present values of all stamps, those in SQL by one query; None when the page refuses to be remembered."""
    sql = [stamp for stamp in stamps if isinstance(stamp, str) and stamp]
    called = tuple(stamp(request) for stamp in stamps if callable(stamp))
    columns = [f"({refuse or 'false'})", *(f"({part})::text" for part in sql)]
    refused, *values = _row(f"SELECT {', '.join(columns)}", {"user": request.user.pk or 0} | params)
    return None if refused else (*values, *called)


def _row(sql: str, params: dict[str, Any]) -> tuple[Any, ...]:
    """The one row of a query that each connection plans once: planning so many small parts takes longer than running them.

    Behind a pooler that hands connections round (Django's own sign of one is set) it is sent as it is.
    """
    with connection.cursor() as cursor:
        if connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
            cursor.execute(sql, params)
        else:
            names = sorted(params)
            cursor.execute(
                f"EXECUTE {_prepare(cursor, sql, {name: type(params[name]) for name in names})} ({', '.join(['%s'] * len(names))})",
                [params[name] for name in names],
            )
        row: tuple[Any, ...] = cursor.fetchone()
    return row


def _prepare(cursor: Any, sql: str, types: dict[str, type]) -> str:
    """The name of this statement on this connection, prepared when it is asked for the first time."""
    known = _prepared.setdefault(connection.connection, {})
    if sql not in known:
        name = f"remembered_{len(known)}"
        places = {parameter: f"${number}" for number, parameter in enumerate(types, start=1)}
        kinds = ", ".join("bigint" if kind is int else "text" for kind in types.values())
        cursor.execute(f"PREPARE {name} ({kinds}) AS {sql % places}")
        known[sql] = name
    return known[sql]


_prepared: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()


def _reader(request: HttpRequest) -> tuple[Any, ...]:
    """Everything about who asks that a template may show: the account's row, the session, language, clock, and light or dark."""
    user: Any = request.user
    row = tuple(str(getattr(user, field.attname)) for field in user._meta.concrete_fields) if user.is_authenticated else ()  # noqa: SLF001 -- documented
    session = tuple(sorted((key, str(value)) for key, value in request.session.items()))
    return (
        row,
        session,
        get_language(),
        str(timezone.get_current_timezone()),
        request.COOKIES.get("theme", ""),
        request.get_host(),
    )


def _keep(key: Any, response: HttpResponse) -> None:
    pieces, start = [], 0
    body = response.content
    for found in TOKEN.finditer(body):
        pieces.append(body[start : found.end(1)])
        start = found.end()
    pieces.append(body[start:])
    memory.put(key, Kept(pieces, list(response.items()), time.monotonic() + FRESH_SECONDS, len(body)))


def _hand_out(request: HttpRequest, kept: Kept) -> HttpResponse:
    token = get_token(request).encode() if len(kept.pieces) > 1 else b""
    response = HttpResponse(token.join(kept.pieces))
    for name, value in kept.headers:
        response.headers[name] = value
    return response
