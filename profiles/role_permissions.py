"""What each role in a team may do, in words: the page of a team shows this table, and the sets of roles it is made of rule."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from profiles.states import EDITING_ROLES, REVIEWING_ROLES, Role


@dataclass(frozen=True)
class RolePermission:
    """One thing that some roles may do and others not."""

    words: Any
    roles: frozenset[str]


ROLE_PERMISSIONS = (
    RolePermission(_("See the team and its drafts"), frozenset(Role)),
    RolePermission(_("Read applications and score them"), REVIEWING_ROLES),
    RolePermission(_("Post programmes, decide on applications, bring in people"), EDITING_ROLES),
    RolePermission(_("Change the record, the names and the fact sheet"), EDITING_ROLES),
    RolePermission(_("Sign agreements"), frozenset({Role.SIGNATORY})),
    RolePermission(_("Invite, change roles, remove, hand over"), frozenset({Role.OWNER})),
)
