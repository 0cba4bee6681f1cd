"""Page slots: what this app shows on pages of the apps below it."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from exchange.core.page_slots import page_slots
from importing.models import ExpertImport
from search.domain.backlog import imported_people_found_at


@page_slots.register("import.done")
def not_found_yet(request: HttpRequest, job: ExpertImport) -> str:
    """Until about when the search does not find all people of an import."""
    found_at = imported_people_found_at(job.state_since)
    return render_to_string("search/_import_backlog.html", {"job": job, "found_at": found_at}, request) if found_at else ""
