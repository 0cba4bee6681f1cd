"""The host's table of applications: filters from the address, sorting, one page, and the counts beside it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.translation import pgettext

from accounts.access import access_of
from accounts.models import User
from applications.models import Application, Review
from applications.rules import DISAGREEMENT, SCORING_ROLES, disagree
from applications.states import REVIEWED, ApplicationState
from exchange.core.countries import Country
from exchange.core.paging import Page, keyset_page
from institutions.domain.queries import team_ids
from programs.domain.seats import seat_plan
from programs.models import Program
from programs.rules import places_left

PAGE_SIZE = 50
S = ApplicationState
ORDERS = {
    "mean": ("-mean_key", "id"),
    "-mean": ("mean_key", "id"),
    "name": ("expert__sort_name", "id"),
    "-name": ("-expert__sort_name", "id"),
    "submitted": ("submitted_at", "id"),
    "-submitted": ("-submitted_at", "id"),
}
HOST_TONES = {
    S.SUBMITTED: "info",
    S.SHORTLISTED: "info",
    S.WAITLISTED: "warning",
    S.OFFERED: "warning",
    S.ACCEPTED: "success",
    S.DECLINED: "danger",
    S.EXPIRED: "danger",
    S.REJECTED: "danger",
    S.RELEASED: "danger",
}
MEAN_ORDERS = frozenset({"mean", "-mean"})
STATE_FILTERS = (S.SUBMITTED, S.SHORTLISTED, S.WAITLISTED, S.OFFERED, S.ACCEPTED, S.REJECTED)
ENDED = (S.DECLINED, S.EXPIRED, S.WITHDRAWN, S.RELEASED)


@dataclass
class Row:
    """One application as this reader may see it: a reviewer sees the scores of others only after giving their own."""

    application: Application
    scores_shown: bool
    means: list[Decimal] = field(default_factory=list)
    mine: Review | None = None
    position: int = 0

    @property
    def split(self) -> bool:
        return disagree(self.means)

    @property
    def tone(self) -> str:
        return HOST_TONES.get(ApplicationState(self.application.state), "")


@dataclass(frozen=True)
class Table:
    """The table as the page shows it."""

    page: Page[Application]
    rows: list[Row]
    total: int
    order: str
    shows: list[tuple[str, str, int]]
    countries: list[tuple[str, str, int]]
    decides: bool

    @property
    def all(self) -> int:
        """How many there are without the filter by state."""
        return self.shows[0][2]

    @property
    def country_options(self) -> list[tuple[str, str, int | None]]:
        """Options of the country filter: all countries, then each."""
        return [("", pgettext("countries, filter", "All countries"), None), *self.countries]

    @property
    def applied(self) -> list[tuple[str, int]]:
        """Rows of the bar chart: applications by country, most first."""
        return sorted(((label, count) for _code, label, count in self.countries), key=lambda row: -row[1])


def decides_for(program: Program, user: User) -> bool:
    """Whether this person decides for the host, and so sees every score at once."""
    return program.institution_id in access_of(user).edited_institutions


def hosted_rows(program: Program, user: User) -> "QuerySet[Application]":
    """The programme's applications this person reads, with what filters and orders need."""
    spread = (
        Review.objects.filter(application=OuterRef("pk"))
        .order_by()
        .values("application")
        .annotate(spread=Max("mean") - Min("mean"))
        .values("spread")
    )
    own = Review.objects.filter(application=OuterRef("pk"), reviewer=user)
    rows: QuerySet[Application] = Application.objects.hosted_by(user).filter(program=program)
    return rows.annotate(
        mean_key=Coalesce(F("mean_score"), Value(Decimal(0)), output_field=DecimalField(max_digits=4, decimal_places=2)),
        spread=Subquery(spread),
        reviewed_by_me=Exists(own),
    )


def conditions(*, decides: bool) -> dict[str, Q]:
    """The filters of the `show` parameter. Reviewers cannot filter by the spread of scores: it would reveal the scores of others."""
    known = {"": Q(), "review": Q(state__in=REVIEWED, reviewed_by_me=False)}
    if decides:
        known["split"] = Q(spread__gte=DISAGREEMENT)
    known |= {str(state): Q(state=state) for state in STATE_FILTERS}
    known["ended"] = Q(state__in=ENDED)
    return known


def list_applications(program: Program, user: User, params: QueryDict, *, size: int = PAGE_SIZE) -> Table:
    """One page in a constant number of queries. Raises DomainError (400) on a foreign cursor."""
    decides = decides_for(program, user)
    known = conditions(decides=decides)
    show = params.get("show", "")
    show = show if show in known else ""
    country = params.get("country", "")
    country = country if country in Country.values else ""
    order = chosen_order(params, decides=decides)
    base = hosted_rows(program, user)
    here = base.filter(country=country) if country else base
    counts = here.aggregate(**{f"n_{name or 'all'}": Count("pk", filter=condition) for name, condition in known.items()})
    found = here.filter(known[show])
    page = keyset_page(slim(found), ORDERS[order], cursor=params.get("cursor"), size=size)
    by_country = dict(base.filter(known[show]).order_by().values_list("country").annotate(Count("pk")))
    return Table(
        page=page,
        rows=rows_of(page.items, user, decides=decides),
        total=counts[f"n_{show or 'all'}"],
        order=order,
        shows=[
            (name, label, counts[f"n_{name or 'all'}"])
            for name, label in show_labels(decides=decides)
            if name == show or counts[f"n_{name or 'all'}"] or not name
        ],
        countries=[
            (code, str(Country(code).label), by_country.get(code, 0))
            for code in Country.values
            if code in by_country or code == country
        ],
        decides=decides,
    )


def slim(rows: "QuerySet[Application]") -> "QuerySet[Application]":
    """Defer the long texts and load what a row shows."""
    return rows.select_related("expert", "program").defer("statement", "answers", "snapshot").prefetch_related("reviews")


def chosen_order(params: QueryDict, *, decides: bool) -> str:
    """The order in `params` if it is a known one; a reviewer's list is never ordered by the scores of others."""
    order = params.get("sort", "")
    known = set(ORDERS) if decides else set(ORDERS) - MEAN_ORDERS
    if order in known:
        return order
    return "mean" if decides else "submitted"


def show_labels(*, decides: bool) -> list[tuple[str, str]]:
    labels = [
        ("", pgettext("applications, filter", "All")),
        ("review", pgettext("applications, filter", "Needs my review")),
        ("split", pgettext("applications, filter", "Disagreement")),
        (str(S.SUBMITTED), pgettext("applications, filter", "Not decided")),
        (str(S.SHORTLISTED), pgettext("applications, filter", "Shortlist")),
        (str(S.WAITLISTED), pgettext("applications, filter", "Waitlist")),
        (str(S.OFFERED), pgettext("applications, filter", "Offered")),
        (str(S.ACCEPTED), pgettext("applications, filter", "Accepted")),
        (str(S.REJECTED), pgettext("applications, filter", "Rejected")),
        ("ended", pgettext("applications, filter", "Ended otherwise")),
    ]
    return [(name, label) for name, label in labels if decides or name != "split"]


def rows_of(applications: Iterable[Application], user: User, *, decides: bool) -> list[Row]:
    """Rows with the scores this reader may see; reviews were prefetched."""
    rows = []
    for application in applications:
        reviews = list(application.reviews.all())
        mine = next((review for review in reviews if review.reviewer_id == user.pk), None)
        shown = decides or mine is not None
        rows.append(Row(application, shown, [review.mean for review in reviews] if shown else [], mine))
    _number_waitlist(rows)
    return rows


def _number_waitlist(rows: list[Row]) -> None:
    """Set the positions on the waitlist, counted once for all rows."""
    waiting = [row for row in rows if row.application.state == S.WAITLISTED]
    if not rows:
        return
    line = list(
        Application.objects.filter(program_id=rows[0].application.program_id, state=S.WAITLISTED)
        .order_by("waitlisted_at", "pk")
        .values_list("pk", flat=True)
    )
    for row in waiting:
        row.position = line.index(row.application.pk) + 1 if row.application.pk in line else 0


# ---- beside the table -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CountryPlaces:
    """A country's places: how many it may take, offers open, offers accepted, left, and how many applied."""

    country: str
    most: int
    offered: int
    accepted: int
    left: int
    applied: int

    @property
    def taken(self) -> int:
        return self.offered + self.accepted

    @property
    def share(self) -> float:
        return self.taken / self.most if self.most else 0.0

    @property
    def note(self) -> str:
        """The text beside the bar: "1 of 2, offered: 1"."""
        values = {"taken": self.taken, "most": self.most, "offered": self.offered}
        if self.offered:
            return pgettext("places of a country", "%(taken)s of %(most)s, offered: %(offered)s") % values
        return pgettext("places of a country", "%(taken)s of %(most)s") % values

    @property
    def tone(self) -> str:
        return "warning" if self.offered else ""


def places_by_country(program: Program) -> list[CountryPlaces]:
    """The table of places, one row for each eligible country (and any other that holds one). Two queries."""
    counted: dict[str, dict[str, int]] = {}
    rows = Application.objects.filter(program=program, submitted_at__isnull=False).exclude(state=S.DRAFT).order_by()
    for country, state, number in rows.values_list("country", "state").annotate(Count("pk")):
        counted.setdefault(country, {})[state] = number
    quotas = seat_plan(program)
    taken = {country: states.get(S.OFFERED, 0) + states.get(S.ACCEPTED, 0) for country, states in counted.items()}
    codes = [code for code in Country.values if code in program.eligible_countries or taken.get(code)]
    return [
        CountryPlaces(
            country=code,
            most=_most(program, quotas.get(code)),
            offered=counted.get(code, {}).get(S.OFFERED, 0),
            accepted=counted.get(code, {}).get(S.ACCEPTED, 0),
            left=places_left(code, seats=program.seats, taken=taken, quotas=quotas),
            applied=sum(counted.get(code, {}).values()),
        )
        for code in codes
    ]


def _most(program: Program, quota: Any) -> int:
    return min(program.seats, quota.most) if quota is not None and quota.most is not None else program.seats


@dataclass(frozen=True)
class ReviewerLoad:
    """How many reviews one member of the team has written."""

    name: str
    done: int
    of: int

    @property
    def share(self) -> float:
        return self.done / self.of if self.of else 0.0

    @property
    def note(self) -> str:
        return f"{self.done} / {self.of}"


def reviewer_loads(program: Program) -> list[ReviewerLoad]:
    """Reviews written by each member of the host's team, of those to be reviewed. Three queries."""
    ids = team_ids(program.institution_id, SCORING_ROLES)
    done = dict(Review.objects.filter(application__program=program).order_by().values_list("reviewer").annotate(Count("pk")))
    waiting = Application.objects.filter(program=program, state__in=REVIEWED).count()
    of = max([waiting, *done.values()], default=0)
    names = User.objects.filter(pk__in={*ids, *done}).order_by("name", "pk")
    return [ReviewerLoad(user.get_full_name(), done.get(user.pk, 0), of) for user in names]
