"""API of applications: the user's own and those a host reviews; the same actions, visibility and refusals as the pages."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.urls import reverse
from ninja import File, Query, Router, Schema, Status
from ninja.files import UploadedFile

from accounts.requests import AuthedRequest
from applications.domain.decisions import waitlist_position
from applications.domain.drafts import attach_file, remove_file, save_draft, start_draft
from applications.domain.reviews import save_review, visible_reviews
from applications.domain.transitions import ACTIONS, make_transition
from applications.models import Application, ApplicationFile, Review
from applications.rules import can_read_as_host, can_review, sees_all_reviews
from applications.states import ApplicationState
from exchange.core.api import TransitionIn, TransitionOut, get_visible, list_page, transitions_of
from exchange.core.countries import Country
from exchange.core.files import send_file
from exchange.core.translated import Translated
from programs.domain.answers import check_answers
from programs.models import Program

router = Router(tags=["applications"])
TEXTS = ("statement", "answers", "snapshot")


class ProgramRef(Schema):
    """The programme in short."""

    id: int
    slug: str
    title: dict[str, str]
    institution: dict[str, str]


class ExpertRef(Schema):
    """The applicant in short."""

    id: int
    name: str
    latin_name: str


class ApplicationOut(Schema):
    """An application in a list. `mean_score` is empty for the applicant, and for a reviewer who has not scored it yet."""

    id: int
    program: ProgramRef
    expert: ExpertRef
    mine: bool
    country: str
    state: str
    state_label: str
    state_since: dt.datetime
    submitted_at: dt.datetime | None
    offer_expires_at: dt.datetime | None
    thread: int | None
    review_count: int | None
    mean_score: Decimal | None
    moves: list[TransitionOut]


class ApplicationList(Schema):
    items: list[ApplicationOut]
    next: str | None


class FileOut(Schema):
    """A file of an application, with its address in this API; `question` is the one it answers."""

    id: int
    name: str
    size: int
    sha256: str
    question: int | None
    url: str


class ReviewOut(Schema):
    """One review; the applicant is never given any."""

    reviewer: str
    mine: bool
    mean: Decimal
    scores: dict[str, int]
    comment: str
    updated_at: dt.datetime


class ApplicationDetail(ApplicationOut):
    """Everything in it. `version` guards the draft: a save names the one it started from."""

    version: int
    saved_at: dt.datetime
    statement: str
    answers: dict[str, Any]
    snapshot: dict[str, Any]
    files: list[FileOut]
    reason: str
    note: str
    waitlist_position: int
    can_review: bool
    reviews: list[ReviewOut]


class StartIn(Schema):
    """The programme to apply to."""

    program: int


class DraftIn(Schema):
    """A draft to save. What is left out stays as it is; `answers` are by question id."""

    version: int
    statement: str | None = None
    answers: dict[str, Any] | None = None


class ReviewIn(Schema):
    """Scores from 1 to 5 by criterion id ("overall" where the host made no rubric), and body."""

    scores: dict[str, int]
    comment: str = ""


class Filters(Schema):
    """Filters of the list. `role`: `mine` are the user's own, `hosted` those the user reads for a host."""

    role: str = ""
    program: int | None = None
    state: str = ""
    country: str = ""


def _rows(request: AuthedRequest) -> "QuerySet[Application]":
    rows: QuerySet[Application] = Application.objects.visible_to(request.user)
    return rows.select_related("program__institution", "expert", "thread").prefetch_related("reviews")


def _one(request: AuthedRequest, application_id: int) -> Application:
    found: Application = get_visible(_rows(request), pk=application_id)
    return found


def _summary(application: Application, request: AuthedRequest) -> dict[str, Any]:
    user, program, expert = request.user, application.program, application.expert
    hosts = can_read_as_host(user, application)
    scored = hosts and (sees_all_reviews(user, application) or any(row.reviewer_id == user.pk for row in application.reviews.all()))
    return {
        "id": application.pk,
        "program": {
            "id": program.pk,
            "slug": program.slug,
            "title": _texts(program.title),
            "institution": _texts(program.institution.name),
        },
        "expert": {"id": expert.pk, "name": expert.shown_name, "latin_name": expert.latin_name},
        "mine": expert.user_id == user.pk,
        "country": application.country,
        "state": application.state,
        "state_label": str(application.get_state_display()),
        "state_since": application.state_since,
        "submitted_at": application.submitted_at,
        "offer_expires_at": application.offer_expires_at,
        "thread": application.thread_id,
        "review_count": application.review_count if hosts else None,
        "mean_score": application.mean_score if scored else None,
        "moves": transitions_of(application, user),
    }


def _texts(value: Translated) -> dict[str, str]:
    return dict(value)


def _detail(application: Application, request: AuthedRequest) -> dict[str, Any]:
    return _summary(application, request) | {
        "version": application.version,
        "saved_at": application.saved_at,
        "statement": application.statement,
        "answers": application.answers,
        "snapshot": application.snapshot,
        "files": [_file(stored) for stored in application.files.all()],
        "reason": application.reason,
        "note": application.note,
        "waitlist_position": waitlist_position(application),
        "can_review": can_review(request.user, application),
        "reviews": [_review(review, request) for review in visible_reviews(application, request.user)],
    }


def _file(stored: ApplicationFile) -> dict[str, Any]:
    return {
        "id": stored.pk,
        "name": stored.name,
        "size": stored.size,
        "sha256": stored.sha256,
        "question": stored.question_id,
        "url": reverse("api:application_file", args=[stored.application_id, stored.pk]),
    }


def _review(review: Review, request: AuthedRequest) -> dict[str, Any]:
    return {
        "reviewer": str(review.reviewer),
        "mine": review.reviewer_id == request.user.pk,
        "mean": review.mean,
        "scores": review.scores,
        "comment": review.comment,
        "updated_at": review.updated_at,
    }


@router.get("/applications", response=ApplicationList, summary="Applications I see, the newest first")
def applications(request: AuthedRequest, filters: Query[Filters], cursor: str | None = None, limit: int = 20) -> Any:
    rows = _rows(request).defer(*TEXTS, "program__description", "expert__biography")
    if filters.role == "mine":
        rows = rows.filter(pk__in=Application.objects.of(request.user))
    elif filters.role == "hosted":
        rows = rows.filter(pk__in=Application.objects.hosted_by(request.user))
    if filters.program:
        rows = rows.filter(program_id=filters.program)
    for column, value, known in (("state", filters.state, ApplicationState.values), ("country", filters.country, Country.values)):
        if value:
            rows = rows.filter(**{column: value}) if value in known else rows.none()
    return list_page(rows, ("-pk",), lambda application: _summary(application, request), cursor=cursor, limit=limit)


@router.post("/applications", response={201: ApplicationDetail}, summary="Begin a draft; the one there is comes back")
def start(request: AuthedRequest, body: StartIn) -> Any:
    program: Program = get_visible(Program.objects.visible_to(request.user), pk=body.program)
    draft = start_draft(program, by=request.user)
    return Status(201, _detail(_one(request, draft.pk), request))


@router.get("/applications/{int:application_id}", response=ApplicationDetail, summary="One application")
def application(request: AuthedRequest, application_id: int) -> Any:
    return _detail(_one(request, application_id), request)


@router.api_operation(
    ["PUT", "PATCH"],
    "/applications/{int:application_id}",
    response=ApplicationDetail,
    summary="Save a draft, never over a newer one",
)
def save(request: AuthedRequest, application_id: int, draft: DraftIn) -> Any:
    found = _one(request, application_id)
    answers = None if draft.answers is None else check_answers(found.program, draft.answers, partial=True)
    save_draft(found, by=request.user, version=draft.version, statement=draft.statement, answers=answers)
    return _detail(_one(request, application_id), request)


@router.post("/applications/{int:application_id}/review", response=ApplicationDetail, summary="Write or rewrite my review")
def review(request: AuthedRequest, application_id: int, body: ReviewIn) -> Any:
    found = _one(request, application_id)
    save_review(found, by=request.user, scores=body.scores, comment=body.comment)
    return _detail(_one(request, application_id), request)


@router.post("/applications/{int:application_id}/files", response={201: FileOut}, summary="Keep a file with a draft")
def upload(request: AuthedRequest, application_id: int, file: File[UploadedFile], question: int | None = None) -> Any:
    stored = attach_file(_one(request, application_id), by=request.user, upload=file, question_id=question)
    return Status(201, _file(stored))


@router.get(
    "/applications/{int:application_id}/files/{int:file_id}", url_name="application_file", summary="A file of an application"
)
def download(request: AuthedRequest, application_id: int, file_id: int) -> FileResponse:
    stored = get_visible(ApplicationFile.objects.visible_to(request.user), pk=file_id, application_id=application_id)
    return send_file(stored.file, name=stored.name)


@router.delete(
    "/applications/{int:application_id}/files/{int:file_id}", response={204: None}, summary="Take a file away from a draft"
)
def remove(request: AuthedRequest, application_id: int, file_id: int) -> Any:
    stored = get_visible(ApplicationFile.objects.visible_to(request.user), pk=file_id, application_id=application_id)
    remove_file(stored, by=request.user)
    return Status(204, None)


@router.post("/applications/{int:application_id}/{move}", response=ApplicationDetail, summary="Make a move of the state table")
def move(request: AuthedRequest, application_id: int, move: str, body: TransitionIn | None = None) -> Any:
    if move not in ACTIONS:
        raise Http404
    found = _one(request, application_id)
    body = body or TransitionIn()
    make_transition(found, move, by=request.user, reason=body.reason, note=body.note)
    return _detail(_one(request, application_id), request)
