"""Export of the host's table of applications: the rows of the page with their texts, under the same filters and visibility."""

from collections.abc import Iterator

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from applications.domain.tables import ORDERS, Row, chosen_order, conditions, decides_for, hosted_rows, rows_of
from exchange.core.countries import Country
from programs.domain.answers import display_answers
from programs.models import Program

Cells = list[str]


def table_rows(program: Program, user: User, params: QueryDict) -> Iterator[Cells]:
    """A row of headings, then a row for each application that matches the filters in `params` and that this user may read."""
    decides = decides_for(program, user)
    known = conditions(decides=decides)
    found = hosted_rows(program, user).filter(known.get(params.get("show", ""), known[""]))
    if params.get("country", "") in Country.values:
        found = found.filter(country=params["country"])
    found = found.order_by(*ORDERS[chosen_order(params, decides=decides)]).select_related("expert").prefetch_related("reviews")
    questions = [question for question, _text in display_answers(program, {})]
    yield [*_head(), *(str(question.label) for question in questions)]
    for row in rows_of(found, user, decides=decides):
        answers = [text for _question, text in display_answers(program, row.application.answers)]
        yield [*_cells(row), *answers]


def _head() -> Cells:
    return [
        _("Applicant"),
        _("In Latin letters"),
        _("Country"),
        _("Status"),
        _("Submitted"),
        _("Reviews"),
        _("Average"),
        pgettext("column of a table", "Lowest"),
        pgettext("column of a table", "Highest"),
        _("My score"),
        _("Statement"),
    ]


def _cells(row: Row) -> Cells:
    application = row.application
    submitted = timezone.localtime(application.submitted_at) if application.submitted_at else None
    return [
        application.expert.shown_name,
        application.expert.latin_name,
        str(Country(application.country).label),
        str(application.get_state_display()),
        submitted.strftime("%Y-%m-%d %H:%M") if submitted else "",
        str(application.review_count),
        str(application.mean_score) if row.scores_shown and application.mean_score is not None else "",
        str(min(row.means)) if row.means else "",
        str(max(row.means)) if row.means else "",
        str(row.mine.mean) if row.mine else "",
        application.statement,
    ]
