"""What this room offers every page."""

from django.http import HttpRequest

from exchange.core.context import page_context
from institutions.domain.hats import Hat, current_hat, hats_of_request


@page_context.register("hats")
def hats(request: HttpRequest) -> list[Hat]:
    return hats_of_request(request)


@page_context.register("hat")
def hat(request: HttpRequest) -> Hat | None:
    return current_hat(request)
