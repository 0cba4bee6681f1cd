"""One web process on a socket opened by the supervisor: `python -m devstack.web --fd N`.

The socket outlives the process, so that connections wait in the queue during a restart.
"""

import argparse
import os
import socket

import django
import uvicorn
from django.urls import get_resolver

WEBSOCKET_MAX_BYTES = 64 * 1024


def main() -> None:
    """Serve `exchange.asgi` until stopped."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exchange.settings")
    parser = argparse.ArgumentParser(prog="devstack.web", description=__doc__)
    parser.add_argument("--fd", type=int, required=True, help="the listening socket")
    parser.add_argument("--after", type=int, help="a pipe: nothing is served before its other end is closed")
    arguments = parser.parse_args()
    listening = socket.socket(fileno=arguments.fd)
    # All code is loaded now, not by the first request.
    django.setup()
    _ = get_resolver().url_patterns
    if arguments.after is not None:
        os.read(arguments.after, 1)
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
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
