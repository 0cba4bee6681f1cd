"""Transitions of a programme: publish, close, reopen, conclude, start, complete, cancel. Each is one row of `states.PROGRAM_TRANSITIONS`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.states import EDITING_ROLES
from exchange.core.errors import DomainError, StaleError
from exchange.core.transitions import apply_transition, require_transition
from institutions.domain.queries import team_ids
from institutions.states import InstitutionState
from messaging.domain.notifications import notify
from programs.domain.programs import refresh_index
from programs.domain.seats import lock_program
from programs.models import Program
from programs.notification_types import CLOSED
from programs.signals import program_cancelled, program_changed, program_published
from programs.states import QuestionKind


@dataclass(frozen=True)
class Missing:
    """Something missing before a programme can be published, and the section of the editor where it is entered."""

    code: str
    text: str
    section: str = ""


def missing_for_publishing(program: Program) -> list[Missing]:
    """Everything missing before this programme can be published; empty when it is ready. At most two queries."""
    return [*_missing_texts(program), *_missing_dates(program), *_missing_places(program), *_missing_choices(program)]


def _missing_texts(program: Program) -> list[Missing]:
    found = []
    if program.institution.state != InstitutionState.VERIFIED:
        found.append(Missing("institution", _("A coordinator of your country has to verify the institution first.")))
    if not program.title:
        found.append(Missing("title", _("A title in at least one language."), "texts"))
    if not program.summary:
        found.append(Missing("summary", _("A summary in at least one language."), "texts"))
    return found


def _missing_dates(program: Program) -> list[Missing]:
    found = []
    if program.starts <= today_at(program):
        found.append(Missing("starts", _("A start in the future."), "dates"))
    if program.deadline is not None and program.deadline <= timezone.now():
        found.append(Missing("deadline", _("A deadline in the future."), "dates"))
    elif program.deadline is not None and program.deadline.astimezone(program.zone).date() >= program.starts:
        found.append(Missing("deadline", _("A deadline before the start."), "dates"))
    return found


def _missing_places(program: Program) -> list[Missing]:
    found = []
    if not program.eligible_countries:
        found.append(Missing("countries", _("At least one eligible country."), "places"))
    quotas = list(program.quotas.all())
    reserved = sum(quota.reserved for quota in quotas)
    if reserved > program.seats:
        words = _("Places reserved for countries: %(reserved)s, more than all places: %(seats)s.")
        found.append(Missing("quotas", words % {"reserved": reserved, "seats": program.seats}, "places"))
    if any(quota.reserved and quota.country not in program.eligible_countries for quota in quotas):
        found.append(Missing("quotas", _("Places are reserved for a country that is not eligible."), "places"))
    return found


def _missing_choices(program: Program) -> list[Missing]:
    chosen = (QuestionKind.ONE_OF, QuestionKind.SOME_OF)
    if any(question.kind in chosen and len(question.choices) < 2 for question in program.questions.all()):
        return [Missing("choices", _("At least two choices for every question that offers some."), "questions")]
    return []


def advice_for(program: Program) -> list[Missing]:
    """Recommended information this programme lacks; does not block publishing."""
    found = []
    if not program.concepts.exists():
        words = _("Name what is taught and practised: experts are matched by it.")
        found.append(Missing("concepts", words, "topics"))
    if not program.criteria.exists():
        found.append(Missing("criteria", _("A rubric, so that reviewers score consistently."), "rubric"))
    if len(program.title) < 2:
        found.append(Missing("languages", _("Texts in a second language reach more readers."), "texts"))
    return found


def today_at(program: Program) -> date:
    """The current date in the programme's time zone."""
    return timezone.localdate(timezone=program.zone)


@transaction.atomic
def publish_program(program: Program, *, by: User | None) -> Program:
    """Make a draft public and open it for applications. Sends `program_published` and `program_changed`.

    Raises one DomainError that lists everything missing, StaleError when it is no longer a draft.
    """
    require_transition(program, "publish", by)
    locked = lock_program(program.pk)
    missing = missing_for_publishing(locked)
    if missing:
        words = " ".join(thing.text for thing in missing)
        raise DomainError(_("Before publishing, this is missing: %(missing)s") % {"missing": words}, code="incomplete")
    apply_transition(program, "publish", by=by, was_published=True, published_at=timezone.now())
    refresh_index(program)
    program_published.send(Program, program_id=program.pk)
    return program


@transaction.atomic
def close_program(program: Program, *, by: User | None, note: str = "") -> Program:
    """Close the programme for applications.

    The system (`by=None`) closes only when the time to apply is over, and notifies the host's editors; StaleError when the deadline was moved meanwhile.
    """
    locked = lock_program(program.pk)
    if by is None and not is_over(locked):
        raise StaleError
    _transition(program, "close", by=by, note=note)
    if by is None:
        key = f"program:{program.pk}:{program.state_since:%Y%m%d%H%M%S}"
        editors = team_ids(program.institution_id, EDITING_ROLES)
        notify(editors, CLOSED.code, key=key, url=program.get_absolute_url(), program=program.title)
    return program


def is_over(program: Program) -> bool:
    """Whether the time to apply is over: the deadline, or without one the last day of the programme."""
    if program.deadline is not None:
        return program.deadline <= timezone.now()
    return program.ends < today_at(program)


@transaction.atomic
def reopen_program(program: Program, *, by: User | None, note: str = "") -> Program:
    """Open the programme for applications again. Refuses when the deadline has passed or the institution is not verified."""
    locked = lock_program(program.pk)
    if locked.institution.state != InstitutionState.VERIFIED:
        raise DomainError(_("A coordinator of your country has to verify the institution first."), code="unverified")
    return _transition(program, "reopen", by=by, note=note, fresh=locked)


@transaction.atomic
def conclude_program(program: Program, *, by: User | None, note: str = "") -> Program:
    """Mark the selection as finished."""
    return _transition(program, "conclude", by=by, note=note, fresh=lock_program(program.pk))


@transaction.atomic
def start_program(program: Program, *, by: User | None, note: str = "") -> Program:
    """Mark the programme as started. Refuses before its first day."""
    return _transition(program, "start", by=by, note=note, fresh=lock_program(program.pk))


@transaction.atomic
def complete_program(program: Program, *, by: User | None, note: str = "") -> Program:
    """Mark the programme as completed. Refuses before its last day."""
    return _transition(program, "complete", by=by, note=note, fresh=lock_program(program.pk))


@transaction.atomic
def cancel_program(program: Program, *, by: User | None, note: str = "") -> Program:
    """Cancel the programme, with a note for the applicants. Refuses an empty note. Sends `program_cancelled` and `program_changed`."""
    require_transition(program, "cancel", by)
    if not note.strip():
        raise DomainError(_("Give a short reason: those who applied will read it."), code="note-required")
    lock_program(program.pk)
    _transition(program, "cancel", by=by, note=note.strip())
    program_cancelled.send(Program, program_id=program.pk)
    return program


def _transition(program: Program, name: str, *, by: User | None, note: str = "", fresh: Program | None = None) -> Program:
    """Apply one transition, unless the locked row `fresh` has a blocked reason. Sends `program_changed`."""
    transition = require_transition(program, name, by)
    if fresh is not None and fresh.state in transition.sources:
        blocked_reason = fresh.blocked_reason(transition, by)
        if blocked_reason:
            raise DomainError(blocked_reason, code="not-now")
    apply_transition(program, name, by=by, note=note[:2000])
    program_changed.send(Program, program_id=program.pk)
    return program


ACTIONS: dict[str, Callable[..., Program]] = {
    "publish": lambda program, *, by, note="": publish_program(program, by=by),
    "close": close_program,
    "reopen": reopen_program,
    "conclude": conclude_program,
    "start": start_program,
    "complete": complete_program,
    "cancel": cancel_program,
}


def transition_program(program: Program, name: str, *, by: User | None, note: str = "") -> Program:
    """Apply a transition by name, for buttons and the API. Raises KeyError for an unknown name."""
    action: Callable[..., Any] = ACTIONS[name]
    moved: Program = action(program, by=by, note=note)
    return moved
