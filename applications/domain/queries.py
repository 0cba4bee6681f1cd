"""Queries for the pages: the user's applications, one of them, one to review, and a host's desk."""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import access_of
from accounts.models import User
from applications.domain.reviews import Line, rubric_of, scored_lines, visible_reviews
from applications.domain.seats import places_for
from applications.models import Application, ApplicationFile, Review
from applications.rules import can_review, disagree, sees_all_reviews
from applications.states import REVIEWED, WITH_HOST, ApplicationState
from exchange.core.transitions import AvailableTransition, available_transitions
from messaging.domain.queries import unread_messages
from profiles.models import ExpertProfile
from programs.domain.answers import display_answers
from programs.models import Program, Question
from programs.states import PLACING_STATES, QuestionKind

S = ApplicationState
MAX_MINE = 200
TONES = {
    S.SUBMITTED: "info",
    S.SHORTLISTED: "success",
    S.WAITLISTED: "warning",
    S.OFFERED: "warning",
    S.ACCEPTED: "success",
    S.REJECTED: "danger",
    S.EXPIRED: "danger",
    S.RELEASED: "danger",
}


def tone_of(application: Application) -> str:
    return TONES.get(ApplicationState(application.state), "")


# ---- the expert's side ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Card:
    """One of the user's applications: its state and the next step as text."""

    application: Application
    tone: str
    next: str
    url: str
    urgent: bool


@dataclass(frozen=True)
class Mine:
    """The user's applications, divided into those that need action and the others."""

    waiting: list[Card] = field(default_factory=list)
    others: list[Card] = field(default_factory=list)


def my_applications(user: User) -> Mine:
    """The user's applications in one query, the last changed first."""
    rows = (
        Application.objects.of(user)
        .select_related("program__institution")
        .defer("snapshot", "answers")
        .order_by("-state_since", "-pk")[:MAX_MINE]
    )
    cards = [_card(application) for application in rows]
    urgent = sorted((card for card in cards if card.urgent), key=lambda card: card.application.state != S.OFFERED)
    return Mine(urgent, [card for card in cards if not card.urgent])


def _card(application: Application) -> Card:
    state, program = application.state, application.program
    url, urgent, words = application.get_absolute_url(), False, ""
    if state == S.DRAFT:
        urgent = program.is_open
        words = (
            _("Finish and submit it.") if urgent else _("The programme does not accept applications now; your draft is kept here.")
        )
        url = reverse("apply", args=[program.slug])
    elif state in (S.SUBMITTED, S.SHORTLISTED):
        words = _("The host reviews your application and decides. You will be notified.")
    elif state == S.WAITLISTED:
        words = _("If a place becomes free, it will be offered to you automatically.")
    elif state == S.OFFERED:
        urgent = not application.has_lapsed and program.state in PLACING_STATES
        words = _("Accept or decline the place.") if urgent else _("The time to answer this offer has run out.")
    elif state == S.ACCEPTED:
        words = _("The coordinators of both countries approve.")
    return Card(application, tone_of(application), words, url, urgent)


def own_application(slug: str, user: User) -> Application | None:
    """This person's application to the programme of that address, with what the form needs. Two queries."""
    rows = Application.objects.of(user).filter(program__slug=slug).select_related("program__institution", "expert")
    found: Application | None = rows.prefetch_related("program__questions").first()
    return found


def profile_of(user: User) -> ExpertProfile | None:
    return ExpertProfile.objects.filter(user=user).first()


@dataclass(frozen=True)
class Answered:
    """One question with its answer as text, or with its file."""

    question: Question
    text: str = ""
    files: list[ApplicationFile] = field(default_factory=list)


def answers_of(application: Application, files: list[ApplicationFile]) -> list[Answered]:
    """Questions in their order with what was answered."""
    texts = {question.pk: text for question, text in display_answers(application.program, application.answers)}
    return [
        Answered(question, texts.get(question.pk, ""), [row for row in files if row.question_id == question.pk])
        for question in application.program.questions.all()
    ]


def documents(files: list[ApplicationFile], questions: list[Question]) -> list[ApplicationFile]:
    """Files whose question no longer exists."""
    asked = {question.pk for question in questions if question.kind == QuestionKind.FILE}
    return [row for row in files if row.question_id not in asked]


# ---- the host's side ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class VisibleReview:
    """A review as the page shows it: by whom, line by line."""

    reviewer: User
    mean: Decimal
    comment: str
    lines: list[tuple[Line, int]]
    scores: dict[str, int]


@dataclass(frozen=True)
class ReviewPage:
    """One application as this member of the host's team may see it."""

    application: Application
    answers: list[Answered]
    documents: list[ApplicationFile]
    rubric: list[Line]
    mine: VisibleReview | None
    reviews: list[VisibleReview]
    scores_shown: bool
    can_review: bool
    transitions: list[AvailableTransition]
    places_left: int | None

    @property
    def means(self) -> list[Decimal]:
        return [review.mean for review in (self.mine, *self.reviews) if review is not None]

    @property
    def split(self) -> bool:
        return disagree(self.means)


def review_page(application: Application, user: User) -> ReviewPage:
    """Everything but the form, in a constant number of queries."""
    files = list(application.files.all())
    rubric = rubric_of(application.program)
    reviews = [
        VisibleReview(row.reviewer, row.mean, row.comment, scored_lines(row, rubric), row.scores)
        for row in visible_reviews(application, user)
    ]
    mine = next((row for row in reviews if row.reviewer.pk == user.pk), None)
    decides = sees_all_reviews(user, application)
    left = None
    if decides and application.state in WITH_HOST:
        left = application.known_places_left = places_for(application.program, application.country)
    answers = answers_of(application, files)
    return ReviewPage(
        application=application,
        answers=answers,
        documents=documents(files, [row.question for row in answers]),
        rubric=rubric,
        mine=mine,
        reviews=[row for row in reviews if row is not mine],
        scores_shown=decides or mine is not None,
        can_review=can_review(user, application),
        transitions=available_transitions(application, user),
        places_left=left,
    )


def next_to_review(application: Application, user: User) -> Application | None:
    """The next application of the programme that this user has not reviewed, after this one, then from the beginning."""
    rows = unreviewed(user).filter(program_id=application.program_id).exclude(pk=application.pk).order_by("pk")
    following: Application | None = rows.filter(pk__gt=application.pk).first() or rows.first()
    return following


@dataclass
class DeskProgram:
    """One of the user's programmes on the desk."""

    program: Program
    counts: dict[str, int]
    to_review: int
    to_decide: int
    unread: int = 0

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def strip(self) -> list[tuple[str, str, int]]:
        """Counts by state as (state, label, count), in the order of the states, none that is zero."""
        return [(str(state), str(state.label), self.counts[state]) for state in ApplicationState if self.counts.get(state)]


@dataclass(frozen=True)
class Desk:
    """A host's desk."""

    programs: list[DeskProgram]
    offers: list[Application]
    decides: bool

    @property
    def to_review(self) -> int:
        return sum(row.to_review for row in self.programs)


def host_desk(user: User) -> Desk:
    """The programmes of the user's institutions with the number of reviews and decisions due, in four queries."""
    access = access_of(user)
    programs = list(
        Program.objects.filter(institution_id__in=access.reviewed_institutions)
        .select_related("institution")
        .defer("description")
        .order_by("-starts", "pk")
    )
    rows = Application.objects.hosted_by(user)
    counts: dict[int, dict[str, int]] = {}
    for program_id, state, number in rows.order_by().values_list("program_id", "state").annotate(Count("pk")):
        counts.setdefault(program_id, {})[state] = number
    to_review = dict(unreviewed(user).order_by().values_list("program_id").annotate(Count("pk")))
    unread = unread_threads(user)
    desk = [
        DeskProgram(
            program=program,
            counts=counts.get(program.pk, {}),
            to_review=to_review.get(program.pk, 0),
            to_decide=sum(counts.get(program.pk, {}).get(state, 0) for state in (S.SUBMITTED, S.SHORTLISTED))
            if program.institution_id in access.edited_institutions and not program.is_open
            else 0,
            unread=unread.get(program.pk, 0),
        )
        for program in programs
    ]
    offers = (
        rows.filter(state=S.OFFERED, program__state__in=PLACING_STATES)
        .select_related("program", "expert")
        .defer("snapshot", "answers", "statement")
        .order_by("offer_expires_at", "pk")[:20]
    )
    desk.sort(key=lambda row: not (row.to_review or row.to_decide or row.unread))
    return Desk(desk, list(offers), bool(access.edited_institutions))


def unreviewed(user: User) -> Any:
    """Applications this person reads for a host and has not scored yet."""
    own = Review.objects.filter(application=OuterRef("pk"), reviewer=user)
    rows = Application.objects.hosted_by(user).filter(state__in=REVIEWED, program__state__in=PLACING_STATES)
    return rows.filter(~Exists(own))


def unread_threads(user: User) -> dict[int, int]:
    """Conversations with an unread message, by programme; the user's own applications are not counted."""
    unread = unread_messages(user).filter(thread__application__isnull=False).exclude(thread__application__expert__user_id=user.pk)
    return dict(unread.order_by().values_list("thread__application__program_id").annotate(Count("thread_id", distinct=True)))


# ---- tasks ----------------------------------------------------------------------------------------------------------


def offers_to_answer(user: User) -> list[Application]:
    """Open offers made to this person."""
    rows = Application.objects.of(user).filter(
        state=S.OFFERED, offer_expires_at__gt=timezone.now(), program__state__in=PLACING_STATES
    )
    return list(rows.select_related("program").defer("snapshot", "answers", "statement"))


def drafts_closing(user: User, within: datetime.timedelta) -> list[Application]:
    """Drafts of this person whose programme closes soon."""
    now = timezone.now()
    rows = Application.objects.of(user).filter(
        Q(program__deadline__gt=now, program__deadline__lte=now + within), state=S.DRAFT, program__state="published"
    )
    return list(rows.select_related("program").defer("snapshot", "answers", "statement"))


def reviews_waiting(user: User) -> list[tuple[Program, int]]:
    """Programmes with applications to score, and how many."""
    if not access_of(user).reviewed_institutions:
        return []
    counts = dict(unreviewed(user).order_by().values_list("program_id").annotate(Count("pk")))
    programs = Program.objects.filter(pk__in=counts).defer("description").order_by("deadline", "pk")
    return [(program, counts[program.pk]) for program in programs]


def decisions_waiting(user: User) -> list[tuple[Program, int]]:
    """Programmes past their call with applications that this person may decide, and how many."""
    edited = access_of(user).edited_institutions
    if not edited:
        return []
    rows = Application.objects.hosted_by(user).filter(
        program__institution_id__in=edited,
        state__in=(S.SUBMITTED, S.SHORTLISTED),
        program__state__in=("closed", "decided", "running"),
    )
    counts = dict(rows.order_by().values_list("program_id").annotate(Count("pk")))
    programs = Program.objects.filter(pk__in=counts).defer("description").order_by("starts", "pk")
    return [(program, counts[program.pk]) for program in programs]
