"""URLs of WebSockets."""

from typing import Any

from django.urls import path

from messaging.consumers import LiveConsumer

websocket_urlpatterns: list[Any] = [path("ws/", LiveConsumer.as_asgi())]
