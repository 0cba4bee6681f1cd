"""Eligibility of a person for a programme, shown before they apply, with reasons and where to fix them.

The requirements are computed in `programs.rules`, without queries; this module loads the facts and writes the texts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from exchange.core.date_format import write_range
from exchange.core.errors import Text
from exchange.core.spoken_languages import Language, Level
from profiles.models import ExpertProfile
from programs.domain.seats import left_by_country
from programs.models import Program
from programs.rules import Candidate, Criteria, Finding, requirements, warnings
from programs.states import Modality

SECTIONS = {
    "country": "work",
    "language": "languages",
    "level": "languages",
    "experience": "work",
    "experience_unknown": "work",
    "dates": "availability",
    "stay": "availability",
    "no_windows": "availability",
    "notice": "availability",
}
"""The section of the profile where each reason can be fixed; other reasons cannot be fixed there."""


@dataclass(frozen=True)
class Reason:
    """One reason in the reader's language. `fix_url` is the section of the profile where it can be fixed, empty when it cannot."""

    code: str
    text: str
    fix_url: str = ""


@dataclass(frozen=True)
class Eligibility:
    """The result. `reasons` block an application; `hints` do not; `fits` lists the requirements that are met, as texts."""

    eligible: bool
    reasons: tuple[Reason, ...] = ()
    hints: tuple[Reason, ...] = ()
    fits: tuple[str, ...] = ()

    @property
    def codes(self) -> list[str]:
        return [reason.code for reason in self.reasons]


def check_eligibility(program: Program, profile: ExpertProfile, *, taken: Mapping[str, int] | None = None) -> Eligibility:
    """Whether this person may apply now, with all reasons against it. Writes nothing.

    At most five queries: languages and quotas of the programme, languages and windows of the person, places taken; none for what is
    prefetched or passed in.
    """
    return evaluate(criteria_of(program, taken=taken), candidate_of(profile))


def evaluate(criteria: Criteria, person: Candidate) -> Eligibility:
    """The same over plain values, without a query."""
    found = requirements(criteria, person)
    return Eligibility(
        eligible=not found,
        reasons=tuple(reason_of(finding) for finding in found),
        hints=tuple(reason_of(finding) for finding in warnings(criteria, person, timezone.now().date())),
        fits=() if found else tuple(_fits(criteria, person)),
    )


def criteria_of(program: Program, *, taken: Mapping[str, int] | None = None) -> Criteria:
    """The criteria of a programme."""
    return Criteria(
        countries=frozenset(program.eligible_countries),
        starts=program.starts,
        ends=program.ends,
        languages=tuple((row.language, row.level) for row in program.required_languages.all()),
        experience=program.minimum_experience,
        left=left_by_country(program, taken),
        open=program.is_open,
        away=program.modality != Modality.ONLINE,
    )


def candidate_of(profile: ExpertProfile) -> Candidate:
    """The facts of a person that criteria are compared with."""
    return Candidate(
        country=profile.country,
        languages={row.language: row.level for row in profile.languages.all()},
        experience=profile.experience_years,
        windows=tuple((row.starts, row.ends) for row in profile.windows.all()),
        lead_days=profile.lead_time_days,
        longest_days=profile.longest_stay_days,
    )


def reason_of(finding: Finding) -> Reason:
    """A finding as text in the reader's language."""
    return Reason(finding.code, _text(finding.code, finding.data), fix_url_of(finding.code))


def fix_url_of(code: str) -> str:
    """The URL of the section where this can be fixed, or empty."""
    section = SECTIONS.get(code)
    return reverse(f"profile_{section}") if section else ""


WORDS: dict[str, Text] = {
    "closed": _("Applications are not accepted now."),
    "country": _("The programme is for experts of other countries than the one in your profile."),
    "places": _("No places are left for your country at present."),
    "language": _("%(language)s: at least %(asked)s is needed; your profile does not name this language."),
    "level": _("%(language)s: at least %(asked)s is needed; you have %(held)s."),
    "experience_unknown": _("Years of practice: at least %(asked)s; your profile does not say how many you have."),
    "experience": _("Years of practice: at least %(asked)s; you have %(held)s."),
    "dates": _("Dates: %(dates)s; by your profile you are not free on all these days."),
    "stay": _("Length in days: %(days)s; the longest stay in your profile is %(longest)s."),
    "no_windows": _("Your profile does not say when you are free. Hosts look for it."),
    "institution": _("You work at the institution that hosts this programme."),
    "notice": _("Days until it starts: %(days)s; your profile asks for %(lead)s days of notice."),
}


def _text(code: str, data: Mapping[str, Any]) -> str:
    values = dict(data)
    if "language" in data:
        values |= _language_texts(data)
    if "starts" in data:
        values["dates"] = write_range(data["starts"], data["ends"])
    return str(WORDS[code]) % values


def _language_texts(data: Mapping[str, Any]) -> dict[str, str]:
    words = {"language": str(Language(data["language"]).label), "asked": str(Level(data["asked"]).label)}
    if "held" in data:
        words["held"] = str(Level(data["held"]).label)
    return words


def _fits(criteria: Criteria, person: Candidate) -> list[str]:
    """The requirements that are met, one text each."""
    fits = [pgettext("what fits an expert", "your country")]
    for language, asked in criteria.languages:
        words = _language_texts({"language": language, "asked": asked, "held": person.languages[language]})
        fits.append(gettext("%(language)s (you have %(held)s, needed %(asked)s)") % words)
    if person.windows:
        fits.append(pgettext("what fits an expert", "your dates"))
    if criteria.experience:
        fits.append(pgettext("what fits an expert", "your years of practice"))
    return fits
