"""Shared by the sections of the profile editor: their list, their page, and the redirect after saving."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.requests import AuthedRequest
from exchange.core import versions
from exchange.core.errors import Text
from profiles.domain import profiles as actions
from profiles.domain.versions import section_version
from profiles.models import ExpertProfile

EDIT = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Section:
    """One section of the editor: its code in URLs and anchors, and its title."""

    code: str
    title: Text

    @property
    def url(self) -> str:
        return reverse(f"profile_{self.code}")


SECTIONS = (
    Section("names", pgettext_lazy("section of a profile", "Names")),
    Section("work", pgettext_lazy("section of a profile", "About you")),
    Section("competences", pgettext_lazy("section of a profile", "Fields and competences")),
    Section("languages", pgettext_lazy("section of a profile", "Languages")),
    Section("availability", pgettext_lazy("section of a profile", "Availability")),
    Section("career", pgettext_lazy("section of a profile", "Positions, education, accreditations")),
    Section("publications", pgettext_lazy("section of a profile", "Publications")),
    Section("portfolio", pgettext_lazy("section of a profile", "Portfolio")),
    Section("files", pgettext_lazy("section of a profile", "Photograph and CV")),
    Section("visibility", pgettext_lazy("section of a profile", "Who sees what")),
)


PREFIXES = frozenset("fcrpea")
"""By the prefix of a set of rows: the label of the button that adds a row."""


def my_profile(request: AuthedRequest) -> ExpertProfile:
    """The profile of the request's user with its parts. Raises Http404 before it is created."""
    profile = actions.own_profile(request.user)
    if profile is None:
        raise Http404
    return profile


def section_page(request: AuthedRequest, code: str, context: dict[str, Any], profile: ExpertProfile) -> HttpResponse:
    """A section of the editor, as `versions.form_page` shows it."""
    section = next(section for section in SECTIONS if section.code == code)
    tabs = [{"label": each.title, "url": each.url, "current": each.code == code} for each in SECTIONS]
    return versions.form_page(
        request, f"profiles/sections/{code}.html", context | {"section": section, "tabs": tabs}, section_version(profile, code)
    )


def is_current(request: AuthedRequest, profile: ExpertProfile, code: str) -> bool:
    """Whether the stored section still has the version this form was opened with."""
    return versions.is_current(request, profile, lambda: section_version(profile, code))


def saved(request: AuthedRequest, code: str = "") -> HttpResponse:
    """Redirect to the overview; or, when another row was requested, to the section with one more."""
    asked = request.POST.get("add", "")
    if code and asked:
        return redirect(f"{reverse(f'profile_{code}')}?add={asked if asked in PREFIXES else 'r'}#new")
    messages.success(request, _("Saved."))
    return redirect("profile_edit")
