"""Shared parts of the API: lists with a cursor, transitions, and RFC 9457 problem documents."""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as InputError

from exchange.core.errors import DomainError
from exchange.core.paging import Page, keyset_page
from exchange.core.transitions import available_transitions

MAX_PAGE = 100
PROBLEM = "application/problem+json"


class TransitionOut(Schema):
    """A transition the user may see; `objection` is the reason why it is blocked now, or null."""

    name: str
    label: str
    reasons: list[str]
    note_required: bool
    objection: str | None


class PictureSizeOut(Schema):
    """One size of a picture; `width` in px."""

    url: str
    width: int


class PictureOut(Schema):
    """A picture with its rights: `url` is its largest size, `alt` what can be seen."""

    url: str
    sizes: list[PictureSizeOut]
    alt: str
    holder: str
    licence: str


class TransitionIn(Schema):
    """The request body of a transition."""

    reason: str = ""
    note: str = ""


def transitions_of(subject: Any, user: Any) -> list[dict[str, Any]]:
    """The `moves` entry of an item."""
    return [
        {
            "name": legal.name,
            "label": str(legal.transition.label),
            "reasons": [code for code, _label in legal.transition.reasons],
            "note_required": legal.transition.note_required,
            "objection": None if legal.allowed else str(legal.blocked_reason),
        }
        for legal in available_transitions(subject, user)
    ]


def list_page(
    rows: "QuerySet[Any]", order: Sequence[str], serialise: Callable[[Any], dict[str, Any]], *, cursor: str | None, limit: int = 20
) -> dict[str, Any]:
    """`{"items": [...], "next": cursor or null}`; `limit` is clamped to 1..100. Raises DomainError (400) for a cursor of another list."""
    return page_out(keyset_page(rows, order, cursor=cursor, size=max(1, min(limit, MAX_PAGE))), serialise)


def page_out(page: Page[Any], serialise: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """`{"items": [...], "next": cursor or null}` of one page."""
    return {"items": [serialise(row) for row in page.items], "next": page.next}


def problem(request: HttpRequest, status: int, title: str, *, code: str = "", detail: str = "", **more: Any) -> HttpResponse:
    """An RFC 9457 problem document."""
    body = {"type": f"about:blank#{code}" if code else "about:blank", "title": title, "status": status, "instance": request.path}
    if detail:
        body["detail"] = detail
    return JsonResponse(body | more, status=status, content_type=PROBLEM, json_dumps_params={"ensure_ascii": False})


def register_problems(api: NinjaAPI) -> None:
    """Turn every expected failure of this API into a problem document."""

    @api.exception_handler(DomainError)
    def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
        return problem(request, error.status, _("Refused"), code=error.code, detail=str(error))

    @api.exception_handler(PermissionDenied)
    def forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
        return problem(request, 403, _("You do not have permission"), code="forbidden", detail=str(error))

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem(request, 404, _("Not found"), code="not-found")

    @api.exception_handler(AuthenticationError)
    def unauthenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        response = problem(request, 401, _("A valid token or login is needed"), code="unauthenticated")
        response.headers["WWW-Authenticate"] = "Bearer"
        return response

    @api.exception_handler(InputError)
    def invalid(request: HttpRequest, error: InputError) -> HttpResponse:
        errors = [{"at": ".".join(str(part) for part in item["loc"]), "detail": item["msg"]} for item in error.errors]
        return problem(request, 422, _("The request cannot be read"), code="invalid", errors=errors)

    @api.exception_handler(ValidationError)
    def not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return problem(request, 422, _("The request cannot be read"), code="invalid", detail=" ".join(error.messages))

    @api.exception_handler(HttpError)
    def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(request, error.status_code, str(error), code="http")


def get_visible(rows: "QuerySet[Any]", **lookup: Any) -> Any:
    """The one row of a `visible_to` queryset, or Http404."""
    found: Model | None = rows.filter(**lookup).first()
    if found is None:
        raise Http404
    return found
