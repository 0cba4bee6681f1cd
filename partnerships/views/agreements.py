"""The register of agreements: list, page, signed copy, form."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import access_of
from accounts.models import User
from accounts.requests import AuthedRequest
from exchange.core.access import require
from exchange.core.errors import DomainError
from exchange.core.files import send_file
from exchange.core.paging import capped_count, keyset_page
from exchange.core.rendering import render_page
from institutions.domain.roles import current_role
from partnerships.domain import queries
from partnerships.domain.agreements import create_agreement, edit_agreement
from partnerships.forms import AgreementForm
from partnerships.models import Agreement
from partnerships.rules import Validity, can_create_agreement, can_edit_agreement

ORDER = ("-valid_from", "-pk")


@require_GET
def agreement_list(request: AuthedRequest) -> HttpResponse:
    """The visible agreements, filtered by validity and country."""
    filters = queries.AgreementFilters.read(request.GET)
    rows = queries.agreements_for(request.user, filters)
    context = {
        "page": keyset_page(rows, ORDER, cursor=request.GET.get("cursor")),
        "total": capped_count(rows),
        "filters": filters,
        "states": state_choices(),
        "countries": country_choices(request.user),
        "may_create": can_create_agreement(request.user),
    }
    return render_page(request, "partnerships/agreements.html", context, fragment="rows")


@require_GET
def agreement_page(request: AuthedRequest, pk: int) -> HttpResponse:
    """One agreement: parties, dates, signed copy, history."""
    agreement = _find(request, pk)
    context = {
        "agreement": agreement,
        "history": queries.agreement_history(agreement),
        "may_edit": can_edit_agreement(request.user, agreement),
    }
    return render_page(request, "partnerships/agreement.html", context)


@require_GET
def agreement_scan(request: AuthedRequest, pk: int) -> FileResponse:
    """The signed copy, for those who may see the agreement."""
    agreement = _find(request, pk)
    if not agreement.scan:
        raise Http404
    ending = (agreement.scan.name or "").rpartition(".")[2]
    return send_file(agreement.scan, name=f"{agreement.reference.replace('/', '-')}.{ending}")


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_create(request: AuthedRequest) -> HttpResponse:
    require(can_create_agreement(request.user))
    form = AgreementForm(request.POST or None, request.FILES or None, initial={"first": own_institution(request)})
    if request.method == "POST" and form.is_valid():
        agreement = form.save(commit=False)
        agreement.scan = form.cleaned_data["scan"] or ""
        try:
            create_agreement(agreement, by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved"))
            return redirect(agreement)
    return _form(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_edit(request: AuthedRequest, pk: int) -> HttpResponse:
    agreement = _find(request, pk)
    require(can_edit_agreement(request.user, agreement))
    form = AgreementForm(request.POST or None, request.FILES or None, instance=agreement)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            edit_agreement(agreement, values, by=request.user, version=values["version"], scan=values["scan"])
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved"))
            return redirect("agreement", pk=pk)
    return _form(request, form, agreement=agreement)


def own_institution(request: AuthedRequest) -> int | None:
    """The institution a new agreement begins with: that of the current role, else the only one of the reader's."""
    own = access_of(request.user).registering_institutions
    role = current_role(request)
    chosen = int(role.subject) if role and role.kind == "host" else None
    if chosen in own:
        return chosen
    return next(iter(own)) if len(own) == 1 else None


def state_choices() -> list[tuple[str, str]]:
    """States of validity as filter chips."""
    words = {state: Validity(state).label for state in queries.STATES} | {"expiring": pgettext("agreement", "Expires soon")}
    return [("", pgettext("option; filter", "All")), *words.items()]


def country_choices(user: User) -> list[tuple[str, str]]:
    """The parties' countries as filter chips; none when there are fewer than two."""
    found = queries.party_countries(user)
    return [("", pgettext("option; filter", "All")), *found] if len(found) > 1 else []


def _find(request: AuthedRequest, pk: int) -> Agreement:
    rows = Agreement.objects.visible_to(request.user).select_related("first", "second")
    found: Agreement = get_object_or_404(rows, pk=pk)
    return found


def _form(request: AuthedRequest, form: AgreementForm, **context: Any) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render_page(request, "partnerships/agreement_form.html", {"form": form, **context}, status=status)
