"""From which pages a WebSocket may be opened: from those of the host and port that it goes to."""

from typing import Any
from urllib.parse import urlsplit

from channels.security.websocket import OriginValidator, WebsocketDenier
from django.conf import settings
from django.http.request import split_domain_port, validate_host

ASGI = Any


def same_origin_only(application: ASGI) -> ASGI:
    """An ASGI application for WebSockets that lets in whose Origin has the host and the port of the request, or is in CSRF_TRUSTED_ORIGINS."""

    async def validated(scope: dict[str, Any], receive: Any, send: Any) -> Any:
        headers = {name: value.decode("latin1") for name, value in scope["headers"]}
        well_formed = _is_origin(headers.get(b"origin", ""))
        validator = OriginValidator(application, allowed_origins(headers.get(b"host", ""))) if well_formed else WebsocketDenier()
        return await validator(scope, receive, send)

    return validated


def allowed_origins(host: str) -> list[str]:
    """The origins of the pages of this host, given as in the Host header; over HTTPS only secure ones."""
    domain, _port = split_domain_port(host.lower())
    if not (domain and validate_host(domain, settings.ALLOWED_HOSTS)):
        return list(settings.CSRF_TRUSTED_ORIGINS)
    schemes = ["https"] if settings.HTTPS else ["http", "https"]
    return [*(f"{scheme}://{host.lower()}" for scheme in schemes), *settings.CSRF_TRUSTED_ORIGINS]


def _is_origin(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return bool(parts.scheme and parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False
