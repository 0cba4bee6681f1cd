"""The WebSocket of a tab. It forwards live events (kinds and ids) and writes nothing; content is fetched through ordinary pages."""

import asyncio
import json
import time
from typing import Any

from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from exchange.core.live_events import user_group
from messaging.domain import open_sockets
from messaging.sessions import session_mark, still_signed_in

SIGNED_OUT = 4401
NOT_FOUND = 4404
TOO_MANY = 4429
TOO_LARGE = 1009
MAX_FRAME = 64 * 1024
MAX_FRAMES = 30
FRAMES_SECONDS = 10.0
CHECK_SECONDS = 300.0


class LiveConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]
    """Forwards the live events of one user to one of their tabs; closes with 4401 when the session ends, with 4429 above MAX_SOCKETS."""

    group = ""

    async def connect(self) -> None:
        user = self.scope["user"]
        if not (user.is_authenticated and user.is_active):
            await self.close(SIGNED_OUT)
            return
        self.user_id: int = user.pk
        self.session_key: str | None = self.scope["session"].session_key
        self.frames, self.frames_since = 0, time.monotonic()
        if not await sync_to_async(open_sockets.enter, thread_sensitive=False)(self.user_id, self.channel_name):
            await self.close(TOO_MANY)
            return
        self.renewing = asyncio.ensure_future(self._renew())
        self.group = user_group(self.user_id)
        await self.channel_layer.group_add(self.group, self.channel_name)
        # Checked after joining the group: a session that ends in between would otherwise be missed by both the check and the live event.
        if not await self._session_is_valid():
            await self.close(SIGNED_OUT)
            return
        await self.accept()
        lifetime = self.scope["session"].get_expiry_age()
        self.expiry = asyncio.get_running_loop().call_later(lifetime, lambda: asyncio.ensure_future(self.close(SIGNED_OUT)))

    async def disconnect(self, code: int) -> None:
        if hasattr(self, "renewing"):
            self.renewing.cancel()
            await sync_to_async(open_sockets.leave, thread_sensitive=False)(self.user_id, self.channel_name)
        if self.group:
            await self.channel_layer.group_discard(self.group, self.channel_name)
        if hasattr(self, "expiry"):
            self.expiry.cancel()

    async def live_event(self, event: dict[str, Any]) -> None:
        """Forward a live event, or close when it says that the session ended."""
        live_event = event["live_event"]
        if live_event.get("kind") != "session":
            await self.send_json(live_event)
        elif live_event.get("session") in (None, session_mark(self.session_key)):
            await self.close(SIGNED_OUT)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any) -> None:
        """Answer a ping, ignore anything else, close when too much is sent."""
        if len((text_data or "").encode()) + len(bytes_data or b"") > MAX_FRAME:
            await self.close(TOO_LARGE)
        elif self._too_many():
            await self.close(TOO_MANY)
        elif text_data and _kind(text_data) == "ping":
            if time.monotonic() - self.checked > CHECK_SECONDS and not await self._session_is_valid():
                await self.close(SIGNED_OUT)
                return
            await self.send_json({"kind": "pong"})

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(open_sockets.RENEWED_SECONDS)
            await sync_to_async(open_sockets.renew, thread_sensitive=False)(self.user_id, self.channel_name)

    async def _session_is_valid(self) -> bool:
        self.checked = time.monotonic()
        return bool(await database_sync_to_async(still_signed_in)(self.session_key, self.user_id))

    def _too_many(self) -> bool:
        now = time.monotonic()
        if now - self.frames_since > FRAMES_SECONDS:
            self.frames, self.frames_since = 0, now
        self.frames += 1
        return self.frames > MAX_FRAMES


async def no_such_socket(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Refuse a WebSocket of an address where there is none."""
    await receive()
    await send({"type": "websocket.close", "code": NOT_FOUND})


def _kind(text: str) -> Any:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return said.get("kind") if isinstance(said, dict) else None
