"""The coordinator's desk."""

from django.http import HttpResponse

from profiles.requests import AuthedRequest


def desk_coordinator(request: AuthedRequest) -> HttpResponse:
    return HttpResponse()
