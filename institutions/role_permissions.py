"""The table of role permissions on the team page. It is for reading; the sets of roles it refers to are the ones checked."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.states import EDITING_ROLES, REGISTERING_ROLES, REVIEWING_ROLES, Role


@dataclass(frozen=True)
class RolePermission:
    """An action that some roles may do and others may not."""

    words: Any
    roles: frozenset[str]


ROLE_PERMISSIONS = (
    RolePermission(_("See the team and its drafts"), frozenset(Role)),
    RolePermission(_("Read applications and score them"), REVIEWING_ROLES),
    RolePermission(_("Post programmes, decide on applications, add people"), EDITING_ROLES),
    RolePermission(_("Change the record, the names and the fact sheet"), EDITING_ROLES),
    RolePermission(_("Enter signed agreements in the register"), REGISTERING_ROLES),
    RolePermission(_("Invite, change roles, remove, hand over"), frozenset({Role.OWNER})),
)
