"""What this room offers every page."""

from django.http import HttpRequest

from exchange.core.context import offers
from institutions.domain.hats import Hat, current_hat, hats_of_request


@offers("hats")
def hats(request: HttpRequest) -> list[Hat]:
    return hats_of_request(request)


@offers("hat")
def hat(request: HttpRequest) -> Hat | None:
    return current_hat(request)
