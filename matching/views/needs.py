"""Needs of an institution: the list, one with the people proposed for it, its form, and the draft made of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import AuthedRequest
from exchange.core.access import require
from exchange.core.errors import DomainError
from exchange.core.rendering import render_page
from institutions.models import Institution
from matching.domain.explanation import explain
from matching.domain.listing import list_people_for_need
from matching.domain.needs import change_need, create_need, delete_need, draft_from_need
from matching.forms import NeedForm
from matching.models import Need
from programs.rules import may_edit

EDIT = require_http_methods(["GET", "HEAD", "POST"])


def load_institution(request: HttpRequest, slug: str) -> Institution:
    """The institution, for its editors: 404 when it is not visible to them, 403 for everybody else."""
    institution: Institution = get_object_or_404(Institution.objects.visible_to(request.user), slug=slug)
    require(may_edit(request.user, institution.pk), _("Only owners and editors of the institution can describe whom it seeks."))
    return institution


def _need(request: AuthedRequest, pk: int) -> Need:
    rows = Need.objects.visible_to(request.user).select_related("institution", "program").prefetch_related("concepts", "languages")
    found: Need = get_object_or_404(rows, pk=pk)
    return found


@require_safe
def needs(request: AuthedRequest, slug: str) -> HttpResponse:
    institution = load_institution(request, slug)
    rows = Need.objects.visible_to(request.user).filter(institution=institution).select_related("program").order_by("-pk")
    return render_page(request, "matching/needs.html", {"institution": institution, "needs": rows})


@EDIT
def need_new(request: AuthedRequest, slug: str) -> HttpResponse:
    institution = load_institution(request, slug)
    form = NeedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            need = create_need(institution, form.facts(), by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved. People are proposed within moments."))
            return redirect(need)
    context = {"institution": institution, "form": form}
    return render_page(request, "matching/need_form.html", context, status=422 if form.errors else 200)


@require_safe
def need(request: AuthedRequest, pk: int) -> HttpResponse:
    """A need, and the people proposed for it."""
    found = _need(request, pk)
    listing = list_people_for_need(found, request.user, request.GET)
    context = {
        "need": found,
        "listing": listing,
        "people": [explain(match, for_host=True) for match in listing.page.items],
        "eligible_options": [("", pgettext("people to show", "Eligible")), ("all", pgettext("people to show", "All"))],
    }
    return render_page(request, "matching/need.html", context)


@EDIT
def need_edit(request: AuthedRequest, pk: int) -> HttpResponse:
    found = _need(request, pk)
    form = NeedForm(request.POST or None, need=found)
    if request.method == "POST" and form.is_valid():
        try:
            change_need(found, form.facts(), by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved. People are proposed within moments."))
            return redirect(found)
    context = {"institution": found.institution, "need": found, "form": form}
    return render_page(request, "matching/need_form.html", context, status=422 if form.errors else 200)


@require_POST
def need_delete(request: AuthedRequest, pk: int) -> HttpResponse:
    found = _need(request, pk)
    delete_need(found, by=request.user)
    messages.success(request, _("The need is deleted."))
    return redirect("needs", found.institution.slug)


@require_POST
def need_draft(request: AuthedRequest, pk: int) -> HttpResponse:
    """Make a programme draft of it, or go to the one that was made."""
    program = draft_from_need(_need(request, pk), by=request.user)
    messages.success(request, _("The draft is saved. Only your team sees it until you publish it."))
    return redirect("program_edit", program.slug)
