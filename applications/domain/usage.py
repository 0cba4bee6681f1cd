"""Which parts of a programme applications depend on: `programs` asks before an edit, so that no applicant loses an answer."""

from collections.abc import Collection

from django.db.models import CharField, Count, F, Func

from applications.models import Application, ApplicationFile, Review
from applications.states import WITH_HOST, ApplicationState
from programs.domain.usage import Usage


def usage_of(program_id: int) -> Usage:
    """Counts of applications, answered questions, scored criteria and undecided applications. Five queries."""
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


def applications_of(expert_id: int, program_ids: Collection[int]) -> dict[int, bool]:
    """For each of these programmes to which the profile has an application: whether it was sent and not withdrawn. One query."""
    rows = Application.objects.filter(expert_id=expert_id, program_id__in=list(program_ids)).order_by()
    unsent = (ApplicationState.DRAFT, ApplicationState.WITHDRAWN)
    return {program_id: state not in unsent for program_id, state in rows.values_list("program_id", "state")}


def _keys(column: str) -> Func:
    return Func(F(column), function="jsonb_object_keys", output_field=CharField())


def _ids(keys: set[str]) -> set[int]:
    return {int(key) for key in keys if key.isdigit()}
