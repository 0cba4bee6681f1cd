"""Erasure of an account and its personal data, app by app, in one transaction."""

from accounts.access import forget_access
from accounts.domain.coordinators import current, end_appointment
from accounts.models import CoordinatorAppointment, User
from accounts.models.users import DELETED_DOMAIN
from accounts.personal_data import last_superuser_blocker, withdraw_consents
from accounts.signals import access_changed
from applications.personal_data import erase_applications
from exchange.core.personal_data import delete_related
from institutions.domain.institutions import remove_member
from institutions.models import Institution
from institutions.personal_data import owners_hand_over_first
from messaging.personal_data import erase_messages
from placements.personal_data import approvals_are_handed_over_first, erase_placements, placements_are_settled_first
from profiles.models import ExpertProfile
from profiles.personal_data import erase_profile

ANONYMISED_TABLES = frozenset(
    {
        *("accounts.AccountRemoval", "accounts.Consent", "accounts.CoordinatorAppointment", "admin.LogEntry"),
        *("profiles.ExpertProfile", "applications.Application", "placements.Placement", "messaging.Participant"),
    }
)
"""Tables whose rows are kept, anonymised, when their user is erased."""

BLOCKERS = (
    owners_hand_over_first,
    last_superuser_blocker,
    placements_are_settled_first,
    approvals_are_handed_over_first,
)


def erasure_blockers(user: User) -> list[str]:
    """Why this user cannot be erased yet, in the active language; empty when nothing depends on them."""
    return [str(reason) for blocker in BLOCKERS for reason in blocker(user)]


def erase_account(user: User) -> None:
    """Erase or anonymise the personal data of this user in each app. Call in a transaction with the account's row locked.

    The account is treated as active, so that each app may act in the user's name. Sends `access_changed`.
    """
    erase_placements(user)
    erase_applications(user)
    erase_messages(user)
    erase_profile_and_account(user)
    forget_access(user)
    access_changed.send(User, user_id=user.pk)


def erase_profile_and_account(user: User) -> None:
    """Delete memberships and appointments, delete or anonymise the profile, and anonymise the account.

    Runs last, because the other apps find the user's rows by what is erased here.
    """
    for institution in Institution.objects.filter(memberships__user=user).distinct():
        remove_member(institution, user, by=user)
    for appointment in CoordinatorAppointment.objects.filter(current(), user=user):
        end_appointment(appointment, by=None)
    withdraw_consents(user)
    for profile in ExpertProfile.objects.filter(user=user).select_for_update(of=("self",)):
        erase_profile(profile, ANONYMISED_TABLES)
    delete_related(user, ANONYMISED_TABLES)
    anonymise_account(user)


def anonymise_account(user: User) -> None:
    """Remove name, address, password and permissions; history and messages still refer to the row."""
    user.email = f"{user.pk}@{DELETED_DOMAIN}"
    user.name = user.language = user.time_zone = ""
    user.is_active = user.is_staff = user.is_superuser = user.is_secretariat = False
    user.last_login = None
    user.set_unusable_password()
    user.groups.clear()
    user.user_permissions.clear()
    user.save()
