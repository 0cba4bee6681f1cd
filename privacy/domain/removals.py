"""Removal of an account: requested, the profile hidden at once; taken back within two weeks, or carried out in one transaction.

Rows that others depend on (history, decisions, messages, placements) are kept and refer to an anonymised account.
"""

import datetime
import logging

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import forget_access
from accounts.models import AccountRemoval, ApiToken, User
from accounts.signals import access_changed
from accounts.states import RemovalState
from exchange.core.access import require
from exchange.core.errors import DomainError, StaleError
from exchange.core.history import record_history
from exchange.core.jobs.outbox import enqueue
from exchange.core.transitions import apply_transition
from privacy.domain.erasure import erase_account, erasure_blockers
from privacy.domain.notifications import notify_of_removal
from profiles.domain.profiles import refresh_index
from profiles.domain.visibility import with_parts
from profiles.models import ExpertProfile
from profiles.states import Audience

logger = logging.getLogger(__name__)

CARRY_OUT = "privacy.carry_out_removal"
POSTPONED_BY = datetime.timedelta(days=1)


def request_removal(user: User, *, by: User, password: str, address: str) -> AccountRemoval:
    """Close the account at once and have it erased in fourteen days.

    The profile is hidden, sessions and tokens end, notifications stop. Refuses (DomainError) a wrong `password`, an `address`
    that is not the account's, and, as `depended-on`, an account that others depend on. Sends `access_changed` and an e-mail.
    """
    require(by.pk == user.pk)
    if not user.check_password(password):
        raise DomainError(_("This password is not right."), code="password")
    if address.strip().casefold() != user.email.casefold():
        raise DomainError(_("This is not the e-mail address of this account."), code="address")
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if not locked.is_active:
            raise StaleError(_("This account is closed already."))
        if reasons := erasure_blockers(locked):
            raise DomainError(" ".join(reasons), code="depended-on")
        removal: AccountRemoval = AccountRemoval.objects.create(user=locked, kept=_hide(locked))
        # Hashing the same password again ends every session permanently, even if the removal is taken back.
        locked.set_password(password)
        locked.is_active = user.is_active = False
        locked.save(update_fields=["password", "is_active"])
        ApiToken.objects.filter(user=locked, revoked_at__isnull=True).update(revoked_at=timezone.now())
        record_history(removal, transition="ask", by=locked, after=removal.state)
        _notify(user, removal, "ask")
    return removal


@transaction.atomic
def take_back_removal(removal: AccountRemoval, *, by: User) -> User:
    """Reopen the account and restore the visibility of its profile. Raises StaleError once it is carried out or taken back. Sends as the request."""
    locked = User.objects.select_for_update(no_key=True).get(pk=removal.user_id)
    require(by.pk == locked.pk)
    apply_transition(removal, "take_back", by=locked)
    _show(locked, removal)
    locked.is_active = True
    locked.save(update_fields=["is_active"])
    _notify(locked, removal, "take_back")
    return locked


def ask_due_removals(limit: int = 500) -> int:
    """Enqueue the removals that are due; returns how many."""
    due = AccountRemoval.objects.filter(state=RemovalState.WAITING, due_at__lte=timezone.now()).order_by("due_at", "pk")
    rows = list(due[:limit])
    for removal in rows:
        enqueue(CARRY_OUT, key=f"removal:{removal.pk}:{removal.postponed}", removal_id=removal.pk)
    return len(rows)


def carry_out_removal(removal_id: int) -> bool:
    """Erase or anonymise the account in one transaction; a second run changes nothing. Returns whether it was carried out.

    When somebody depends on the account meanwhile, it is postponed by a day. The last e-mail is queued before, while the address is
    still stored.
    """
    try:
        return _carry_out(removal_id)
    except DomainError as error:
        logger.warning("removal %s is postponed: %s", removal_id, error)
        _postpone(removal_id)
        return False


@transaction.atomic
def _carry_out(removal_id: int) -> bool:
    user_id = AccountRemoval.objects.values_list("user_id", flat=True).get(pk=removal_id)
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    removal = AccountRemoval.objects.select_for_update().get(pk=removal_id)
    if removal.state != RemovalState.WAITING or removal.due_at > timezone.now():
        return False
    user.is_active = True  # in memory only: the remaining actions are done in the user's own name
    forget_access(user)
    if reasons := erasure_blockers(user):
        raise DomainError(" ".join(reasons), code="depended-on")
    notify_of_removal(removal, "carry_out")
    erase_account(user)
    apply_transition(removal, "carry_out", by=None, locked=True, kept={})
    return True


@transaction.atomic
def _postpone(removal_id: int) -> None:
    removal = AccountRemoval.objects.select_for_update().get(pk=removal_id)
    if removal.state == RemovalState.WAITING:
        removal.due_at = timezone.now() + POSTPONED_BY
        removal.postponed += 1
        removal.save(update_fields=["due_at", "postponed"])


def _hide(user: User) -> dict[str, str]:
    """Hide the profile from everybody; returns the former audience, needed to take the removal back."""
    profile = ExpertProfile.objects.select_for_update(of=("self",)).filter(user=user).first()
    if profile is None:
        return {}
    _set_audience(profile, Audience.ONLY_ME)
    return {"audience": profile.audience}


def _show(user: User, removal: AccountRemoval) -> None:
    profile = ExpertProfile.objects.select_for_update(of=("self",)).filter(user=user).first()
    if profile is not None and "audience" in removal.kept:
        _set_audience(profile, removal.kept["audience"])


def _set_audience(profile: ExpertProfile, audience: str) -> None:
    ExpertProfile.objects.filter(pk=profile.pk).update(audience=audience)
    refresh_index(with_parts(ExpertProfile.objects.filter(pk=profile.pk)).get())


def _notify(user: User, removal: AccountRemoval, transition: str) -> None:
    forget_access(user)
    access_changed.send(User, user_id=user.pk)
    notify_of_removal(removal, transition)
