"""What the sections of the profile editor share: their list, the page around them, and the way back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from exchange.core.errors import Text
from profiles.domain import profiles as actions
from profiles.domain.versions import version_of
from profiles.models import ExpertProfile
from profiles.requests import AuthedRequest
from profiles.views import stale_forms
from profiles.views.stale_forms import form_page

EDIT = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Section:
    """One part of the editor: its name in addresses and anchors, and its title."""

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
"""Of the sets of rows, one letter each: what the button for one more row says."""


def my_profile(request: AuthedRequest) -> ExpertProfile:
    """The profile of who asks, with its parts. Http404 before it is made: there is nothing at this address yet."""
    profile = actions.own_profile(request.user)
    if profile is None:
        raise Http404
    return profile


def section_page(request: AuthedRequest, code: str, context: dict[str, Any], profile: ExpertProfile) -> HttpResponse:
    """A section of the editor, as `opened.form_page` shows it."""
    section = next(section for section in SECTIONS if section.code == code)
    tabs = [{"label": each.title, "url": each.url, "current": each.code == code} for each in SECTIONS]
    return form_page(
        request, f"profiles/sections/{code}.html", context | {"section": section, "tabs": tabs}, version_of(profile, code)
    )


def is_current(request: AuthedRequest, profile: ExpertProfile, code: str) -> bool:
    """Whether the section still says what this form was opened with."""
    return stale_forms.is_current(request, profile, lambda: version_of(profile, code))


def saved(request: AuthedRequest, code: str = "") -> HttpResponse:
    """To the overview; or, when another row was asked for, back to the section with one more."""
    asked = request.POST.get("add", "")
    if code and asked:
        return redirect(f"{reverse(f'profile_{code}')}?add={asked if asked in PREFIXES else 'r'}#new")
    messages.success(request, _("Saved."))
    return redirect("profile_edit")


def row_set(make: Callable[..., Any], prefix: str, rows: Iterable[Any], *, blank: bool, lone: bool = True) -> Any:
    """An unbound set of what is there, with a blank row at the end when asked for, or (`lone`) when there is none."""
    known = list(rows)
    made = make(prefix=prefix, initial=known)
    made.extra = 1 if blank or (lone and not known) else 0
    return made
