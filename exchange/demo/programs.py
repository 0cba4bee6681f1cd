"""Applications to demonstration programmes and their outcomes.

The rows are those that the actions of the apps would have written, with consistent moments in the past.
"""

import datetime
from collections import Counter
from collections.abc import Callable, Collection
from random import Random

from django.db import transaction

from applications.models import Application
from applications.states import HOLDING_SEAT
from exchange.demo.applications import DemoApplication
from exchange.demo.context import Applicant, DemoContext
from exchange.demo.login_programs import LATE, PROGRAMS
from exchange.demo.row_buffer import RowBuffer
from exchange.demo.timeline import DAY, HOUR, Span, Timeline, choose_outcome, plan_application, plan_late_placement
from programs.models import Program
from programs.rules import Candidate, Criteria, Quota, places_left, requirements
from programs.states import Modality, ProgramState

CHUNK = 25
MAX_APPLICATIONS = 5
"""Applications that one demonstration expert sends at most."""


def add_applications(program_ids: Collection[int], context: DemoContext, advance: Callable[[int], None] = lambda done: None) -> int:
    """Create applications to these programmes with their outcomes; returns how many. Each chunk is one transaction."""
    keys = sorted(program_ids)
    told = 0
    for start in range(0, len(keys), CHUNK):
        rows = Program.objects.filter(pk__in=keys[start : start + CHUNK]).select_related("institution").order_by("pk")
        rows = rows.prefetch_related("quotas", "required_languages", "questions", "criteria")
        with transaction.atomic():
            buffer = RowBuffer(context)
            for program in rows:
                DemoProgram(program, context, buffer).tell()
            buffer.write()
        told += len(buffer.applications)
        advance(len(keys[start : start + CHUNK]))
    return told


def programs_without_applications() -> list[int]:
    """Demonstration programmes without an application by a seeded expert, except drafts."""
    seeded = Application.objects.filter(expert__user__email__startswith="expert-", expert__is_demo=True)
    rows = Program.objects.filter(is_demo=True).exclude(state=ProgramState.DRAFT).exclude(pk__in=seeded.values("program"))
    return list(rows.order_by("pk").values_list("pk", flat=True))


class DemoProgram:
    """One programme with its applicants."""

    def __init__(self, program: Program, context: DemoContext, buffer: RowBuffer) -> None:
        self.program, self.context, self.buffer = program, context, buffer
        self.random = Random(f"story:{program.slug}")
        self.quotas = {quota.country: Quota(quota.reserved, quota.most) for quota in program.quotas.all()}
        rows = Application.objects.filter(program=program, state__in=HOLDING_SEAT).values_list("country", flat=True)
        self.taken = Counter(rows)
        eager = self.random.random() < 0.35 and program.institution.slug not in context.quiet
        early = program.state == ProgramState.PUBLISHED and eager
        own = next((own.outcomes for own in PROGRAMS if own.slug == program.slug), "")
        self.phase = own or ("early" if early else str(program.state))

    def tell(self) -> None:
        for guest, story in self.context.guests.get(self.program.slug, ()):
            span = self.span(guest)
            timeline = plan_late_placement(span) if story == LATE else plan_application(story, span, self.random)
            if timeline is not None:
                self._add(guest, timeline, story)
        for applicant in self.choose():
            outcome = choose_outcome(self.phase, self.random)
            keeps = outcome in {"offered", "accepted"}
            if keeps and places_left(applicant.brings.country, seats=self.program.seats, taken=self.taken, quotas=self.quotas) < 1:
                outcome = self.random.choice(["waitlisted", "rejected"]) if self.phase != "completed" else "rejected"
            timeline = plan_application(outcome, self.span(applicant), self.random)
            if timeline is not None:
                self._add(applicant, timeline, outcome)

    def _add(self, applicant: Applicant, timeline: Timeline, outcome: str) -> None:
        if timeline.state in HOLDING_SEAT and outcome != "released":
            self.taken[applicant.brings.country] += 1
        self.context.sent[applicant.id] += 1
        self.buffer.scenes.append(DemoApplication(self, applicant, timeline, outcome))

    def choose(self) -> list[Applicant]:
        """Applicants of the programme's fields who meet its requirements."""
        seats = self.program.seats
        asked = (
            self.random.randint(2, 3 + seats) if self.phase == "published" else self.random.randint(seats, min(30, 4 + 2 * seats))
        )
        ask = self.ask()
        pool = {person.id: person for concept in self.program.field_ids for person in self.context.by_field.get(concept, ())}
        people = sorted(pool.values(), key=lambda person: person.id)
        self.random.shuffle(people)
        chosen = []
        for person in people:
            busy = self.context.sent[person.id] >= MAX_APPLICATIONS or person.affiliation_id == self.program.institution_id
            if not busy and not requirements(ask, self._as_then(person.brings)):
                chosen.append(person)
            if len(chosen) == asked:
                break
        return chosen

    def ask(self) -> Criteria:
        return Criteria(
            countries=frozenset(self.program.eligible_countries),
            starts=self.program.starts,
            ends=self.program.ends,
            languages=tuple((row.language, row.level) for row in self.program.required_languages.all()),
            experience=self.program.minimum_experience,
            away=self.program.modality != Modality.ONLINE,
        )

    def _as_then(self, person: Candidate) -> Candidate:
        """Current availability is irrelevant for a programme that has begun."""
        if self.program.starts > self.context.world.today:
            return person
        return Candidate(person.country, person.languages, person.experience, (), person.lead_days, person.longest_days)

    def span(self, applicant: Applicant) -> Span:
        program, now = self.program, self.context.world.now
        deadline = program.deadline or now
        opened = program.published_at or program.created_at
        ended = program.state_since if program.state == ProgramState.CANCELLED else now
        closes = min(deadline, ended)
        decides = closes if self.phase in {"closed", "undecided", "decided", "running", "completed"} else opened
        begins = datetime.datetime.combine(program.starts, datetime.time(6), tzinfo=datetime.UTC)
        until = min(ended - HOUR, begins - 20 * DAY) if self.phase in {"running", "completed"} else ended - HOUR
        # Nobody applies before they have an account; applicants who joined later are treated as if they had joined when the call opened.
        opens = max(opened, applicant.joined) if applicant.joined < closes - 2 * DAY else opened
        return Span(opens + 2 * HOUR, closes, decides, until, now, program.offer_days * DAY)
