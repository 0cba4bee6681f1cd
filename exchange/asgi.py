"""The ASGI application: HTTP through WSGI threads (fewer thread switches than Django's ASGI handler), WebSockets through Channels."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exchange.settings")

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings

from exchange.core.body_limits import body_limit
from exchange.environment import env_int
from exchange.origins import same_origin_only
from exchange.wsgi import application as http_application
from exchange.wsgi_threads import WSGIThreads
from messaging.routing import websocket_urlpatterns
from search.domain.preparing import prepare_search

# WebSockets share this process with threads that render pages: with Python's default of 5 ms a live event would wait that long at each step.
sys.setswitchinterval(0.0005)

application = ProtocolTypeRouter(
    {
        "http": WSGIThreads(http_application, workers=env_int("WEB_THREADS", 8), body_limit=body_limit),
        "websocket": same_origin_only(AuthMiddlewareStack(URLRouter(websocket_urlpatterns))),
    }
)

if not settings.TESTING:
    prepare_search()
