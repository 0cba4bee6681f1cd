"""Page slots: what this app shows on pages of the apps below it."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from exchange.core.page_slots import page_slots
from institutions.models import Institution
from programs.domain.drafts import posting_blocked_reason
from programs.domain.queries import programs_of
from programs.rules import may_edit


@page_slots.register("institution.main", order=20)
def institution_programs(request: HttpRequest, institution: Institution) -> str:
    """The programmes of a host; its team sees drafts and a link to create one."""
    editor = may_edit(request.user, institution.pk)
    programs = programs_of(institution, request.user)
    if not programs and not editor:
        return ""
    context = {
        "institution": institution,
        "programs": programs,
        "editor": editor,
        "blocked_reason": posting_blocked_reason(institution) if editor else None,
    }
    return render_to_string("programs/_of_institution.html", context, request=request)
