"""The end of an account: asked for, hidden at once, taken back within two weeks, or carried out, app by app, in one transaction.

Rows that others rest on (history, decisions, messages, placements) stay and point to an account without a name.
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

    The profile is hidden, sessions and tokens end, nobody is told anything more. Refuses (DomainError) a wrong `password`, an `address`
    that is not the account's, and, as `depended-on`, what has to be settled first. Sends `access_changed` and an e-mail.
    """
    require(by.pk == user.pk)
    if not user.check_password(password):
        raise DomainError(_("This password is not right."), code="password")
    if address.strip().casefold() != user.email.casefold():
        raise DomainError(_("This is not the e-mail address of this account."), code="address")
    with transaction.atomic():
        held = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if not held.is_active:
            raise StaleError(_("This account is closed already."))
        if reasons := erasure_blockers(held):
            raise DomainError(" ".join(reasons), code="depended-on")
        removal: AccountRemoval = AccountRemoval.objects.create(user=held, kept=_hide(held))
        # The same password, kept anew: every session was made with the old one and ends for good, even if all this is taken back.
        held.set_password(password)
        held.is_active = user.is_active = False
        held.save(update_fields=["password", "is_active"])
        ApiToken.objects.filter(user=held, revoked_at__isnull=True).update(revoked_at=timezone.now())
        record_history(removal, transition="ask", by=held, after=removal.state)
        _notify(user, removal, "ask")
    return removal


@transaction.atomic
def take_back_removal(removal: AccountRemoval, *, by: User) -> User:
    """Open the account again, its profile as visible as before. StaleError once it is carried out or taken back. Sends as the request."""
    held = User.objects.select_for_update(no_key=True).get(pk=removal.user_id)
    require(by.pk == held.pk)
    apply_transition(removal, "take_back", by=held)
    _show(held, removal)
    held.is_active = True
    held.save(update_fields=["is_active"])
    _notify(held, removal, "take_back")
    return held


def ask_due_removals(limit: int = 500) -> int:
    """Write down for the workers which accounts are to be erased now; returns how many."""
    due = AccountRemoval.objects.filter(state=RemovalState.WAITING, due_at__lte=timezone.now()).order_by("due_at", "pk")
    rows = list(due[:limit])
    for removal in rows:
        enqueue(CARRY_OUT, key=f"removal:{removal.pk}:{removal.postponed}", removal_id=removal.pk)
    return len(rows)


def carry_out_removal(removal_id: int) -> bool:
    """Erase what is to be erased and anonymise the rest, in one transaction; twice changes nothing.

    When somebody has come to depend on the account meanwhile, it is tried again a day later. The last e-mail is written before, while
    the address is known.
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
    user.is_active = True  # in memory alone: what is left to do is done in the person's own name
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
    """Close the profile to everybody; what it was open to is kept for taking it back."""
    profile = ExpertProfile.objects.select_for_update(of=("self",)).defer("search").filter(user=user).first()
    if profile is None:
        return {}
    _set_audience(profile, Audience.ONLY_ME)
    return {"audience": profile.audience}


def _show(user: User, removal: AccountRemoval) -> None:
    profile = ExpertProfile.objects.select_for_update(of=("self",)).defer("search").filter(user=user).first()
    if profile is not None and "audience" in removal.kept:
        _set_audience(profile, removal.kept["audience"])


def _set_audience(profile: ExpertProfile, audience: str) -> None:
    ExpertProfile.objects.filter(pk=profile.pk).update(audience=audience)
    refresh_index(with_parts(ExpertProfile.objects.filter(pk=profile.pk)).get())


def _notify(user: User, removal: AccountRemoval, transition: str) -> None:
    forget_access(user)
    access_changed.send(User, user_id=user.pk)
    notify_of_removal(removal, transition)
