"""/profile/: the user's profile, one form per section."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import AuthedRequest
from exchange.core.errors import DomainError
from exchange.core.formsets import unbound_rows
from exchange.core.next_page import safe_next
from exchange.core.rendering import render_page
from institutions.domain.queries import open_invitations
from profiles.domain import files
from profiles.domain import profiles as actions
from profiles.domain.career import expiring
from profiles.domain.claims import claims_for
from profiles.domain.completeness import completeness_of, is_fresh
from profiles.domain.record import preview_record
from profiles.domain.versions import COMPETENCE_PARTS
from profiles.domain.visibility import fields_in_order, preview_profile, profile_for_reader
from profiles.forms.profiles import AvailabilityForm, FilesForm, NamesForm, PreviewForm, StartForm, VisibilityForm, WorkForm
from profiles.forms.rows import CompetenceSet, LanguageSet, SpellingSet, WindowSet
from profiles.models import ExpertProfile
from profiles.states import FURTHER_KINDS, Audience
from profiles.views.experts import expert_context
from profiles.views.sections import EDIT, SECTIONS, is_current, my_profile, saved, section_page
from vocabulary.forms.rows import FieldSet


@require_safe
def profile_edit(request: AuthedRequest) -> HttpResponse:
    """The overview: completeness, what ends soon, and links to the sections."""
    profile = actions.own_profile(request.user)
    if profile is None:
        return redirect("profile_start")
    completeness = completeness_of(profile)
    context = {
        "profile": profile,
        "shown": profile_for_reader(profile, request.user),
        "completeness": completeness,
        "first_missing": completeness.missing[0] if completeness.missing else None,
        "sections": [(section, completeness.missing_in(section.code)) for section in SECTIONS],
        "expiring": expiring(profile) if "accreditations" in profile.filled_sections else [],
        "fresh": is_fresh(profile),
        "confirmed_today": profile.confirmed_on >= timezone.now().date(),
        "audience": Audience(profile.audience).label,
    }
    return render_page(request, "profiles/edit.html", context)


@EDIT
def profile_start(request: AuthedRequest) -> HttpResponse:
    """The first page after sign-up: country and name, with links for hosts and coordinators. Goes on to `next`, else to the overview."""
    further = safe_next(request, reverse("profile_edit"))
    if request.user.access.expert_id is not None:
        return redirect(further)
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.create_profile(request.user, by=request.user, country=form.cleaned_data["country"], names=form.names())
        messages.success(request, _("Your profile is created. You can complete it step by step; each section is saved separately."))
        return redirect(further)
    waiting = {"invitations": open_invitations(request.user), "claims": claims_for(request.user)[:5]}
    return render_page(request, "profiles/start.html", {"form": form, **waiting})


@EDIT
@transaction.atomic
def profile_names(request: AuthedRequest) -> HttpResponse:
    """The four standard spellings, and any number of further ones."""
    profile = my_profile(request)
    initial = NamesForm.initial_of(profile)
    if request.method == "POST":
        form, rows = NamesForm(request.POST, initial=initial), SpellingSet(request.POST, prefix="r")
        complete = "r-TOTAL_FORMS" in request.POST
        if form.is_valid() & (rows.is_valid() or not complete) and is_current(request, profile, "names"):
            actions.save_names(profile, form.names(), by=request.user, spellings=rows.rows if complete else None)
            return saved(request, "names")
    else:
        form = NamesForm(initial=initial)
        known = profile.names.filter(kind__in=FURTHER_KINDS).values(*SPELLING_PARTS)
        rows = unbound_rows(SpellingSet, "r", known, blank="add" in request.GET, lone=False)
    return section_page(request, "names", {"form": form, "rows": rows}, profile)


SPELLING_PARTS = ("kind", "language", "family", "given", "patronymic", "whole")


@EDIT
@transaction.atomic
def profile_work(request: AuthedRequest) -> HttpResponse:
    profile = my_profile(request)
    form = WorkForm(request.POST or None, instance=profile)
    if request.method == "POST" and form.is_valid() and is_current(request, profile, "work"):
        actions.save_work(profile, by=request.user, **form.cleaned_data)
        return saved(request)
    return section_page(request, "work", {"form": form}, profile)


@EDIT
@transaction.atomic
def profile_competences(request: AuthedRequest) -> HttpResponse:
    """Fields of work and competences: two sets of rows on one page."""
    profile = my_profile(request)
    if request.method == "POST":
        fields, rows = FieldSet(request.POST, prefix="f"), CompetenceSet(request.POST, prefix="c")
        if fields.is_valid() & rows.is_valid() and is_current(request, profile, "competences"):
            chosen = [(row["concept"], row["weight"] == "primary") for row in fields.rows]
            actions.save_fields(profile, chosen, by=request.user)
            actions.save_competences(profile, rows.rows, by=request.user)
            return saved(request, "competences")
    else:
        asked = request.GET.get("add", "")
        fields = unbound_rows(FieldSet, "f", [field_row(row) for row in fields_in_order(profile)], blank=asked == "f")
        rows = unbound_rows(CompetenceSet, "c", profile.competences.values(*COMPETENCE_PARTS), blank=asked == "c")
    return section_page(request, "competences", {"fields": fields, "rows": rows}, profile)


def field_row(row: Any) -> dict[str, Any]:
    return {"concept": row.concept_id, "weight": "primary" if row.primary else "secondary"}


@EDIT
@transaction.atomic
def profile_languages(request: AuthedRequest) -> HttpResponse:
    profile = my_profile(request)
    if request.method == "POST":
        rows = LanguageSet(request.POST, prefix="r")
        if rows.is_valid() and is_current(request, profile, "languages"):
            actions.save_languages(profile, rows.rows, by=request.user)
            return saved(request, "languages")
    else:
        known = profile.languages.values("language", "level", "can_teach")
        rows = unbound_rows(LanguageSet, "r", known, blank="add" in request.GET)
    return section_page(request, "languages", {"rows": rows}, profile)


@EDIT
@transaction.atomic
def profile_availability(request: AuthedRequest) -> HttpResponse:
    profile = my_profile(request)
    if request.method == "POST":
        form, rows = AvailabilityForm(request.POST), WindowSet(request.POST, prefix="r")
        if form.is_valid() & rows.is_valid() and is_current(request, profile, "availability"):
            windows = [(row["starts"], row["ends"]) for row in rows.rows]
            actions.save_availability(profile, windows, by=request.user, **form.cleaned_data)
            return saved(request, "availability")
    else:
        form = AvailabilityForm(initial={"lead_time_days": profile.lead_time_days, "longest_stay_days": profile.longest_stay_days})
        rows = unbound_rows(WindowSet, "r", profile.windows.values("starts", "ends"), blank="add" in request.GET)
    return section_page(request, "availability", {"form": form, "rows": rows}, profile)


@EDIT
def profile_files(request: AuthedRequest) -> HttpResponse:
    profile = my_profile(request)
    form = FilesForm(request.POST or None, request.FILES or None, profile=profile)
    if request.method == "POST" and form.is_valid() and save_files(request, profile, form):
        return saved(request)
    return section_page(request, "files", {"form": form, "shown": profile_for_reader(profile, request.user)}, profile)


def save_files(request: AuthedRequest, profile: ExpertProfile, form: FilesForm) -> bool:
    """Save or remove files as submitted; an unreadable picture is an error of its field."""
    data = form.cleaned_data
    try:
        if data["photo"]:
            files.save_photo(profile, data["photo"], by=request.user)
        elif data.get("remove_photo"):
            files.remove_file(profile, "photo", by=request.user)
    except DomainError as error:
        form.add_error("photo", str(error))
        return False
    if data["cv"]:
        files.save_cv(profile, data["cv"], by=request.user)
    elif data.get("remove_cv"):
        files.remove_file(profile, "cv", by=request.user)
    return True


@EDIT
@transaction.atomic
def profile_visibility(request: AuthedRequest) -> HttpResponse:
    profile = my_profile(request)
    form = VisibilityForm(request.POST or None, profile=profile)
    if request.method == "POST" and form.is_valid() and is_current(request, profile, "visibility"):
        actions.save_audiences(profile, by=request.user, audience=form.cleaned_data["audience"], audiences=form.audiences())
        return saved(request)
    return section_page(request, "visibility", {"form": form}, profile)


@require_POST
def profile_confirm(request: AuthedRequest) -> HttpResponse:
    """Confirm that the profile is up to date."""
    actions.confirm_profile(my_profile(request), by=request.user)
    messages.success(request, _("Thank you. Readers see that your profile is up to date."))
    return redirect("profile_edit")


@require_safe
def profile_preview(request: AuthedRequest) -> HttpResponse:
    """The profile as everyone, members or coordinators see it."""
    profile = my_profile(request)
    form = PreviewForm(request.GET)
    reader = (form.cleaned_data.get("reader") if form.is_valid() else "") or Audience.MEMBERS
    shown, record = preview_profile(profile, reader), preview_record(profile, reader)
    context = {"preview": reader, "readers": form.fields["reader"].choices}  # type: ignore[attr-defined]
    if shown is not None and record is not None:
        context |= expert_context(profile, shown, record)
    return render_page(request, "profiles/preview.html", context)
