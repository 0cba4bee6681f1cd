"""One web process on a socket that the supervisor opened: `python -m exchange.stack.web --fd N`.

The socket outlives the process, so a restart refuses nobody: connections wait in the queue meanwhile.
"""

import argparse
import contextlib
import socket
import threading

import uvicorn
from django.db import DatabaseError, connections
from django.urls import get_resolver

WEBSOCKET_MAX_BYTES = 64 * 1024


def main() -> None:
    """Serve `exchange.asgi` until told to stop."""
    parser = argparse.ArgumentParser(prog="exchange.stack.web", description=__doc__)
    parser.add_argument("--fd", type=int, required=True, help="the listening socket")
    listening = socket.socket(fileno=parser.parse_args().fd)
    config = uvicorn.Config(
        "exchange.asgi:application",
        ws_max_size=WEBSOCKET_MAX_BYTES,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=15,
        lifespan="off",
        server_header=False,
        access_log=False,
        log_level="info",
    )
    config.load()
    # Every app is loaded now, not at the expense of whoever asks first.
    _ = get_resolver().url_patterns
    threading.Thread(target=warm_up, daemon=True).start()
    uvicorn.Server(config).run(sockets=[listening])


def warm_up() -> None:
    """Make ready what the first search of a process would otherwise wait for."""
    from search.domain.concepts import labels

    with contextlib.suppress(DatabaseError):
        labels()
    connections.close_all()


if __name__ == "__main__":
    main()
