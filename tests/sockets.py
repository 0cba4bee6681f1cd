"""One end of a WebSocket, spoken to the ASGI application without a server. (The one of channels imports a server we do not use.)"""

import asyncio
import json

from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator

from exchange.asgi import application
from exchange.core import live_events

ORIGIN = "http://127.0.0.1:8000"


class Socket(ApplicationCommunicator):
    """A tab's socket: `await socket.opened()`, then `say`, `hear`, `silent`, `closing_code`, `leave`."""

    def __init__(self, client=None, *, origin=ORIGIN, path="/ws/"):
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items()) if client else ""
        headers = [(b"cookie", cookies.encode()), (b"host", b"127.0.0.1:8000")]
        if origin:
            headers.append((b"origin", origin.encode()))
        super().__init__(
            application, {"type": "websocket", "path": path, "query_string": b"", "headers": headers, "subprotocols": []}
        )

    async def opened(self):
        """Whether the application let it in. What was pushed before is over by then: a late event of the set-up would arrive too."""
        await sync_to_async(live_events_stopped)()
        await self.send_input({"type": "websocket.connect"})
        event = await self.receive_output(timeout=5)
        return event["type"] == "websocket.accept"

    async def say(self, *, text=None, data=None):
        await self.send_input({"type": "websocket.receive", "text": text, "bytes": data})

    async def hear(self, seconds=3):
        event = await self.receive_output(timeout=seconds)
        assert event["type"] == "websocket.send", event
        return json.loads(event["text"])

    async def silent(self, seconds=0.5):
        return await self.receive_nothing(timeout=seconds)

    async def closing_code(self, seconds=2):
        event = await self.receive_output(timeout=seconds)
        assert event["type"] == "websocket.close", event
        return event["code"]

    async def leave(self):
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(timeout=2)


def live_events_stopped(seconds=5):
    """Wait until every live event that was handed to the background loop is with Redis."""

    async def pushed():
        ringing = [task for task in asyncio.all_tasks() if task.get_coro().__name__ == live_events._send.__name__]
        await asyncio.gather(*ringing)

    asyncio.run_coroutine_threadsafe(pushed(), live_events._loop()).result(seconds)
