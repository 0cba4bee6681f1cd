"""What has been built on a programme here: told to the programme's own app, so that an edit never hurts an applicant."""

from django.db.models import CharField, Count, F, Func

from applications.domain.seats import taken_by_country, taken_of_many
from applications.models import Application, ApplicationFile, Review
from applications.states import HOLDING_SEAT, WITH_HOST, ApplicationState
from programs.domain.usage import Usage, places_taken_of_many_provider, places_taken_provider, usage_provider

TAKEN_STAMP = f"""
SELECT string_agg(country || count, ',' ORDER BY country) FROM (
    SELECT a.country, count(*) FROM applications_application a JOIN programs_program p ON p.id = a.program_id
    WHERE p.slug = %(slug)s AND a.state IN ({", ".join(f"'{state.value}'" for state in HOLDING_SEAT)}) GROUP BY a.country
) taken
"""  # noqa: S608 -- the states are our own words
places_taken_provider(taken_by_country, stamp=TAKEN_STAMP)
places_taken_of_many_provider(taken_of_many)


@usage_provider
def usage_of(program_id: int) -> Usage:
    """Applications begun, questions answered, criteria scored, and what still waits for a decision. Five queries."""
    rows = Application.objects.filter(program_id=program_id).order_by()
    in_progress = rows.exclude(state=ApplicationState.WITHDRAWN)
    answered = set(in_progress.annotate(key=_keys("answers")).values_list("key", flat=True).distinct())
    filed = ApplicationFile.objects.filter(application__in=in_progress, question__isnull=False).order_by()
    scored = Review.objects.filter(application__in=rows).annotate(key=_keys("scores")).values_list("key", flat=True).distinct()
    return Usage(
        begun=dict(in_progress.values_list("country").annotate(Count("pk"))),
        answered=frozenset(_ids(answered) | set(filed.values_list("question_id", flat=True).distinct())),
        scored=frozenset(_ids(set(scored))),
        waiting=rows.filter(state__in=WITH_HOST).count(),
    )


def _keys(column: str) -> Func:
    return Func(F(column), function="jsonb_object_keys", output_field=CharField())


def _ids(keys: set[str]) -> set[int]:
    return {int(key) for key in keys if key.isdigit()}
