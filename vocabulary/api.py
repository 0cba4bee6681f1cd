"""The vocabulary in the API."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema

from exchange.core.errors import DomainError
from vocabulary.domain.vocabulary import Term, vocabulary
from vocabulary.models import Scheme

router = Router(tags=["vocabulary"])


class ConceptRef(Schema):
    """A reference to a concept."""

    id: str
    label: str


class ConceptOut(Schema):
    """A concept; `id` is its slug in the vocabulary file."""

    id: str
    scheme: Scheme
    label: str
    labels: dict[str, str]
    broader: list[str]
    note: str


@router.get("/concepts/{slug}", response=ConceptOut, summary="One concept")
def concept(request: HttpRequest, slug: str) -> dict[str, Any]:
    try:
        return concept_out(vocabulary().by_slug(slug))
    except KeyError as unknown:
        raise Http404 from unknown


def concept_out(term: Term) -> dict[str, Any]:
    words = vocabulary()
    return {
        "id": term.slug,
        "scheme": term.scheme,
        "label": str(term.label),
        "labels": dict(term.label),
        "broader": [words.concept(pk).slug for pk in words.ancestors(term.id)],
        "note": term.note,
    }


def concept_ref(term: Term | None) -> dict[str, str] | None:
    return {"id": term.slug, "label": str(term.label)} if term else None


def find_term(slug: str) -> Term:
    try:
        return vocabulary().by_slug(slug)
    except KeyError as unknown:
        raise DomainError(_("There is no such concept in the vocabulary."), code="unknown-concept") from unknown
