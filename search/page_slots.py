"""Page slots: what this app shows on pages of the apps below it."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from exchange.core.page_slots import page_slots
from importing.models import ExpertImport
from programs.domain.listing import ANY_TIME
from search.domain.backlog import imported_people_found_at
from search.domain.exporting import can_export
from search.domain.params import read_params


@page_slots.register("list.table")
def list_as_table(request: HttpRequest, type: str) -> str:  # noqa: A002 -- the name in the address
    """For those who may export: the rows of a list, with its filters, as a file. The list of programmes shows open ones unless told otherwise."""
    if not can_export(request.user):
        return ""
    asked = request.GET.copy()
    asked["type"] = type
    if type == "programs" and asked.get("open") != ANY_TIME:
        asked["open"] = "now"
    return render_to_string("search/_exports.html", {"address": read_params(asked).address, "of": ""}, request)


@page_slots.register("import.done")
def not_found_yet(request: HttpRequest, job: ExpertImport) -> str:
    """Until about when the search does not find all people of an import."""
    found_at = imported_people_found_at(job.state_since)
    return render_to_string("search/_import_backlog.html", {"job": job, "found_at": found_at}, request) if found_at else ""
