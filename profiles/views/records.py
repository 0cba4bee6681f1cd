"""/profile/career/ and /profile/publications/: career and publications of the user, entered or imported."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.requests import AuthedRequest
from exchange.core.bibliography.bibtex import Problem, parse_bibtex
from exchange.core.bibliography.orcid import fetch_works
from exchange.core.errors import DomainError
from exchange.core.formsets import unbound_rows
from exchange.core.rendering import render_page
from profiles.domain import publications as actions
from profiles.domain.career import expiring, register_names, save_career
from profiles.forms.records import (
    PLACE_LIST,
    AccreditationSet,
    BibtexForm,
    EducationSet,
    OrcidForm,
    PositionSet,
    PublicationForm,
    SpellingForm,
)
from profiles.models import ExpertProfile, Publication
from profiles.views.sections import EDIT, is_current, my_profile, saved, section_page

CAREER = {
    "positions": ("p", PositionSet, ("title", "starts", "ends")),
    "education": ("e", EducationSet, ("degree", "year")),
    "accreditations": ("a", AccreditationSet, ("title", "body", "number", "expires")),
}


@EDIT
@transaction.atomic
def profile_career(request: AuthedRequest) -> HttpResponse:
    """Three sets of rows on one page."""
    profile = my_profile(request)
    if request.method == "POST":
        sets = {name: make(request.POST, prefix=prefix) for name, (prefix, make, _parts) in CAREER.items()}
        if all([each.is_valid() for each in sets.values()]) and is_current(request, profile, "career"):  # noqa: C419 -- all errors at once
            save_career(profile, by=request.user, **{name: each.rows for name, each in sets.items()})
            return saved(request, "career")
    else:
        asked = request.GET.get("add", "")
        prefetch_related_objects([profile], "accreditations")  # as rows, and to find those that end soon
        sets = {
            name: unbound_rows(make, prefix, career_rows(profile, name, parts), blank=asked == prefix, lone=False)
            for name, (prefix, make, parts) in CAREER.items()
        }
    context = {**sets, "register": register_names(), "register_id": PLACE_LIST, "expiring": expiring(profile)}
    return section_page(request, "career", context, profile)


def career_rows(profile: ExpertProfile, name: str, parts: tuple[str, ...]) -> Iterable[dict[str, Any]]:
    """The initial rows of the form; an institution of the register is shown by its name in the reader's language."""
    rows = getattr(profile, name).all()
    placed = name != "accreditations"
    for row in rows.select_related("institution") if placed else rows:
        place = {"place": str(row.institution.name) if row.institution else row.place} if placed else {}
        yield {part: getattr(row, part) for part in parts} | place


@EDIT
def profile_publications(request: AuthedRequest) -> HttpResponse:
    """The list; POST saves the ORCID iD, and with `fetch` continues to its publications."""
    profile = my_profile(request)
    form = OrcidForm(request.POST or None, initial={"orcid": profile.orcid})
    if request.method == "POST" and form.is_valid():
        actions.save_orcid(profile, form.cleaned_data["orcid"], by=request.user)
        if "fetch" in request.POST and form.cleaned_data["orcid"]:
            return publications_orcid(request)
        messages.success(request, _("Saved."))
        return redirect("profile_publications")
    context = {
        "form": form,
        "publications": profile.publications.all(),
        "spellings": actions.proposed_spellings(profile),
        "orcid": profile.orcid,
    }
    return section_page(request, "publications", context, profile)


@EDIT
def publication_new(request: AuthedRequest) -> HttpResponse:
    return publication_form(request, my_profile(request), None)


@EDIT
def publication_edit(request: AuthedRequest, pk: int) -> HttpResponse:
    profile = my_profile(request)
    return publication_form(request, profile, get_object_or_404(profile.publications, pk=pk))


def publication_form(request: AuthedRequest, profile: ExpertProfile, row: Publication | None) -> HttpResponse:
    form = PublicationForm(request.POST or None, initial=PublicationForm.initial_of(row) if row else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_publication(profile, form.work(row), by=request.user, pk=row.pk if row else None)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("profile_publications")
    status = 422 if request.method == "POST" else 200
    return render_page(request, "profiles/publication.html", {"form": form, "publication": row}, status=status)


@require_POST
def publication_remove(request: AuthedRequest, pk: int) -> HttpResponse:
    actions.remove_publication(my_profile(request), pk, by=request.user)
    messages.success(request, _("Removed."))
    return redirect("profile_publications")


@EDIT
def publications_bibtex(request: AuthedRequest) -> HttpResponse:
    """A text or a file; its publications are shown before any is saved."""
    profile = my_profile(request)
    form = BibtexForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        parsed = parse_bibtex(form.cleaned_data["text"])
        if parsed.works:
            return preview_works(request, profile, parsed.works, parsed.problems)
        return render_page(request, "profiles/bibtex.html", {"form": form, "problems": parsed.problems}, status=422)
    return render_page(request, "profiles/bibtex.html", {"form": form}, status=422 if request.method == "POST" else 200)


@require_POST
def publications_orcid(request: AuthedRequest) -> HttpResponse:
    """Publications of the user's ORCID iD to choose from. When ORCID fails, the message is on the former page."""
    profile = my_profile(request)
    try:
        works = fetch_works(profile.orcid) if profile.orcid else []
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("profile_publications")
    if not works:
        messages.warning(request, _("Nothing public was found there."))
        return redirect("profile_publications")
    return preview_works(request, profile, works, [])


def preview_works(
    request: AuthedRequest, profile: ExpertProfile, works: list[actions.Work], problems: list[Problem]
) -> HttpResponse:
    context = {"found_works": actions.found_works(profile, works), "problems": problems, "works": actions.pack_works(works)}
    return render_page(request, "profiles/works.html", context)


@require_POST
def publications_take(request: AuthedRequest) -> HttpResponse:
    """Save the chosen publications."""
    profile = my_profile(request)
    chosen = set(request.POST.getlist("take"))
    works = [work for number, work in enumerate(actions.unpack_works(request.POST.get("works", ""))) if str(number) in chosen]
    added = actions.add_publications(profile, works, by=request.user)
    text = ngettext("%(n)s publication was added.", "%(n)s publications were added.", added)
    messages.success(request, text % {"n": added})
    return redirect("profile_publications")


@require_POST
def publication_spelling(request: AuthedRequest) -> HttpResponse:
    """Add the author's spelling to the user's names."""
    form = SpellingForm(request.POST)
    if not form.is_valid():
        raise DomainError(_("No publication names this author."), code="not-proposed")
    actions.accept_spelling(my_profile(request), actions.Spelling(**form.cleaned_data), by=request.user)
    messages.success(request, _("This spelling was added to your names."))
    return redirect("profile_publications")
