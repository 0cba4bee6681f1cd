"""The placement's own page and moves."""

from django.http import HttpResponse

from profiles.requests import AuthedRequest


def placement_list(request: AuthedRequest) -> HttpResponse:
    return HttpResponse()


def placement_page(request: AuthedRequest, pk: int) -> HttpResponse:
    return HttpResponse()


def placement_resubmit(request: AuthedRequest, pk: int) -> HttpResponse:
    return HttpResponse()


def placement_cancel(request: AuthedRequest, pk: int) -> HttpResponse:
    return HttpResponse()


def approval_move(request: AuthedRequest, pk: int, country: str, move: str) -> HttpResponse:
    return HttpResponse()
