"""One demonstration application: its row, and the reviews, placement, conversation and notifications that belong to it.

Over 400 lines because all of it is generated in one pass over the same random numbers and the same timeline.
"""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from django.core.files.base import ContentFile

from applications.models import Application, ApplicationFile, Review
from applications.rules import HUNDREDTH, weighted_mean
from applications.states import REJECTION_REASONS, ApplicationState
from exchange.core.countries import Country
from exchange.demo.answers import answer, document, document_digest, document_name
from exchange.demo.context import Applicant
from exchange.demo.login_programs import LATE
from exchange.demo.texts import (
    EXPERT_SAYS,
    HOST_SAYS,
    OFFER_TALK,
    REFUSAL_NOTE,
    REJECTION,
    RETURN_NOTE,
    REVIEW,
    STATEMENT,
    one_of,
    written,
)
from exchange.demo.timeline import DAY, HOST, HOUR, SYSTEM, Timeline
from exchange.demo.towns import pick
from messaging.models import Message, Participant, Thread
from messaging.payloads import pack_payload
from partnerships.models import Agreement
from placements.models import Approval, Placement
from placements.states import APPROVAL_REASONS, ApprovalState, PlacementState, Side
from programs.states import QuestionKind

SECOND = datetime.timedelta(seconds=1)
IN_TIME = 0.5
"""The share of decisions that countries have made in time although chance would have left them open."""
AFTER = {
    "start": ApplicationState.DRAFT,
    "submit": ApplicationState.SUBMITTED,
    "shortlist": ApplicationState.SHORTLISTED,
    "waitlist": ApplicationState.WAITLISTED,
    "reject": ApplicationState.REJECTED,
    "withdraw": ApplicationState.WITHDRAWN,
    "select": ApplicationState.OFFERED,
    "promote": ApplicationState.OFFERED,
    "accept": ApplicationState.ACCEPTED,
    "decline": ApplicationState.DECLINED,
    "expire": ApplicationState.EXPIRED,
}


@cache
def country_words(code: str) -> dict[str, str]:
    """The name of a country in every language, as stored in notifications and event lines."""
    return _in_all_languages(Country(code).label)


@cache
def rejection_words(code: str) -> dict[str, str]:
    return _in_all_languages(dict(REJECTION_REASONS)[code])


@cache
def refusal_words(code: str) -> dict[str, str]:
    return _in_all_languages(dict(APPROVAL_REASONS)[code])


def _in_all_languages(words: Any) -> dict[str, str]:
    texts: dict[str, str] = pack_payload({"words": words})["words"]
    return texts


@dataclass
class PlannedMessage:
    """A message of a thread that is not written yet."""

    at: datetime.datetime
    body: str
    author: int | None = None
    data: dict[str, Any] = field(default_factory=dict)


class DemoApplication:
    """One application: its row and all rows that depend on it."""

    def __init__(self, demo_program: Any, applicant: Applicant, timeline: Timeline, outcome: str) -> None:
        self.demo_program, self.applicant, self.timeline, self.outcome = demo_program, applicant, timeline, outcome
        self.program, self.buffer, self.random = demo_program.program, demo_program.buffer, demo_program.random
        teams, host = demo_program.context.teams, demo_program.program.institution_id
        self.readers = [user for user in teams.readers(host) if user != applicant.user_id]
        self.deciders = [user for user in teams.deciders(host) if user != applicant.user_id]
        self.facts = {
            "name": applicant.name,
            "program": dict(self.program.title),
            "institution": dict(self.program.institution.name),
        }
        self.said: list[PlannedMessage] = []
        self.placement: Placement | None = None
        self.approvals: list[Approval] = []
        self.reviews: list[Review] = []
        self.files: list[ApplicationFile] = []
        self.thread: Thread | None = None
        self.tongue = "en" if "en" in self.program.language_codes or self.program.country == "US" else applicant.language
        self.house_tongue = "en" if self.program.country == "US" else "ru"
        self.application = self._application()
        self.buffer.applications.append(self.application)
        self._transitions()
        if timeline.at("submit"):
            self._attach()
            self._review()
            self._talk()
            if timeline.at("accept"):
                self._place()
            self._thread()

    # -- the application itself

    def _application(self) -> Application:
        timeline = self.timeline
        begun, sent = timeline.steps[0][2], timeline.at("submit")
        started = sent is None and self.random.random() < 0.4
        thing = self.applicant.occupation.thing[self.tongue]
        return Application(
            program=self.program,
            expert_id=self.applicant.id,
            country=self.applicant.brings.country,
            state=timeline.state,
            state_since=timeline.last,
            statement="" if started else written(one_of(STATEMENT, self.random), self.tongue, thing=thing),
            answers={} if started else self._answers(thing),
            version=self.random.randint(1, 14),
            saved_at=sent or begun + self.random.random() * HOUR,
            submitted_at=sent,
            offer_expires_at=timeline.expires,
            waitlisted_at=timeline.at("waitlist") if timeline.state == ApplicationState.WAITLISTED else None,
            created_at=begun,
        )

    def _answers(self, thing: str) -> dict[str, Any]:
        return {
            str(question.pk): answer(question, thing, self.tongue, self.random, self.buffer.context.world.today)
            for question in self.program.questions.all()
            if question.kind != QuestionKind.FILE and (question.required or self.random.random() < 0.4)
        }

    def _attach(self) -> None:
        """A file for each question that requires one."""
        content = document(self.tongue)
        self.files = [
            ApplicationFile(
                question=question,
                file=ContentFile(content, name=document_name(self.tongue)),
                name=document_name(self.tongue),
                size=len(content),
                sha256=document_digest(self.tongue),
                created_at=self.application.saved_at,
            )
            for question in self.program.questions.all()
            if question.kind == QuestionKind.FILE and question.required
        ]
        self.buffer.files += self.files

    def _transitions(self) -> None:
        """History, lines in the conversation, and notifications of every step."""
        before = ""
        for transition, by, at in self.timeline.steps:
            after = AFTER[transition]
            actor = None if by == SYSTEM else self._decider() if by == HOST else self.applicant.user_id
            words = self._words(transition)
            self.buffer.note(self.application, transition, (before, after), by=actor, at=at, **words)
            if transition != "start":
                self.said.append(PlannedMessage(at, f"application.{transition}"))
            self._notify(transition, at, words)
            before = after

    def _decider(self) -> int | None:
        return self.deciders[0] if self.deciders else None

    def _words(self, transition: str) -> dict[str, str]:
        if transition == "decline":
            return {"reason": self.random.choice(["dates", "funding", "employer", "elsewhere"])}
        if transition != "reject":
            return {}
        reason = self.random.choice(["fit", "experience", "places", "places", "language"])
        note = written(one_of(REJECTION, self.random), self.tongue)
        self.application.reason, self.application.note = reason, note
        return {"reason": reason, "note": note}

    def _notify(self, transition: str, at: datetime.datetime, words: dict[str, str]) -> None:
        me = [self.applicant.user_id]
        if transition == "submit":
            self.buffer.tell(me, "application_submitted", self, at)
            if self.buffer.context.world.now - at < 45 * DAY:
                self.buffer.tell(self.deciders, "application_received", self, at, date=at)
        elif transition == "shortlist":
            self.buffer.tell(me, "application_shortlisted", self, at)
        elif transition == "waitlist":
            self.buffer.tell(me, "application_waitlisted", self, at, position=1)
        elif transition == "reject":
            self.buffer.tell(me, "application_rejected", self, at, reason=rejection_words(words["reason"]), note=words["note"])
        elif transition in {"select", "promote"}:
            kind = "offer_made" if transition == "select" else "offer_promoted"
            self.buffer.tell(me, kind, self, at, date=self.timeline.expires)
        elif transition in {"accept", "decline"}:
            self.buffer.tell(self.deciders, "offer_accepted" if transition == "accept" else "offer_declined", self, at)

    # -- reviews and messages

    def _review(self) -> None:
        """Scores by one to three reviewers, where reviewing has begun."""
        sent, last = self.timeline.moment("submit"), self.timeline.last
        read = self.timeline.state != ApplicationState.SUBMITTED or self.random.random() < 0.45
        criteria = list(self.program.criteria.all())
        if not read or not criteria:
            return
        until = last if last - sent > 6 * HOUR else self.buffer.context.world.now
        merit = 3.9 if self.outcome in {"accepted", "offered", "declined"} else 2.6 if self.outcome == "rejected" else 3.3
        weights = {str(row.pk): row.weight for row in criteria}
        for reviewer in self.random.sample(self.readers, k=min(len(self.readers), self.random.choice([1, 2, 2, 3]))):
            scores = {key: max(1, min(5, round(self.random.gauss(merit, 0.8)))) for key in weights}
            at = sent + (until - sent) * self.random.uniform(0.1, 0.9)
            comment = written(one_of(REVIEW, self.random), self.house_tongue) if self.random.random() < 0.7 else ""
            mean = weighted_mean(scores, weights)
            row = Review(
                application=self.application, reviewer_id=reviewer, scores=scores, mean=mean, comment=comment, created_at=at
            )
            self.reviews.append(row)
        if self.reviews:
            total = sum((row.mean for row in self.reviews), Decimal())
            self.application.mean_score = (total / len(self.reviews)).quantize(HUNDREDTH)
            self.application.review_count = len(self.reviews)
            self.buffer.reviews += self.reviews

    def _talk(self) -> None:
        """A question and an answer, and further messages after an offer."""
        now, sent = self.buffer.context.world.now, self.timeline.moment("submit")
        host, guest = self._decider(), self.applicant.user_id
        if host is None:
            return
        if self.random.random() < 0.45:
            asked = sent + self.random.uniform(0.2, 6) * DAY
            self._say(asked, host, one_of(HOST_SAYS, self.random), self.house_tongue, now)
            if self.random.random() < 0.8:
                self._say(
                    asked + self.random.uniform(0.02, 2) * DAY, guest, one_of(EXPERT_SAYS, self.random), self.house_tongue, now
                )
        offered = self.timeline.at("select") or self.timeline.at("promote")
        if offered:
            for number, (from_host, from_guest) in enumerate(
                self.random.sample(OFFER_TALK, k=self.random.randint(1, len(OFFER_TALK)))
            ):
                spoken = offered + (number + self.random.uniform(0.05, 0.6)) * DAY
                self._say(spoken, host, from_host, self.house_tongue, now)
                if self.random.random() < 0.75:
                    self._say(spoken + self.random.uniform(0.05, 0.8) * DAY, guest, from_guest, self.house_tongue, now)

    def _say(self, at: datetime.datetime, author: int, text: dict[str, str], language: str, now: datetime.datetime) -> None:
        if at < now:
            self.said.append(PlannedMessage(at, written(text, language), author))

    # -- the placement

    def _place(self) -> None:
        """The placement and its approvals."""
        at, program = self.timeline.moment("accept"), self.program
        fate = self._fate(at)
        self.placement = Placement(
            application=self.application,
            program=program,
            expert_id=self.applicant.id,
            sending_country=self.applicant.brings.country,
            host_country=program.country,
            starts=program.starts,
            ends=program.ends,
            state=PlacementState.PENDING,
            state_since=at,
            agreement=self._agreement(),
            is_demo=True,
            created_at=at,
        )
        self.buffer.placements.append(self.placement)
        self.buffer.note(self.placement, "create", ("", PlacementState.PENDING), by=self.applicant.user_id, at=at)
        self.said.append(PlannedMessage(at + SECOND, "placement.created"))
        sides = {self.placement.sending_country: Side.SENDING, self.placement.host_country: Side.HOST}
        due = at.date() + program.approval_days * DAY
        for country, side in sides.items():
            approval = Approval(placement=self.placement, country=country, side=side, due_on=due, asked_at=at, state_since=at)
            self.approvals.append(approval)
            self.buffer.note(approval, "ask", ("", ApprovalState.WAITING), by=None, at=at)
            if self.buffer.context.world.now - at < 60 * DAY:
                people = self.buffer.context.coordinators.get(country, [])
                self.buffer.tell(people[:1], "approval_requested", self, at, country=country_words(country), date=due)
        self.buffer.approvals += self.approvals
        self._decide(fate, at)

    def _fate(self, accepted: datetime.datetime) -> str:
        if self.outcome == "released":
            return "rejected"
        if self.outcome == LATE:
            return "waiting"
        if self.demo_program.phase in {"running", "completed"}:
            return "confirmed"
        weights = {"confirmed": 65, "waiting": 20, "half": 11, "returned": 4}
        if self.demo_program.phase != "decided":
            weights = {"confirmed": 35, "waiting": 28, "half": 28, "returned": 9}
        fate = pick(weights, self.random)
        overdue = self.buffer.context.world.now - accepted > self.program.approval_days * DAY
        return "confirmed" if overdue and fate in {"waiting", "half"} and self.random.random() < IN_TIME else fate

    def _agreement(self) -> Agreement | None:
        return self.buffer.context.agreements.get(frozenset({self.program.institution_id, self.applicant.affiliation_id or 0}))

    def _decide(self, fate: str, accepted: datetime.datetime) -> None:
        """The decisions of the countries in order, as far as there was time for them."""
        now, placement = self.buffer.context.world.now, self.placement
        assert placement is not None  # noqa: S101 -- the caller made it
        begins = datetime.datetime.combine(self.program.starts, datetime.time(5), tzinfo=datetime.UTC)
        latest = min(now - HOUR, begins - 3 * DAY)
        speaking = list(self.approvals)
        self.random.shuffle(speaking)
        at = accepted
        count = {"confirmed": len(speaking), "waiting": 0, "half": len(speaking) - 1, "returned": 1, "rejected": 1}[fate]
        for approval in speaking[:count]:
            # Within the country's time limit and before the placement begins; otherwise there is no decision yet.
            at += min(self.random.uniform(0.3, 5) * DAY, max((latest - at) / (count + 1), datetime.timedelta()))
            if at > latest:
                return
            if fate in {"returned", "rejected"}:
                self._object(approval, fate, at)
                return
            self._speak(approval, "approve", at=at)
        if count == len(speaking) and fate == "confirmed":
            confirmed = at + SECOND
            self._transition_placement("confirm", PlacementState.CONFIRMED, confirmed, "placement.confirmed")
            placement.confirmed_at = confirmed
            people = [self.applicant.user_id, *self.deciders]
            self.buffer.tell(people, "placement_confirmed", self, confirmed, starts=placement.starts, ends=placement.ends)

    def _speak(self, approval: Approval, transition: str, *, at: datetime.datetime, reason: str = "", note: str = "") -> None:
        state = approval.transitions[transition].target
        people = self.buffer.context.coordinators.get(approval.country)
        by = people[0] if people else None
        self.buffer.note(approval, transition, (ApprovalState.WAITING, state), by=by, at=at, reason=reason, note=note)
        approval.state, approval.state_since = state, at
        approval.decided_by_id, approval.decided_at = by, at
        approval.reason, approval.note = reason, note
        line = {"approve": "approved", "return": "returned", "reject": "rejected"}[transition]
        self.said.append(PlannedMessage(at, f"placement.{line}", data={"country": country_words(approval.country)}))

    def _object(self, approval: Approval, fate: str, at: datetime.datetime) -> None:
        """A country returns the placement for revision, or refuses it, which releases the place."""
        returned = fate == "returned"
        reason, note = ("documents", RETURN_NOTE) if returned else ("employer", REFUSAL_NOTE)
        words = written(note, self.house_tongue)
        transition = "return" if returned else "reject"
        self._speak(approval, transition, at=at, reason=reason, note=words)
        state = PlacementState.RETURNED if returned else PlacementState.REJECTED
        self._transition_placement(transition, state, at, "", reason=reason, note=words)
        told = {"country": country_words(approval.country), "reason": refusal_words(reason), "note": words}
        kind = "placement_returned" if returned else "placement_rejected"
        self.buffer.tell([self.applicant.user_id, *self.deciders], kind, self, at, **told)
        if not returned:
            freed = at + SECOND
            states = (ApplicationState.ACCEPTED, ApplicationState.RELEASED)
            self.buffer.note(self.application, "release", states, by=None, at=freed)
            self.application.state, self.application.state_since = ApplicationState.RELEASED, freed
            self.said.append(PlannedMessage(freed, "application.release"))

    def _transition_placement(self, transition: str, state: str, at: datetime.datetime, line: str, **words: str) -> None:
        assert self.placement is not None  # noqa: S101 -- the caller made it
        self.buffer.note(self.placement, transition, (PlacementState.PENDING, state), by=None, at=at, **words)
        self.placement.state, self.placement.state_since = state, at
        if line:
            self.said.append(PlannedMessage(at, line))

    # -- the conversation

    def _thread(self) -> None:
        sent = self.timeline.moment("submit")
        lines = sorted(self.said, key=lambda line: line.at)
        self.thread = Thread(
            kind=Thread.Kind.APPLICATION, title=self.program.title, head=len(lines), created_at=sent, last_at=lines[-1].at
        )
        self.buffer.threads.append(self.thread)
        for number, line in enumerate(lines, start=1):
            self.buffer.messages.append(
                Message(
                    thread=self.thread,
                    number=number,
                    kind=Message.Kind.TEXT if line.author else Message.Kind.EVENT,
                    author_id=line.author,
                    body=line.body,
                    data=line.data,
                    client_id=uuid.UUID(int=self.random.getrandbits(128), version=4),
                    created_at=line.at,
                )
            )
        self._join([self.applicant.user_id], "expert", sent, lines)
        self._join(self.readers, "host", sent, lines)
        if self.placement is not None:
            known = {self.applicant.user_id, *self.readers}
            countries = dict.fromkeys([self.placement.sending_country, self.placement.host_country])
            people = dict.fromkeys(user for code in countries for user in self.buffer.context.coordinators.get(code, []))
            self._join([user for user in people if user not in known], "coordinator", self.placement.created_at, lines)

    def _join(self, people: Iterable[int], capacity: str, since: datetime.datetime, lines: list[PlannedMessage]) -> None:
        """Add participants, with the last message read: usually the last one, sometimes an earlier one."""
        head = len(lines)
        heard_before = sum(line.at <= since for line in lines)
        for user in people:
            own = max((number for number, line in enumerate(lines, start=1) if line.author == user), default=0)
            read = (
                head
                if self.random.random() < 0.7
                else max(own, head - self.random.randint(1, 3), heard_before if capacity == "coordinator" else 0)
            )
            row = Participant(
                thread=self.thread, user_id=user, capacity=capacity, read_number=read, mailed_number=head, joined_at=since
            )
            self.buffer.participants.append(row)

    def connect(self) -> None:
        """Set the foreign keys between the rows."""
        if self.thread is not None:
            self.thread.about_url = self.application.get_absolute_url()
            self.application.thread_id = self.thread.pk  # type: ignore[attr-defined]
        for row in [*self.reviews, *self.files, *([self.placement] if self.placement else [])]:
            row.application_id = self.application.pk  # type: ignore[attr-defined]
        for approval in self.approvals:
            assert self.placement is not None  # noqa: S101 -- approvals are of one
            approval.placement_id = self.placement.pk
