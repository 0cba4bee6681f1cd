"""/programs/<slug>/ask/: a question to the host before applying."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import access_of
from accounts.requests import AuthedRequest
from accounts.states import EDITING_ROLES
from exchange.core.access import require
from exchange.core.errors import DomainError
from exchange.core.rendering import render_page
from institutions.domain.queries import team_ids
from programs.domain.inquiries import ask_host, inquiry_about
from programs.forms.inquiries import InquiryForm
from programs.models import Program


@require_http_methods(["GET", "HEAD", "POST"])
def program_ask(request: AuthedRequest, slug: str) -> HttpResponse:
    """Ask, or go on with the conversation that this person has about the programme."""
    program = get_object_or_404(Program.objects.visible_to(request.user).select_related("institution"), slug=slug)
    require(program.institution_id not in access_of(request.user).institutions, _("You are in the team of this host."))
    if request.method != "POST" and (known := inquiry_about(program, request.user)):
        return redirect(f"{known.thread.get_absolute_url()}#last")
    form = InquiryForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                inquiry = ask_host(
                    program, by=request.user, words=form.cleaned_data["words"], client_id=form.cleaned_data["client_id"]
                )
            except DomainError as error:
                form.add_error(None, str(error))
                status = error.status
            else:
                return redirect(f"{inquiry.thread.get_absolute_url()}#last")
        status = status if status >= 400 else 422
    context = {"program": program, "form": form, "readers": len(team_ids(program.institution_id, EDITING_ROLES))}
    return render_page(request, "programs/ask.html", context, status=status)
