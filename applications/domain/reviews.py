"""Reviews: scores by the criteria, one review per reviewer; the mean is stored with the application."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Avg, Count
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from applications.domain.locks import lock_application
from applications.models import Application, Review
from applications.rules import HUNDREDTH, can_read_as_host, sees_all_reviews, tidy, weighted_mean
from exchange.core.errors import DomainError, Refusal, StaleError, Text
from programs.models import Program
from programs.models.forms import MAX_SCORE

MAX_COMMENT_LENGTH = 4000
OVERALL = "overall"


@dataclass(frozen=True)
class Line:
    """One line of a rubric; `key` names it in the scores."""

    key: str
    label: Text
    help: Text
    weight: int


def rubric_of(program: Program) -> list[Line]:
    """The programme's criteria, or a single line for the whole application when the host defined none."""
    lines = [Line(str(row.pk), row.label, row.help, row.weight) for row in program.criteria.all()]
    return lines or [Line(OVERALL, pgettext_lazy("line of a rubric", "Overall"), "", 1)]


@transaction.atomic
def save_review(application: Application, *, by: User, scores: Mapping[str, Any], comment: str = "") -> Review:
    """Write or rewrite this person's review and the application's mean. The applicant never reads it; nothing is sent.

    Refuses a user who does not review for the host (Refusal), an application that was answered (StaleError `not-in-review`), and scores that
    are not one whole number from 1 to HIGHEST_SCORE for each criterion (DomainError `scores`).
    """
    lock_application(application)
    if not can_read_as_host(by, application):
        raise Refusal(str(_("Your role does not allow this.")))
    if not application.takes_reviews:
        raise StaleError(_("This application has been decided; it can no longer be scored."), code="not-in-review")
    weights = {line.key: line.weight for line in rubric_of(application.program)}
    values = _whole_scores(scores, weights)
    review, _made = Review.objects.update_or_create(
        application=application,
        reviewer=by,
        defaults={"scores": values, "mean": weighted_mean(values, weights), "comment": tidy(comment.strip(), MAX_COMMENT_LENGTH)},
    )
    totals = application.reviews.aggregate(mean=Avg("mean"), count=Count("pk"))
    application.mean_score = Decimal(totals["mean"]).quantize(HUNDREDTH)
    application.review_count = totals["count"]
    application.save(update_fields=["mean_score", "review_count"])
    return review


def visible_reviews(application: Application, reader: User) -> list[Review]:
    """The reviews this reader may read: every one for those who decide, and for a reviewer who has written their own."""
    if not can_read_as_host(reader, application):
        return []
    rows = list(application.reviews.select_related("reviewer").order_by("pk"))
    own = [row for row in rows if row.reviewer_id == reader.pk]
    return rows if own or sees_all_reviews(reader, application) else []


def scored_lines(review: Review, rubric: list[Line]) -> list[tuple[Line, int]]:
    """The lines of the rubric with the scores of this review; lines added later are left out."""
    return [(line, review.scores[line.key]) for line in rubric if line.key in review.scores]


def _whole_scores(scores: Mapping[str, Any], weights: Mapping[str, int]) -> dict[str, int]:
    values = {}
    for key in weights:
        given = scores.get(key)
        if isinstance(given, str) and given.isascii() and given.isdigit():
            given = int(given)
        if not isinstance(given, int) or isinstance(given, bool) or not 1 <= given <= MAX_SCORE:
            raise DomainError(_("Give every criterion a score from 1 to %(most)s.") % {"most": MAX_SCORE}, code="scores")
        values[key] = given
    return values
