"""The page of an unexpected error. While the database is away it says so, with 503, and is made without the database."""

import sys

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.views.defaults import server_error as default_server_error

from exchange.core.api import problem

RETRY_SECONDS = 5


def server_error(request: HttpRequest) -> HttpResponse:
    """`handler500`: called while the error is being handled."""
    if not _database_is_away(sys.exc_info()[1]):
        return default_server_error(request)
    if request.path.startswith("/api/"):
        response = problem(request, 503, "The database does not answer", code="unavailable")
    else:
        response = HttpResponse(get_template("503.html").render(), status=503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    return response


def _database_is_away(error: BaseException | None) -> bool:
    """Whether the error comes from a connection that was lost or could not be made; others, such as timeouts, leave one that works."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    made = connection.connection
    return made is None or bool(made.closed)
