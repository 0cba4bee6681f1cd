"""Letters and tables to take away."""

from django.http import HttpResponse

from profiles.requests import AuthedRequest


def placement_letter(request: AuthedRequest, pk: int, language: str) -> HttpResponse:
    return HttpResponse()


def queue_table(request: AuthedRequest, kind: str) -> HttpResponse:
    return HttpResponse()


def flows_table(request: AuthedRequest, kind: str) -> HttpResponse:
    return HttpResponse()
