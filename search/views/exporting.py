"""/search/export.csv and .xlsx: the results of a search as a table."""

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from accounts.requests import AuthedRequest
from exchange.core.access import require
from exchange.core.sheets import sheet_stream
from search.domain.asking import read_address
from search.domain.exporting import can_export, export_rows


@require_safe
def search_export(request: AuthedRequest, kind: str) -> HttpResponseBase:
    """The results of the address as a file, as far as this reader sees them."""
    asked = read_address(request.GET)
    if not asked.kind:
        raise Http404
    require(can_export(request.user), _("Tables of results are for coordinators and for teams of verified institutions."))
    title = pgettext("name of a sheet", "Search")
    return sheet_stream(export_rows(request.user, asked), kind=kind, name=f"miras-{asked.type}", title=title)
