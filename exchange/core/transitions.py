"""State machines: a table of transitions a model, and one function that applies a transition atomically and writes history.

A model with states has a `state` field, a class attribute `transitions: TransitionTable` and a method `roles_of(user) -> set[str]`.
It may add `blocked_reason(transition, user) -> text | None`: why a transition that the table allows is not possible now (shown beside the disabled button);
and `may_take_back(transition, user) -> bool`: whether this user made what a transition takes back, and nobody is known to have acted on it.

A transition may be taken back for TAKE_BACK by another one that names it in `takes_back`: the state before it returns. What else has to be
undone, and whether anybody has acted on it meanwhile, is decided by the action.
"""

import datetime
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exchange.core.errors import DomainError, Refusal, StaleError, Text
from exchange.core.history import history_of, record_transition

SYSTEM = "system"
TAKE_BACK = datetime.timedelta(minutes=30)
"""How long a transition can be taken back, as long as nobody has acted on it."""
CONFIRM = _("Everybody concerned is notified at once. For 30 minutes you can take it back, unless somebody acts on it.")
"""What is said before a transition that can be taken back."""


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
    confirm: Text = ""
    """What the user is told, and confirms with a second button."""
    takes_back: tuple[str, ...] = ()
    """The transitions this one takes back; it returns to the state before them: `target`, or one of `other_targets`."""
    other_targets: tuple[str, ...] = ()

    @property
    def targets(self) -> tuple[str, ...]:
        """All states it may lead to: several only when it takes another one back."""
        return (self.target, *self.other_targets)

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
    """The transitions this user may see on this object now, disabled ones with their reason; what can no longer be taken back is left out."""
    roles = subject.roles_of(user)
    blocked_reason = getattr(subject, "blocked_reason", lambda transition, user: None)
    return [
        AvailableTransition(transition, blocked_reason(transition, user))
        for transition in subject.transitions
        if subject.state in transition.sources
        and roles.intersection(transition.by)
        and (not transition.takes_back or (is_recent(subject) and _may_take_back(subject, transition, user)))
    ]


def is_recent(subject: Any) -> bool:
    """Whether the current state was entered so recently that it can be taken back."""
    return bool(subject.state_since + TAKE_BACK > timezone.now())


def _may_take_back(subject: Any, transition: Transition, user: Any) -> bool:
    rule = getattr(subject, "may_take_back", None)
    return rule is None or bool(rule(transition, user))


def require_recent(subject: Any, transition: Transition, user: Any) -> None:
    """Refuse to take back what somebody else did (Refusal), or too late (DomainError `too-late`). The caller holds the row's lock."""
    if not _may_take_back(subject, transition, user):
        raise Refusal(str(_("Your role does not allow this.")))
    if not is_recent(subject):
        raise DomainError(_("It is too late to take this back."), code="too-late", status=409)


def state_before(subject: Any, transition: Transition) -> str:
    """The state to which taking back returns: that before the last change of state. Raises StaleError when that was another transition."""
    last = history_of(subject).exclude(after="").order_by("-pk").values_list("transition", "before", "after").first()
    if last is None or last[0] not in transition.takes_back or last[2] != subject.state or last[1] not in transition.targets:
        raise StaleError
    return str(last[1])


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
    missing, StaleError when the row is no longer in a source state, DomainError `too-late` when it takes back what is older than TAKE_BACK.
    Refreshes the fields it wrote on `subject`.
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
        target = transition.target
        if transition.takes_back:
            require_recent(subject, transition, by)
            target = state_before(subject, transition)
        changes |= {"state": target, "state_since": timezone.now()}
        if not rows.filter(pk=subject.pk, state=before).update(**changes):
            raise StaleError
        record_transition(subject, name, by=by, states=(before, target), reason=reason, note=note)
    for name_, value in changes.items():
        setattr(subject, name_, value)
    return subject


class StatefulModel(models.Model):
    """Base of models with states: when the current state was entered."""

    state_since = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    class Meta:
        abstract = True
