"""URLs of WebSockets."""

from typing import Any, cast

from django.urls import path, re_path

from messaging.consumers import LiveConsumer, no_such_socket

websocket_urlpatterns: list[Any] = [path("ws/", LiveConsumer.as_asgi()), re_path(r"", cast("Any", no_such_socket))]
