"""The coordinator's desk: decisions due from the coordinator's country and from others, absences, verifications, agreements that end soon."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.access import access_of
from accounts.models import CoordinatorAppointment, User
from accounts.states import Role
from exchange.core.countries import Country
from exchange.core.paging import Page, keyset_page
from institutions.models import Institution, Membership
from institutions.states import InstitutionState
from partnerships.domain.queries import expiring_agreements
from placements.domain.country_decisions import CountryDecision
from placements.domain.queries import CoveringAgreement, acting, country_decisions_of, covering_agreement_of, with_parts
from placements.models import Approval, Placement
from placements.states import UNDECIDED, ApprovalState, PlacementState

TABS = ("decide", "others", "abroad", "institutions", "agreements")
READING_TABS = ("institutions", "others", "abroad", "agreements")
"""The secretariat decides on no placement: it verifies institutions, and reads the others."""
PAGE_SIZE = 25
SOON_SHOWN = 3
DEPUTIES_AHEAD_DAYS = 60


@dataclass(frozen=True)
class DeskScope:
    """Which countries the desk shows, and to whom: those this coordinator acts for, or all for the secretariat."""

    user: User
    all: tuple[str, ...]
    """Countries the reader may choose from."""
    shown: tuple[str, ...]
    """Countries shown: one, or all of them."""
    acts: bool
    """Whether the reader may decide on placements; the secretariat only reads them."""

    @property
    def tabs(self) -> tuple[str, ...]:
        """The tabs of this reader's desk; the first one says what they decide."""
        return TABS if self.acts else READING_TABS

    @property
    def country(self) -> str:
        """The one country shown, or an empty string for several."""
        return self.shown[0] if len(self.shown) == 1 else ""


def desk_scope_of(user: User, country: str = "") -> DeskScope | None:
    """The scope of this reader's desk, narrowed to a country that is theirs; None for those who have no desk."""
    access = access_of(user)
    mine = access.countries or (frozenset(Country.values) if access.secretariat else frozenset())
    if not mine:
        return None
    every = tuple(code for code in Country.values if code in mine)
    return DeskScope(user, every, (country,) if country in mine else every, acts=bool(access.countries))


@dataclass(frozen=True)
class Row:
    """One placement on the desk."""

    placement: Placement
    mine: CountryDecision | None
    """The decision of a country shown; an open one before the others. None for the secretariat, which decides for none."""
    others: list[CountryDecision]
    covering: CoveringAgreement | None


@dataclass(frozen=True)
class Desk:
    """The desk with one tab open."""

    scope: DeskScope
    tab: str
    counts: Mapping[str, int]
    page: Page[Any]
    rows: list[Row]
    people: list[CoordinatorAppointment]
    ahead: list[CoordinatorAppointment]
    expiring: list[Any]
    unverified: list[Institution]

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """The tabs as the component expects them."""
        names = {
            "decide": pgettext("tab of a coordinator's desk", "To decide"),
            "others": pgettext("tab of a coordinator's desk", "Waiting for others"),
            "abroad": pgettext("tab of a coordinator's desk", "Abroad now"),
            "institutions": pgettext("tab of a coordinator's desk", "Institutions"),
            "agreements": pgettext("tab of a coordinator's desk", "Agreements"),
        }
        if not self.scope.acts:
            names |= {"institutions": names["decide"], "others": pgettext("tab of the secretariat's desk", "Waiting for countries")}
        chosen = f"&country={self.scope.country}" if len(self.scope.all) > 1 and self.scope.country else ""
        return [
            {"label": names[tab], "url": f"?tab={tab}{chosen}", "count": self.counts[tab], "current": tab == self.tab}
            for tab in self.scope.tabs
        ]


def read_desk(scope: DeskScope, *, tab: str = "", side: str = "", cursor: str | None = None) -> Desk:
    """The whole desk. The number of queries depends on the tab, never on the rows."""
    tab = tab if tab in scope.tabs else scope.tabs[0]
    lists: dict[str, tuple[QuerySet[Any], tuple[str, ...]]] = {
        "decide": (to_decide(scope, side), ("due_on", "pk")),
        "others": (undecided_elsewhere(scope), ("state_since", "pk")),
        "abroad": (abroad(scope), ("ends", "pk")),
        "institutions": (unverified(scope), ("-pk",)),
        "agreements": (expiring_agreements(scope.user, set(scope.shown)), ("valid_until", "pk")),
    }
    counts = _counts({name: rows for name, (rows, _order) in lists.items() if name in scope.tabs})
    if side and scope.acts:
        counts["decide"] = to_decide(scope).count()
    rows, order = lists[tab]
    page = keyset_page(rows, order, cursor=cursor, size=PAGE_SIZE)
    today = timezone.now().date()
    appointments = list(acting(scope.shown))
    return Desk(
        scope=scope,
        tab=tab,
        counts=counts,
        page=page,
        rows=[row_of(item, scope) for item in page.items] if tab in {"decide", "others", "abroad"} else [],
        people=appointments,
        ahead=list(deputies_ahead(scope.shown, today)),
        expiring=list(expiring_agreements(scope.user, set(scope.shown))[:SOON_SHOWN]) if counts["agreements"] else [],
        unverified=list(unverified(scope).order_by("-pk")[:SOON_SHOWN]) if counts["institutions"] else [],
    )


def _counts(lists: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """The length of each list, in one query."""
    first, *others = (
        rows.order_by().select_related(None).prefetch_related(None).annotate(tab=Value(name)).values("tab")
        .annotate(n=Count("pk", distinct=True)).values_list("tab", "n")
        for name, rows in lists.items()
    )  # fmt: skip
    return dict.fromkeys(lists, 0) | dict(first.union(*others, all=True))


def to_decide(scope: DeskScope, side: str = "") -> QuerySet[Approval]:
    """Open approvals of the countries shown; with `side`, only where the country is on that side."""
    rows = Approval.objects.filter(country__in=scope.shown, state=ApprovalState.WAITING, placement__state=PlacementState.PENDING)
    if side == "sending":
        rows = rows.filter(placement__sending_country__in=scope.shown)
    if side == "host":
        rows = rows.filter(placement__host_country__in=scope.shown)
    found: QuerySet[Approval] = rows.prefetch_related(Prefetch("placement", with_parts(Placement.objects.all())))
    return found


def undecided_elsewhere(scope: DeskScope) -> QuerySet[Placement]:
    """Undecided placements of these countries that another country must decide or that are being revised; for the secretariat all undecided ones."""
    if not scope.acts:
        return with_parts(_of(scope).filter(state__in=UNDECIDED))
    mine = Approval.objects.filter(country__in=scope.shown, state=ApprovalState.WAITING, placement__state=PlacementState.PENDING)
    return with_parts(_of(scope).filter(state__in=UNDECIDED).exclude(pk__in=mine.values("placement")))


def abroad(scope: DeskScope) -> QuerySet[Placement]:
    """Confirmed stays in progress today, sent from these countries or hosted in them."""
    today = timezone.now().date()
    return with_parts(_of(scope).filter(state=PlacementState.CONFIRMED, starts__lte=today, ends__gte=today))


def undecided(scope: DeskScope) -> QuerySet[Placement]:
    """All undecided placements of these countries."""
    return with_parts(_of(scope).filter(state__in=UNDECIDED).order_by("state_since", "pk"))


def unverified(scope: DeskScope) -> QuerySet[Institution]:
    """Institutions of these countries that are not verified yet; for the secretariat those with an owner, who waits for it."""
    found: QuerySet[Institution] = Institution.objects.visible_to(scope.user).filter(
        country__in=scope.shown, state=InstitutionState.UNVERIFIED
    )
    owned = Membership.objects.filter(institution=OuterRef("pk"), role=Role.OWNER)
    return found if scope.acts else found.filter(Exists(owned))


def deputies_ahead(countries: Iterable[str], today: datetime.date) -> QuerySet[CoordinatorAppointment]:
    """Deputies whose appointment begins within DEPUTIES_AHEAD_DAYS."""
    soon = today + datetime.timedelta(days=DEPUTIES_AHEAD_DAYS)
    rows = CoordinatorAppointment.objects.filter(country__in=countries, starts__gt=today, starts__lte=soon, user__is_active=True)
    return rows.select_related("user", "deputy_of__user").order_by("starts", "pk")


def row_of(item: Any, scope: DeskScope) -> Row:
    """The row for an item of any of the lists of placements."""
    placement: Placement = item.placement if isinstance(item, Approval) else item
    decisions = country_decisions_of(placement, scope.user)
    shown = [decision for decision in decisions if decision.approval.country in scope.shown]
    if isinstance(item, Approval):
        mine: CountryDecision | None = next(decision for decision in decisions if decision.approval.pk == item.pk)
    else:
        mine = shown[0] if shown and scope.acts else None
    return Row(
        placement, mine, [decision for decision in decisions if decision is not mine], covering_agreement_of(placement, scope.user)
    )


def _of(scope: DeskScope) -> QuerySet[Placement]:
    found: QuerySet[Placement] = Placement.objects.visible_to(scope.user).filter(
        Q(sending_country__in=scope.shown) | Q(host_country__in=scope.shown)
    )
    return found


def side_choices() -> Sequence[tuple[str, str]]:
    """The filter by direction (sending, hosting), as chips."""
    return [
        ("", pgettext("option; filter", "All")),
        ("sending", pgettext("placements; filter of a coordinator's desk", "Sent abroad")),
        ("host", pgettext("placements; filter of a coordinator's desk", "Hosted here")),
    ]


def queue_table(scope: DeskScope) -> list[list[str]]:
    """Everything undecided as rows of a table for download, headings first."""
    return [_queue_head(), *(_queue_line(row_of(placement, scope)) for placement in undecided(scope))]


def _queue_head() -> list[str]:
    return [
        _("Reference"),
        _("Expert"),
        _("In Latin letters"),
        _("Sending country"),
        _("Host country"),
        _("Host institution"),
        _("Programme"),
        pgettext("column; first day of a stay", "From"),
        pgettext("column; last day of a stay", "To"),
        _("Status"),
        _("Decisions of the countries"),
        _("Decide by"),
        _("Days waiting"),
        _("Agreement"),
    ]


def _queue_line(row: Row) -> list[str]:
    placement = row.placement
    decisions = [decision for decision in (row.mine, *row.others) if decision is not None]
    awaited = [decision for decision in decisions if decision.due_status is not None]
    first = min(awaited, key=lambda decision: decision.approval.due_on, default=None)
    return [
        placement.reference,
        placement.expert.shown_name,
        placement.expert.latin_name,
        str(Country(placement.sending_country).label),
        str(Country(placement.host_country).label),
        str(placement.program.institution.name),
        str(placement.program.title),
        placement.starts.isoformat(),
        placement.ends.isoformat(),
        str(placement.get_state_display()),
        "; ".join(f"{Country(decision.approval.country).label}: {decision.approval.state_text}" for decision in decisions),
        first.approval.due_on.isoformat() if first else "",
        str(first.due_status.days) if first and first.due_status else "",
        row.covering.agreement.reference if row.covering else "",
    ]
