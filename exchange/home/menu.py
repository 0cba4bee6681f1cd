"""The menu of each role: where its work is, and what it does next. No two entries of a role lead to one page."""

from dataclasses import dataclass, field

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.access import UserAccess, access_of
from exchange.core.errors import Text
from institutions.domain.roles import ActiveRole, current_role

DESK = pgettext_lazy("main menu; the work desk of a coordinator or a host", "Desk")


@dataclass(frozen=True)
class Entry:
    """One entry: its page and its text."""

    url: str
    label: Text
    icon: str


@dataclass(frozen=True)
class Menu:
    """The entries of the current role."""

    work: Entry | None = None
    """The list of the role's work, in the head of every page."""
    acts: list[Entry] = field(default_factory=list)
    """What the role does next, the likeliest first: buttons of the home page and entries of the menu."""
    lists: list[Entry] = field(default_factory=list)
    """Other lists of the role, in the menu."""

    @property
    def more(self) -> list[Entry]:
        return [*self.acts, *self.lists]

    @property
    def home(self) -> list[Entry]:
        """The buttons of the home page."""
        return [*self.acts, *([self.work] if self.work else [])]


def menu_of(request: HttpRequest) -> Menu:
    """The menu of the session's current role; that of a newcomer without one. No query beyond those for the role."""
    if not request.user.is_authenticated:
        return Menu()
    role, access = current_role(request), access_of(request.user)
    if role is None:
        acts = [Entry(reverse("profile_start"), _("Create my profile"), "person")]
        return Menu(acts=acts, lists=[Entry(reverse("invitations"), _("Invitations to teams"), "inbox")])
    return MENUS[role.kind](role, access)


def desk_url(role: ActiveRole | None, access: UserAccess) -> str:
    """The desk of a role: for a signatory the agreements; for an expert, and for who has no role, the list of their applications."""
    kind = role.kind if role else ""
    if kind in {"coordinator", "secretariat"}:
        return reverse("desk_coordinator")
    if kind == "host":
        return reverse("desk_host") if access.reviewed_institutions else reverse("agreements")
    return reverse("applications")


def _agreements() -> Entry:
    return Entry(reverse("agreements"), _("Agreements"), "file")


def _placements() -> Entry:
    return Entry(reverse("placements"), _("Placements"), "award")


def _expert(role: ActiveRole, access: UserAccess) -> Menu:
    work = Entry(desk_url(role, access), _("Applications"), "list")
    return Menu(work, [Entry(reverse("profile_edit"), _("My profile"), "person")], [_placements()])


def _host(role: ActiveRole, access: UserAccess) -> Menu:
    work = Entry(desk_url(role, access), DESK, "list") if access.reviewed_institutions else None
    acts = []
    if access.edited_institutions:
        acts.append(Entry(reverse("program_post"), _("Post a programme"), "add"))
    if access.registering_institutions:
        acts.append(Entry(reverse("agreement_create"), pgettext_lazy("button", "New agreement"), "add"))
    return Menu(work, acts, [_agreements(), _placements()])


def _coordinator(role: ActiveRole, access: UserAccess) -> Menu:
    acts = [Entry(reverse("agreement_create"), pgettext_lazy("button", "New agreement"), "add")]
    return Menu(Entry(desk_url(role, access), DESK, "list"), acts, [_agreements(), _placements()])


def _secretariat(role: ActiveRole, access: UserAccess) -> Menu:
    acts = [
        Entry(reverse("coordinators"), _("Coordinators"), "people"),
        Entry(reverse("concepts"), _("Vocabulary"), "globe"),
    ]
    return Menu(Entry(desk_url(role, access), DESK, "list"), acts, [_agreements(), _placements()])


MENUS = {"expert": _expert, "host": _host, "coordinator": _coordinator, "secretariat": _secretariat}
