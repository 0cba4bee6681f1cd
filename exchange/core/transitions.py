"""State machines: a table of transitions a model, and one function that applies a transition atomically and writes history.

A model with states has a `state` field, a class attribute `transitions: TransitionTable` and a method `roles_of(user) -> set[str]`.
It may add `blocked_reason(transition, user) -> text | None`: why a transition that the table allows is not possible now (shown beside the disabled button).
"""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exchange.core.errors import Refusal, StaleError, Text
from exchange.core.history import record_transition

SYSTEM = "system"


@dataclass(frozen=True)
class Transition:
    """One row: source states, target state, roles. `label` is the text of the button, `done` that of the timeline."""

    name: str
    sources: tuple[str, ...]
    target: str
    by: tuple[str, ...]
    label: Text
    done: Text
    tone: str = ""
    reasons: tuple[tuple[str, Text], ...] = ()
    note_required: bool = False
    note_offered: bool = False
    """True when an optional note can be given: the button opens a small form, which also asks for confirmation."""
    form: bool = False
    """True when the transition needs more than a reason and a note: its button links to a form of its own."""

    @property
    def needs_reason(self) -> bool:
        return bool(self.reasons)


@dataclass(frozen=True)
class AvailableTransition:
    """A transition for one user: its button, and why it is disabled, if it is."""

    transition: Transition
    blocked_reason: Text | None = None

    @property
    def name(self) -> str:
        return self.transition.name

    @property
    def allowed(self) -> bool:
        return self.blocked_reason is None


@dataclass(frozen=True)
class TransitionTable:
    """All transitions of one model, in the order of their buttons."""

    rows: tuple[Transition, ...]
    _by_name: dict[str, Transition] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names = {transition.name: transition for transition in self.rows}
        if len(names) != len(self.rows):
            raise ValueError("two transitions share a name")
        object.__setattr__(self, "_by_name", names)

    def __iter__(self) -> Iterator[Transition]:
        return iter(self.rows)

    def __getitem__(self, name: str) -> Transition:
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name


def available_transitions(subject: Any, user: Any) -> list[AvailableTransition]:
    """The transitions this user may see on this object now, disabled ones with their reason."""
    roles = subject.roles_of(user)
    blocked_reason = getattr(subject, "blocked_reason", lambda transition, user: None)
    return [
        AvailableTransition(transition, blocked_reason(transition, user))
        for transition in subject.transitions
        if subject.state in transition.sources and roles.intersection(transition.by)
    ]


def require_transition(subject: Any, name: str, user: Any | None) -> Transition:
    """The transition, if this user has a role that may make it. Raises Refusal (403) otherwise; `user=None` is the system."""
    transition: Transition = subject.transitions[name]
    roles = {SYSTEM} if user is None else subject.roles_of(user)
    if not roles.intersection(transition.by):
        raise Refusal(str(_("Your role does not allow this.")))
    return transition


def apply_transition(
    subject: Any, name: str, *, by: Any | None, reason: str = "", note: str = "", locked: bool = False, **changes: Any
) -> Any:
    """Set the new state of `subject`, the fields in `changes`, and write exactly one history row, all in one transaction.

    Checks the role and the table, but no other rules and not `blocked_reason`: actions do that before. Raises Refusal when the role is
    missing, StaleError when the row is no longer in a source state. Refreshes the fields it wrote on `subject`.
    With `locked` the caller has locked the row in its own transaction and read `subject` from it.
    """
    transition = require_transition(subject, name, by)
    rows = type(subject)._base_manager  # noqa: SLF001 -- Django documents it for this use
    with nullcontext() if locked else transaction.atomic():
        before = subject.state
        if not locked:
            row = rows.select_for_update(of=("self",)).filter(pk=subject.pk)
            before = row.values_list("state", flat=True).get()  # waits for a concurrent transition
        if before not in transition.sources:
            raise StaleError
        changes |= {"state": transition.target, "state_since": timezone.now()}
        if not rows.filter(pk=subject.pk, state=before).update(**changes):
            raise StaleError
        record_transition(subject, name, by=by, states=(before, transition.target), reason=reason, note=note)
    for name_, value in changes.items():
        setattr(subject, name_, value)
    return subject


class StatefulModel(models.Model):
    """Base of models with states: when the current state was entered."""

    state_since = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    class Meta:
        abstract = True
