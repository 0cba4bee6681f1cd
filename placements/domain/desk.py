"""The coordinator's desk: what waits for a country, what waits for others, who is away, whom to verify, which agreements end."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from exchange.core.countries import Country
from exchange.core.paging import Page, keyset_page
from partnerships.domain.queries import expiring_agreements
from placements.domain.queries import Cover, Word, acting, cover_of, with_parts, words_of
from placements.models import Approval, Placement
from placements.states import UNDECIDED, ApprovalState, PlacementState
from profiles.models import CoordinatorAppointment, Institution, User
from profiles.standing import standing_of
from profiles.states import InstitutionState

TABS = ("decide", "others", "abroad", "institutions", "agreements")
PAGE_SIZE = 25
SOON_SHOWN = 3
DEPUTIES_AHEAD_DAYS = 60


@dataclass(frozen=True)
class Ground:
    """For which countries the desk is read, and by whom: those this coordinator acts for, or all for the secretariat."""

    user: User
    all: tuple[str, ...]
    """What the reader may choose from."""
    shown: tuple[str, ...]
    """What is shown: one country, or all of them."""
    acts: bool
    """Whether the reader decides here; the secretariat only looks."""

    @property
    def country(self) -> str:
        """The one country shown, or an empty string for several."""
        return self.shown[0] if len(self.shown) == 1 else ""


def ground_of(user: User, country: str = "") -> Ground | None:
    """The ground of this reader's desk, narrowed to a country that is theirs; None for those who have no desk."""
    standing = standing_of(user)
    mine = standing.countries or (frozenset(Country.values) if standing.secretariat else frozenset())
    if not mine:
        return None
    every = tuple(code for code in Country.values if code in mine)
    return Ground(user, every, (country,) if country in mine else every, acts=bool(standing.countries))


@dataclass(frozen=True)
class Row:
    """One placement on the desk."""

    placement: Placement
    mine: Word | None
    """The word of a country shown; the one that is waited for before the others."""
    others: list[Word]
    cover: Cover | None


@dataclass(frozen=True)
class Desk:
    """The desk with one tab open."""

    ground: Ground
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
        """As the component draws them."""
        names = {
            "decide": pgettext("tab of a coordinator's desk", "To decide"),
            "others": pgettext("tab of a coordinator's desk", "Waiting for others"),
            "abroad": pgettext("tab of a coordinator's desk", "Abroad now"),
            "institutions": pgettext("tab of a coordinator's desk", "Institutions"),
            "agreements": pgettext("tab of a coordinator's desk", "Agreements"),
        }
        chosen = f"&country={self.ground.country}" if len(self.ground.all) > 1 and self.ground.country else ""
        return [
            {"label": names[tab], "url": f"?tab={tab}{chosen}", "count": self.counts[tab], "current": tab == self.tab}
            for tab in TABS
        ]


def read_desk(ground: Ground, *, tab: str = "", side: str = "", cursor: str | None = None) -> Desk:
    """The whole desk. The number of queries depends on the tab, never on the rows."""
    tab = tab if tab in TABS else TABS[0]
    lists = {
        "decide": (to_decide(ground, side), ("due_on", "pk")),
        "others": (waiting_for_others(ground), ("state_since", "pk")),
        "abroad": (abroad(ground), ("ends", "pk")),
        "institutions": (unverified(ground), ("-pk",)),
        "agreements": (expiring_agreements(ground.user, set(ground.shown)), ("valid_until", "pk")),
    }
    counts = _counts({name: rows for name, (rows, _order) in lists.items()})
    if side:
        counts["decide"] = to_decide(ground).count()
    rows, order = lists[tab]
    page = keyset_page(rows, order, cursor=cursor, size=PAGE_SIZE)
    today = timezone.now().date()
    appointments = list(acting(ground.shown))
    return Desk(
        ground=ground,
        tab=tab,
        counts=counts,
        page=page,
        rows=[row_of(item, ground) for item in page.items] if tab in {"decide", "others", "abroad"} else [],
        people=appointments,
        ahead=list(deputies_ahead(ground.shown, today)),
        expiring=list(expiring_agreements(ground.user, set(ground.shown))[:SOON_SHOWN]) if counts["agreements"] else [],
        unverified=list(unverified(ground).order_by("-pk")[:SOON_SHOWN]) if counts["institutions"] else [],
    )


def _counts(lists: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """How long each list is, by one query for all."""
    first, *others = (
        rows.order_by().select_related(None).prefetch_related(None).annotate(tab=Value(name)).values("tab")
        .annotate(n=Count("pk", distinct=True)).values_list("tab", "n")
        for name, rows in lists.items()
    )  # fmt: skip
    return dict.fromkeys(lists, 0) | dict(first.union(*others, all=True))


def to_decide(ground: Ground, side: str = "") -> QuerySet[Approval]:
    """Words of the countries shown that are waited for; sent from there or hosted there only, when a side is named."""
    rows = Approval.objects.filter(country__in=ground.shown, state=ApprovalState.WAITING, placement__state=PlacementState.PENDING)
    if side == "sending":
        rows = rows.filter(placement__sending_country__in=ground.shown)
    if side == "host":
        rows = rows.filter(placement__host_country__in=ground.shown)
    found: QuerySet[Approval] = rows.prefetch_related(Prefetch("placement", with_parts(Placement.objects.all())))
    return found


def waiting_for_others(ground: Ground) -> QuerySet[Placement]:
    """Placements of these countries that are not settled and wait for somebody else: another country, or a revision."""
    mine = Approval.objects.filter(country__in=ground.shown, state=ApprovalState.WAITING, placement__state=PlacementState.PENDING)
    return with_parts(_of(ground).filter(state__in=UNDECIDED).exclude(pk__in=mine.values("placement")))


def abroad(ground: Ground) -> QuerySet[Placement]:
    """Confirmed stays that go on today, sent from these countries or hosted in them."""
    today = timezone.now().date()
    return with_parts(_of(ground).filter(state=PlacementState.CONFIRMED, starts__lte=today, ends__gte=today))


def undecided(ground: Ground) -> QuerySet[Placement]:
    """Everything of these countries that is not settled."""
    return with_parts(_of(ground).filter(state__in=UNDECIDED).order_by("state_since", "pk"))


def unverified(ground: Ground) -> QuerySet[Institution]:
    """Institutions of these countries that nobody has vouched for yet."""
    found: QuerySet[Institution] = Institution.objects.visible_to(ground.user).filter(
        country__in=ground.shown, state=InstitutionState.UNVERIFIED
    )
    return found


def deputies_ahead(countries: Iterable[str], today: datetime.date) -> QuerySet[CoordinatorAppointment]:
    """Deputies whose days begin soon."""
    soon = today + datetime.timedelta(days=DEPUTIES_AHEAD_DAYS)
    rows = CoordinatorAppointment.objects.filter(country__in=countries, starts__gt=today, starts__lte=soon, user__is_active=True)
    return rows.select_related("user", "deputy_of__user").order_by("starts", "pk")


def row_of(item: Any, ground: Ground) -> Row:
    """A row of any of the lists of placements."""
    placement: Placement = item.placement if isinstance(item, Approval) else item
    words = words_of(placement, ground.user)
    shown = [word for word in words if word.approval.country in ground.shown]
    if isinstance(item, Approval):
        mine: Word | None = next(word for word in words if word.approval.pk == item.pk)
    else:
        mine = shown[0] if shown else None
    return Row(placement, mine, [word for word in words if word is not mine], cover_of(placement, ground.user))


def _of(ground: Ground) -> QuerySet[Placement]:
    found: QuerySet[Placement] = Placement.objects.visible_to(ground.user).filter(
        Q(sending_country__in=ground.shown) | Q(host_country__in=ground.shown)
    )
    return found


def side_choices() -> Sequence[tuple[str, str]]:
    """Which way, as chips."""
    return [
        ("", pgettext("option; filter", "All")),
        ("sending", pgettext("placements; filter of a coordinator's desk", "Sent abroad")),
        ("host", pgettext("placements; filter of a coordinator's desk", "Hosted here")),
    ]


def queue_table(ground: Ground) -> list[list[str]]:
    """Everything undecided as a table to take away, head first."""
    return [_queue_head(), *(_queue_line(row_of(placement, ground)) for placement in undecided(ground))]


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
        _("Where it stands"),
        _("What the countries say"),
        _("Decide by"),
        _("Days waited"),
        _("Agreement"),
    ]


def _queue_line(row: Row) -> list[str]:
    placement = row.placement
    words = [word for word in (row.mine, *row.others) if word is not None]
    waits = [word for word in words if word.clock is not None]
    first = min(waits, key=lambda word: word.approval.due_on, default=None)
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
        "; ".join(f"{Country(word.approval.country).label}: {word.approval.said}" for word in words),
        first.approval.due_on.isoformat() if first else "",
        str(first.clock.days) if first and first.clock else "",
        row.cover.agreement.reference if row.cover else "",
    ]
