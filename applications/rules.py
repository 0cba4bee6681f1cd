"""Rules of applications that are only arithmetic or roles: no query, no write."""

from collections.abc import Callable, Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from exchange.core.hooks import Hook

SCORING_ROLES = frozenset({"owner", "editor", "reviewer"})
DECIDING_ROLES = frozenset({"owner", "editor"})
DISAGREEMENT = 2
"""Difference of two reviewers' means from which the table says that they disagree."""
MAX_NOTE_LENGTH = 2000
APPLYING_TO = "applying_to"
"""The key of the session that holds the programme one was applying to when sent to the profile."""
acceptance_acted_on: Hook[Callable[[Any], bool]] = Hook("acceptance acted on", single=True)
"""A function of an accepted application: whether another side has acted on the acceptance, so that it cannot be taken back."""
HUNDREDTH = Decimal("0.01")


def tidy(text: str, max_length: int) -> str:
    """A text as it can be stored: line breaks as one character, no characters that PostgreSQL refuses, at most `max_length` characters."""
    sound = text.replace("\r\n", "\n").replace("\x00", "").encode("utf-8", "ignore").decode()
    return sound[:max_length]


def can_read_as_host(user: Any, application: Any) -> bool:
    """Whether this user may read the application for the host; the applicant never does, whatever team they belong to."""
    return bool(application.roles_of(user) & SCORING_ROLES)


def can_review(user: Any, application: Any) -> bool:
    """Whether this user may score the application: reviewers, editors and owners may, until the host has answered."""
    return can_read_as_host(user, application) and application.takes_reviews


def sees_all_reviews(user: Any, application: Any) -> bool:
    """Those who decide read every review at once; a reviewer only after writing their own."""
    return bool(application.roles_of(user) & DECIDING_ROLES)


def weighted_mean(scores: Mapping[str, int], weights: Mapping[str, int]) -> Decimal:
    """The mean of the scores, each weighed as its criterion is, to the hundredth."""
    total = sum(weights[key] for key in scores)
    weighed = sum(score * weights[key] for key, score in scores.items())
    return (Decimal(weighed) / Decimal(total)).quantize(HUNDREDTH, ROUND_HALF_UP)


def disagree(means: Iterable[Decimal | float]) -> bool:
    """Whether the reviewers' means differ so much that they should discuss the application."""
    values = [float(mean) for mean in means]
    return len(values) > 1 and max(values) - min(values) >= DISAGREEMENT
