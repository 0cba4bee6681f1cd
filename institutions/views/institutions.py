"""/institutions/<slug>/: the page of an institution, its forms, and its transitions."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import AuthedRequest
from exchange.core import versions
from exchange.core.access import require
from exchange.core.formsets import unbound_rows
from exchange.core.rendering import render_page
from exchange.core.towns import town
from exchange.core.transitions import available_transitions
from institutions.domain import fact_sheet
from institutions.domain import institutions as actions
from institutions.domain.queries import team_of
from institutions.domain.versions import institution_version
from institutions.forms import FactSheetForm, InstitutionFieldSet, InstitutionForm, InstitutionNameSet, NewInstitutionForm
from institutions.models import Institution
from institutions.models.institutions import InstitutionKind
from institutions.states import INSTITUTION_TRANSITIONS
from vocabulary.domain.vocabulary import concept_titles

EDIT = require_http_methods(["GET", "HEAD", "POST"])

SCHEMA_TYPES = {
    InstitutionKind.MUSEUM: "Museum",
    InstitutionKind.UNIVERSITY: "CollegeOrUniversity",
    InstitutionKind.RESEARCH_INSTITUTE: "ResearchOrganization",
    InstitutionKind.LIBRARY_ARCHIVE: "Library",
    InstitutionKind.HERITAGE_AGENCY: "GovernmentOrganization",
    InstitutionKind.NGO: "NGO",
}


def visible_institution(request: HttpRequest, slug: str) -> Institution:
    """The institution with this slug; 404 when it does not exist or this reader may not see it."""
    found: Institution = get_object_or_404(Institution.objects.visible_to(request.user), slug=slug)
    return found


@require_safe
@login_not_required
def institution_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Facts, names, programmes and team. A former slug redirects to the target of its merge."""
    rows = Institution.objects.visible_to(request.user).select_related("fact_sheet", "picture")
    institution = rows.filter(slug=slug).first()
    if institution is None:
        kept = fact_sheet.moved_to(slug, request.user)
        if kept is None:
            raise Http404
        return redirect(kept, permanent=True)
    sees_team = actions.can_see_team(request.user, institution)
    context = {
        "institution": institution,
        "picture": institution.shown_picture,
        "field_titles": concept_titles(institution.fields.order_by("pk").values_list("pk", flat=True)),
        "also_known": (also_known := fact_sheet.also_known_as(institution)),
        "sections": fact_sheet.sheet_sections(getattr(institution, "fact_sheet", None)),
        "transitions": available_transitions(institution, request.user) if request.user.is_authenticated else [],
        "team": team_of(institution) if sees_team else [],
        "sees_team": sees_team,
        "manages_team": actions.can_manage_team(request.user, institution),
        "edits": actions.can_edit_institution(request.user, institution),
        "schema": institution_schema(institution, [name.text for name in also_known]),
    }
    return render_page(request, "institutions/institution.html", context)


def institution_schema(institution: Institution, also_known: list[str]) -> dict[str, Any]:
    """Schema.org markup."""
    data: dict[str, Any] = {
        "@type": SCHEMA_TYPES.get(InstitutionKind(institution.kind), "Organization"),
        "@id": settings.SITE_URL + institution.get_absolute_url(),
        "name": str(institution.name),
        "alternateName": also_known,
        "url": institution.website or settings.SITE_URL + institution.get_absolute_url(),
        "address": {"@type": "PostalAddress", "addressLocality": town(institution.city), "addressCountry": institution.country},
    }
    if institution.latitude is not None and institution.longitude is not None:
        data["geo"] = {"@type": "GeoCoordinates", "latitude": institution.latitude, "longitude": institution.longitude}
    return data


@EDIT
def institution_create(request: AuthedRequest) -> HttpResponse:
    """Add an institution to the register; a coordinator of its country verifies it."""
    form = NewInstitutionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        institution = actions.create_institution(by=request.user, **form.cleaned_data)
        messages.success(
            request, _("The institution is added. A coordinator of its country verifies it before it can post programmes.")
        )
        return redirect(institution)
    return render_page(request, "institutions/create.html", {"form": form}, status=422 if form.errors else 200)


@EDIT
@transaction.atomic
def institution_edit(request: AuthedRequest, slug: str) -> HttpResponse:
    institution = visible_institution(request, slug)
    require(actions.can_edit_institution(request.user, institution))
    if request.method == "POST":
        form, rows = InstitutionForm(request.POST, instance=institution), InstitutionFieldSet(request.POST, prefix="f")
        if form.is_valid() & rows.is_valid() and is_current(request, institution, "edit"):
            chosen = [row["concept"] for row in rows.rows]
            actions.save_institution(institution, by=request.user, fields=chosen, **form.cleaned_data)
            if request.POST.get("add"):
                return redirect(f"{request.path}?add=f#new")
            messages.success(request, _("Saved."))
            return redirect(institution)
    else:
        form = InstitutionForm(instance=institution)
        known = [{"concept": pk} for pk in institution.fields.order_by("pk").values_list("pk", flat=True)]
        rows = unbound_rows(InstitutionFieldSet, "f", known, blank="add" in request.GET)
    title = Institution.objects.only("name").get(pk=institution.pk).name
    context = {"institution": institution, "institution_name": title, "form": form, "rows": rows}
    return section_page(request, institution, "edit", context)


@EDIT
@transaction.atomic
def institution_names(request: AuthedRequest, slug: str) -> HttpResponse:
    """Edit aliases, short, official and former names; all of them can be searched."""
    institution = visible_institution(request, slug)
    require(actions.can_edit_institution(request.user, institution))
    if request.method == "POST":
        rows = InstitutionNameSet(request.POST, prefix="n")
        if rows.is_valid() and is_current(request, institution, "names"):
            fact_sheet.save_names(institution, rows.rows, by=request.user)
            if request.POST.get("add"):
                return redirect(f"{request.path}?add=n#new")
            messages.success(request, _("Saved."))
            return redirect(institution)
    else:
        known = list(institution.names.values("text", "kind", "language"))
        rows = unbound_rows(InstitutionNameSet, "n", known, blank="add" in request.GET)
    return section_page(request, institution, "names", {"institution": institution, "rows": rows})


@EDIT
@transaction.atomic
def institution_facts(request: AuthedRequest, slug: str) -> HttpResponse:
    """Edit the fact sheet: laboratories, equipment, collections, housing, visas, accessibility, languages."""
    institution = visible_institution(request, slug)
    require(actions.can_edit_institution(request.user, institution))
    sheet = fact_sheet.sheet_of(institution)
    form = FactSheetForm(request.POST or None, instance=sheet, initial={"facilities": institution.facilities})
    if request.method == "POST" and form.is_valid() and is_current(request, institution, "facts"):
        fact_sheet.save_sheet(institution, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect(institution)
    return section_page(request, institution, "facts", {"institution": institution, "form": form})


def section_page(request: AuthedRequest, institution: Institution, code: str, context: dict[str, Any]) -> HttpResponse:
    """One of the forms about an institution, as `versions.form_page` shows it."""
    return versions.form_page(request, f"institutions/{code}.html", context, institution_version(institution, code))


def is_current(request: AuthedRequest, institution: Institution, code: str) -> bool:
    """Whether the stored section still has the version this form was opened with."""
    return versions.is_current(request, institution, lambda: institution_version(institution, code))


@require_POST
def institution_move(request: AuthedRequest, slug: str, transition: str) -> HttpResponse:
    if transition not in INSTITUTION_TRANSITIONS:
        raise Http404
    institution = visible_institution(request, slug)
    actions.transition_institution(
        institution, transition, by=request.user, note=request.POST.get("note", ""), reason=request.POST.get("reason", "")
    )
    messages.success(request, str(INSTITUTION_TRANSITIONS[transition].done))
    return redirect(institution)
