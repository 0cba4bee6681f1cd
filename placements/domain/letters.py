"""The invitation letter of a confirmed placement, as a PDF in any language of the site.

The template is `placements/letters/invitation.typ`. User input is passed as JSON data, never as Typst source, so that a name cannot
contain markup. The fonts are those inside the typst package (Libertinus Serif sets every letter of the seven languages).
"""

import json
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from exchange.core.countries import Country
from exchange.core.date_format import write_date, write_range
from exchange.core.errors import DomainError
from placements.models import Placement
from placements.states import PlacementState
from profiles.domain.snapshots import read_snapshot

FOLDER = Path(__file__).resolve().parent.parent / "letters"
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


def write_letter(placement: Placement, language: str) -> bytes:
    """The letter as a PDF. Raises DomainError `not-confirmed` before both countries have approved."""
    if placement.state != PlacementState.CONFIRMED:
        raise DomainError(_("The invitation letter is ready once every country has approved."), code="not-confirmed", status=409)
    with translation.override(language):
        words = letter_texts(placement, language)
    pdf: bytes = typst.compile(
        str(FOLDER / "invitation.typ"),
        root=str(FOLDER),
        ignore_system_fonts=True,
        sys_inputs={"letter": json.dumps(words, ensure_ascii=False)},
        timestamp=(placement.confirmed_at or placement.state_since).replace(microsecond=0),
    )
    return pdf


def letter_languages(placement: Placement) -> list[str]:
    """The languages in which a letter is offered: the expert's own and English."""
    own = placement.expert.user.language if placement.expert.user else ""
    return list(dict.fromkeys([code for code in (own, "en") if code in LANGUAGES]))


def letter_texts(placement: Placement, language: str) -> dict[str, Any]:
    """All texts of the letter, in the active language."""
    institution = placement.program.institution
    return {
        "lang": language,
        "title": pgettext("document", "Invitation letter"),
        "institution": str(institution.name),
        "address": f"{institution.city}, {Country(institution.country).label}",
        "reference_label": _("Reference"),
        "reference": placement.reference,
        "date": write_date(placement.confirmed_at or placement.state_since, long=True),
        "greeting": pgettext("opening of a formal letter to nobody in particular", "To whom it may concern,"),
        "invites": _(
            "The host institution named below invites the following person to take part in its programme and will receive them for the whole stay."
        ),
        "facts": letter_facts(placement),
        "approved": _("The stay was approved by the national coordinators of the countries concerned:"),
        "approvals": [
            [
                str(Country(approval.country).label),
                str(approval.decided_by or ""),
                write_date(approval.decided_at, long=True) if approval.decided_at else "",
            ]
            for approval in placement.approvals.all()
        ],
        "request": _("We kindly ask the competent authorities to help the bearer of this letter with the visa and with travel."),
        "closing": _(
            "Issued through Miras, the exchange platform of the heritage institutions of six countries. Valid without a signature."
        ),
        "check_line": _("Reference %(reference)s · check code %(code)s")
        % {"reference": placement.reference, "code": check_code(placement)},
        "check_hint": _(
            "To verify this letter, ask the host institution or a national coordinator to compare the check code: %(url)s"
        )
        % {"url": f"{settings.SITE_URL}{placement.get_absolute_url()}"},
        "demonstration": _("Demonstration: this letter invites nobody and no institution has issued it.")
        if placement.is_demo
        else "",
    }


def letter_facts(placement: Placement) -> list[list[str]]:
    """Label and value of each line; unknown values are left out."""
    program, agreement = placement.program, placement.agreement
    name, latin, affiliation = letter_names(placement)
    rows = [
        (_("Name"), latin or name),
        (_("Name in the original script"), name if latin and name != latin else ""),
        (_("Sending country"), str(Country(placement.sending_country).label)),
        (_("Institution"), affiliation),
        (_("Programme"), str(program.title)),
        (_("Kind"), str(program.get_kind_display())),
        (_("Host institution"), str(program.institution.name)),
        (pgettext("of a stay", "Place"), f"{program.city}, {Country(program.country).label}"),
        (_("Dates"), write_range(placement.starts, placement.ends, long=True)),
        (_("Funding"), str(program.funding)),
        (_("Agreement"), f"{agreement.title} ({agreement.reference})" if agreement else ""),
    ]
    return [[label, value] for label, value in rows if value]


def letter_names(placement: Placement) -> tuple[str, str, str]:
    """Name, name in Latin letters, institution: as they were when the countries decided, not as they are in the profile today.

    A profile may be edited after the approval; a letter must still name the person who was approved.
    """
    kept = read_snapshot(placement.application.snapshot)
    if kept and (kept.name or kept.latin_name):
        return kept.name, kept.latin_name, str(kept.affiliation or "")
    expert = placement.expert
    return expert.shown_name, expert.latin_name, str(expert.affiliation.name) if expert.affiliation else ""


def check_code(placement: Placement) -> str:
    """Twelve characters that only this site can compute from these facts (HMAC): they no longer match when a name or a date on paper is changed."""
    name, latin, _affiliation = letter_names(placement)
    facts = [
        placement.reference,
        name,
        latin,
        placement.program.institution.slug,
        placement.starts.isoformat(),
        placement.ends.isoformat(),
    ]
    digest = salted_hmac("placements.letters", json.dumps(facts, ensure_ascii=False), algorithm="sha256").hexdigest().upper()
    return "-".join((digest[0:4], digest[4:8], digest[8:12]))
