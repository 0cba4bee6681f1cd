"""Actions on accounts: preferences, closing, reopening, membership of the secretariat."""

import zoneinfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import access_of, forget_access
from accounts.models import AccountRemoval, User
from accounts.signals import access_changed
from accounts.states import RemovalState
from exchange.core.access import require
from exchange.core.errors import DomainError
from exchange.core.history import record_history, record_transition
from exchange.core.lines import clean_line


def can_manage_accounts(user: User | None) -> bool:
    """The secretariat and superusers (`by=None` is the system)."""
    return user is None or access_of(user).secretariat or user.is_superuser


def save_preferences(
    user: User, *, by: User, name: str | None = None, language: str | None = None, time_zone: str | None = None
) -> User:
    """Set the name, language and time zone of an account; None leaves a value unchanged."""
    require(by.pk == user.pk)
    changes: dict[str, str] = {}
    if name is not None:
        changes["name"] = clean_line(name, 150)
    if language is not None:
        if language not in dict(settings.LANGUAGES):
            raise DomainError(_("This language is not supported."), code="language")
        changes["language"] = language
    if time_zone is not None:
        if time_zone and time_zone not in zoneinfo.available_timezones():
            raise DomainError(_("This time zone is not supported."), code="time-zone")
        changes["time_zone"] = time_zone
    if changes:
        User.objects.filter(pk=user.pk).update(**changes)
        for field, value in changes.items():
            setattr(user, field, value)
    return user


@transaction.atomic
def deactivate_account(user: User, *, by: User | None, note: str = "") -> User:
    """Close an account: no log-in, no token, no permission from the next request on. Refuses to close one's own. Sends `access_changed`."""
    require(can_manage_accounts(by))
    if by is not None and by.pk == user.pk:
        raise DomainError(_("You cannot close your own account here."), code="own-account")
    return _set_active(user, active=False, by=by, note=note)


@transaction.atomic
def reactivate_account(user: User, *, by: User | None, note: str = "") -> User:
    """Open a closed account again. Refuses one that its holder had deleted, or asked to. Sends `access_changed`."""
    require(can_manage_accounts(by))
    if user.is_erased or AccountRemoval.objects.filter(user=user, state=RemovalState.WAITING).exists():
        raise DomainError(_("The holder of this account asked for its deletion: only they can cancel that."), code="removal")
    return _set_active(user, active=True, by=by, note=note)


@transaction.atomic
def set_secretariat(user: User, *, member: bool, by: User | None) -> User:
    """Add a user to the secretariat, or remove them. Refuses anybody but superusers. Sends `access_changed`."""
    require(by is None or by.is_superuser)
    locked_user = User.objects.select_for_update().get(pk=user.pk)
    if locked_user.is_secretariat != member:
        locked_user.is_secretariat = user.is_secretariat = member
        locked_user.save(update_fields=["is_secretariat"])
        record_history(user, transition="join_secretariat" if member else "leave_secretariat", by=by)
        _notify(user)
    return user


def _set_active(user: User, *, active: bool, by: User | None, note: str) -> User:
    locked_user = User.objects.select_for_update().get(pk=user.pk)
    if locked_user.is_active != active:
        locked_user.is_active = user.is_active = active
        locked_user.save(update_fields=["is_active"])
        states = _state_name(not active), _state_name(active)
        record_transition(user, "reactivate" if active else "deactivate", by=by, states=states, note=note)
        _notify(user)
    return user


def _state_name(active: bool) -> str:
    return "active" if active else "closed"


def _notify(user: User) -> None:
    forget_access(user)
    access_changed.send(User, user_id=user.pk)
