"""Timelines of demonstration applications: an outcome becomes dated steps, each a transition of the state table."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

from exchange.demo.towns import pick

DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)

EXPERT, HOST, SYSTEM = "expert", "host", "system"

QUIET = {"draft": 22, "submitted": 58, "shortlisted": 12, "withdrawn": 5, "rejected": 3}
EARLY = {
    "draft": 12,
    "submitted": 24,
    "shortlisted": 12,
    "waitlisted": 8,
    "offered": 12,
    "accepted": 18,
    "declined": 4,
    "expired": 3,
    "rejected": 6,
    "withdrawn": 2,
    "released": 2,
}
OUTCOMES: dict[str, dict[str, int]] = {
    "published": QUIET,
    "early": EARLY,
    "closed": {
        "draft": 8,
        "submitted": 30,
        "shortlisted": 22,
        "waitlisted": 8,
        "offered": 10,
        "accepted": 6,
        "rejected": 14,
        "withdrawn": 2,
    },
    "decided": {
        "draft": 6,
        "accepted": 38,
        "offered": 6,
        "declined": 6,
        "expired": 4,
        "waitlisted": 10,
        "rejected": 24,
        "withdrawn": 3,
        "released": 3,
    },
    "running": {"draft": 5, "accepted": 45, "declined": 6, "expired": 4, "rejected": 34, "withdrawn": 3, "released": 3},
    "completed": {"draft": 5, "accepted": 45, "declined": 6, "expired": 4, "rejected": 34, "withdrawn": 3, "released": 3},
    "cancelled": {"draft": 20, "submitted": 70, "withdrawn": 10},
    "undecided": {"draft": 6, "submitted": 34, "shortlisted": 24, "waitlisted": 10, "rejected": 26},
}
"""Outcomes of applications by the state of their programme; "early" is a host that decides while the call is open, "undecided" one who has not decided when the programme begins."""


@dataclass(frozen=True)
class Span:
    """The limits of the dates of one application: applied for between `opens` and `closes`, decided between `decides` and `until`."""

    opens: datetime.datetime
    closes: datetime.datetime
    decides: datetime.datetime
    until: datetime.datetime
    now: datetime.datetime
    reply: datetime.timedelta


@dataclass
class Timeline:
    """Steps (transition, actor, moment) in order, and when an offer expires."""

    state: str
    steps: list[tuple[str, str, datetime.datetime]] = field(default_factory=list)
    expires: datetime.datetime | None = None

    def at(self, transition: str) -> datetime.datetime | None:
        """The moment of the last transition of that name."""
        return next((moment for name, _, moment in reversed(self.steps) if name == transition), None)

    def moment(self, transition: str) -> datetime.datetime:
        """The same for a transition that was made."""
        found = self.at(transition)
        if found is None:
            raise KeyError(transition)
        return found

    @property
    def last(self) -> datetime.datetime:
        return self.steps[-1][2]


Ending = Callable[[Timeline, datetime.datetime, Span, Random], Timeline | None]
"""Adds the steps of one outcome to a timeline, or returns None when there was no time for them."""


def choose_outcome(state: str, random: Random) -> str:
    """A random outcome of an application to a programme in this state."""
    return pick(OUTCOMES[state], random)


def plan_application(outcome: str, span: Span, random: Random) -> Timeline | None:
    """The steps that lead to the outcome; None when there was no time for an application at all.

    An outcome for which there was not enough time becomes an earlier state: submitted, not yet decided.
    """
    if span.closes - span.opens < 6 * HOUR:
        return None
    begun = _between(span.opens, span.opens + (span.closes - span.opens) * 0.85, random)
    timeline = Timeline("draft", [("start", EXPERT, begun)])
    if outcome == "draft":
        return timeline
    sent = begun + min((span.closes - begun) * random.uniform(0.05, 0.9), random.uniform(0.1, 12) * DAY)
    timeline.steps.append(("submit", EXPERT, sent))
    timeline.state = "submitted"
    first = max(sent + 2 * HOUR, span.decides)
    if outcome == "submitted" or span.until - first < 12 * HOUR:
        return timeline
    return ENDINGS[outcome](timeline, first, span, random) or timeline


def plan_late_placement(span: Span) -> Timeline:
    """An offer that was accepted eleven days ago, so that the decisions of the countries are overdue."""
    accepted = span.now - 11 * DAY
    sent, offered = min(span.closes, accepted) - 6 * DAY, accepted - 3 * DAY
    steps = [("start", EXPERT, sent - 4 * DAY), ("submit", EXPERT, sent), ("select", HOST, offered), ("accept", EXPERT, accepted)]
    return Timeline("accepted", steps, offered + span.reply)


def _between(start: datetime.datetime, end: datetime.datetime, random: Random) -> datetime.datetime:
    return start + (end - start) * random.random() if end > start else start


def _decided(transition: str, state: str) -> Ending:
    def end(timeline: Timeline, first: datetime.datetime, span: Span, random: Random) -> Timeline:
        moment = _between(first, span.until, random)
        timeline.steps.append((transition, EXPERT if transition == "withdraw" else HOST, moment))
        timeline.state = state
        return timeline

    return end


def _offer(timeline: Timeline, first: datetime.datetime, until: datetime.datetime, span: Span, random: Random) -> datetime.datetime:
    """An offer, possibly after a shortlist, or from the waitlist after another applicant declined."""
    moment = _between(first, until, random)
    style = random.random()
    if style < 0.45:
        timeline.steps.append(("shortlist", HOST, _between(first, moment, random)))
    if style > 0.88:
        timeline.steps.append(("waitlist", HOST, _between(first, moment, random)))
        timeline.steps.append(("promote", SYSTEM, moment))
    else:
        timeline.steps.append(("select", HOST, moment))
    timeline.state, timeline.expires = "offered", moment + span.reply
    return moment


def _offered(timeline: Timeline, first: datetime.datetime, span: Span, random: Random) -> Timeline | None:
    """A recent offer that is still open."""
    first = max(first, span.now - span.reply + DAY)
    if span.until < span.now - HOUR or span.until - first < HOUR:
        return None
    _offer(timeline, first, span.until, span, random)
    return timeline


def _answered(transition: str, state: str, by: str) -> Ending:
    def end(timeline: Timeline, first: datetime.datetime, span: Span, random: Random) -> Timeline | None:
        wait = span.reply if transition == "expire" else span.reply * random.uniform(0.05, 0.9)
        last = min(span.until, span.now - wait - HOUR)
        if last - first < HOUR:
            return None
        made = _offer(timeline, first, last, span, random)
        timeline.steps.append((transition, by, made + wait))
        timeline.state = state
        return timeline

    return end


ENDINGS: Mapping[str, Ending] = {
    "withdrawn": _decided("withdraw", "withdrawn"),
    "shortlisted": _decided("shortlist", "shortlisted"),
    "waitlisted": _decided("waitlist", "waitlisted"),
    "rejected": _decided("reject", "rejected"),
    "offered": _offered,
    "accepted": _answered("accept", "accepted", EXPERT),
    "released": _answered("accept", "accepted", EXPERT),
    "declined": _answered("decline", "declined", EXPERT),
    "expired": _answered("expire", "expired", SYSTEM),
}
"""`released` begins as an accepted offer; a country's decision then releases it."""
