"""The bare path of a message: a view without a login, one INSERT, one group_send, a consumer that forwards it. Same server, same entry points."""

import asyncio
import os
import threading

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.bare_messages_settings"

from a2wsgi import WSGIMiddleware
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpResponse
from django.urls import path

http = WSGIMiddleware(get_wsgi_application(), workers=8)
_loop = asyncio.new_event_loop()
threading.Thread(target=_loop.run_forever, daemon=True).start()


def alive(request):
    return HttpResponse("alive")


def post(request):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_message (body) VALUES (%s) RETURNING id", [request.POST["body"]])
        number = cursor.fetchone()[0]
    event = {"type": "message", "text": f"{number} {request.POST['body']}"}
    asyncio.run_coroutine_threadsafe(get_channel_layer().group_send("bare", event), _loop)
    return HttpResponse(str(number))


class Consumer(AsyncWebsocketConsumer):
    async def connect(self):
        await self.channel_layer.group_add("bare", self.channel_name)
        await self.accept()

    async def message(self, event):
        await self.send(text_data=event["text"])


urlpatterns = [path("healthz", alive), path("post/", post)]
application = ProtocolTypeRouter({"http": http, "websocket": URLRouter([path("ws/", Consumer.as_asgi())])})
