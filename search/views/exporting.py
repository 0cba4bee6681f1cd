"""/search/export.csv and .xlsx: the results of a search as a table."""

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from accounts.requests import AuthedRequest
from exchange.core.access import require
from exchange.core.errors import DomainError
from exchange.core.spreadsheets import sheet_stream
from search.domain.exporting import can_export, export_rows
from search.domain.params import read_params


@require_safe
def search_export(request: AuthedRequest, kind: str) -> HttpResponseBase:
    """The results of the address as a file, as far as this reader sees them. Refuses an address without a type: a table has rows of one kind."""
    search_params = read_params(request.GET)
    require(can_export(request.user), _("Tables of results are for coordinators and for teams of verified institutions."))
    if not search_params.kind:
        raise DomainError(_("Choose experts, programmes or institutions: a table has rows of one kind."), code="no-type")
    title = pgettext("name of a sheet", "Search")
    return sheet_stream(export_rows(request.user, search_params), kind=kind, name=f"miras-{search_params.type}", title=title)
