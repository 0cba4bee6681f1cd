"""The track record of an institution as a host, counted from its placements and never entered by hand."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Count, Q
from django.utils import timezone

from applications.models import Application
from institutions.models import Institution
from placements.models import Placement
from placements.states import PlacementState
from programs.models import Program
from programs.states import PUBLIC_STATES

FIRST_ANSWERS = ("select", "waitlist", "reject")
"""Transitions that answer the applicant: an offer, the waiting list, a rejection."""
LOOK_BACK_DAYS = 730
ENOUGH_ANSWERS = 3
"""With fewer answers the median says little about the host."""

# A submission that was reopened counts from its last submission; its answer is the first one after that.
REPLY_SQL = """
SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM answered.at - application.submitted_at))
FROM applications_application application
JOIN programs_program program ON program.id = application.program_id
CROSS JOIN LATERAL (
    SELECT min(history.at) AS at FROM core_history history
    WHERE history.content_type_id = %(kind)s AND history.object_id = application.id
        AND history.transition = ANY(%(moves)s) AND history.at >= application.submitted_at
) answered
WHERE program.institution_id = %(institution)s AND application.submitted_at >= %(since)s AND answered.at IS NOT NULL
"""


@dataclass(frozen=True)
class TrackRecord:
    """Counts of one institution; `median_reply_days` is the median from submission to first answer, None while there are too few answers."""

    programs: int
    completed: int
    running: int
    confirmed: int
    """Confirmed placements whose stay has not begun."""
    answers: int
    median_reply_days: float | None

    @property
    def hosted(self) -> int:
        return self.completed + self.running + self.confirmed

    def __bool__(self) -> bool:
        return bool(self.programs or self.hosted or self.answers)


def track_record_of(institution: Institution) -> TrackRecord:
    """The record of an institution as a host, in three queries. Contains no names, so everybody may read it."""
    today = timezone.localdate()
    confirmed = Q(state=PlacementState.CONFIRMED)
    stays = Placement.objects.filter(program__institution=institution).aggregate(
        completed=Count("pk", filter=confirmed & Q(ends__lt=today)),
        running=Count("pk", filter=confirmed & Q(starts__lte=today, ends__gte=today)),
        confirmed=Count("pk", filter=confirmed & Q(starts__gt=today)),
    )
    programs = Program.objects.filter(institution=institution, state__in=PUBLIC_STATES, was_published=True).count()
    answers, seconds = _replies(institution)
    days = round(seconds / 86_400, 1) if seconds is not None and answers >= ENOUGH_ANSWERS else None
    return TrackRecord(programs=programs, answers=answers, median_reply_days=days, **stays)


def _replies(institution: Institution) -> tuple[int, float | None]:
    asked: dict[str, Any] = {
        "institution": institution.pk,
        "kind": ContentType.objects.get_for_model(Application).pk,
        "moves": list(FIRST_ANSWERS),
        "since": timezone.now() - datetime.timedelta(days=LOOK_BACK_DAYS),
    }
    with connection.cursor() as cursor:
        cursor.execute(REPLY_SQL, asked)
        answers, seconds = cursor.fetchone()
    return int(answers), None if seconds is None else float(seconds)
