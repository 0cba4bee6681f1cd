"""The invitation letter of a confirmed placement, as a PDF in any language of the site.

The template is `placements/letters/invitation.typ`. User input is passed as JSON data, never as Typst source, so that a name cannot
contain markup. The fonts are those inside the typst package (Libertinus Serif sets every letter of the seven languages).
"""

import datetime
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from accounts.states import Role
from exchange.core.countries import Country
from exchange.core.date_format import write_date, write_range
from exchange.core.errors import DomainError
from exchange.core.history import history_of
from exchange.core.latin import in_latin
from exchange.core.towns import town
from institutions.models import Membership
from placements.models import Placement
from placements.states import PlacementState
from profiles.domain.snapshots import read_snapshot

FOLDER = Path(__file__).resolve().parent.parent / "letters"
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
LATIN_LANGUAGES = frozenset({"en", "uz", "tk"})
"""Languages whose letters are Latin: names of accounts are written in them too."""
REFERENCE = re.compile(r"MIRAS-([0-9]{4})-([0-9]{6,12})")


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
        "address": f"{town(institution.city)}, {Country(institution.country).label}",
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
                name_for(approval.decided_by, language),
                write_date(approval.decided_at, long=True) if approval.decided_at else "",
            ]
            for approval in placement.approvals.all()
        ],
        "request": _("We kindly ask the competent authorities to help the bearer of this letter with the visa and with travel."),
        "signer": signer_line(placement, language),
        "closing": _(
            "Issued through Miras, the exchange platform of the heritage institutions of six countries. Valid without a signature."
        ),
        "check_line": _("Reference %(reference)s · check code %(code)s")
        % {"reference": placement.reference, "code": check_code(placement)},
        "check_hint": _("Anyone can check this letter at %(url)s") % {"url": check_url(placement)},
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
        (pgettext("of a stay", "Place"), f"{town(program.city)}, {Country(program.country).label}"),
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


def name_for(user: User | None, language: str) -> str:
    """The name of an account as the letter writes it: in Latin letters where the language has them; empty without an account."""
    name = str(user or "")
    return in_latin(name) if language in LATIN_LANGUAGES else name


def signer_line(placement: Placement, language: str) -> str:
    """Who signs for the host: whoever offered the place, else the first owner of its team."""
    offers = history_of(placement.application).filter(transition="select", actor__isnull=False)
    offered = offers.last()
    owners = Membership.objects.filter(institution=placement.program.institution_id, role=Role.OWNER, user__is_active=True)
    first = owners.select_related("user").order_by("pk").first()
    signer = offered.actor if offered else first.user if first else None
    if signer is None:
        return ""
    names = {"name": name_for(signer, language), "institution": placement.program.institution.name}
    return pgettext("signature of a letter", "For the host institution: %(name)s, %(institution)s") % names


def check_url(placement: Placement) -> str:
    """The public address at which anyone can check the letter: it contains its reference and check code."""
    return settings.SITE_URL + reverse("letter_check", args=[placement.reference, check_code(placement)])


@dataclass(frozen=True)
class CheckedLetter:
    """The answer to somebody who checks a letter: what the letter itself says, or only that it is no longer valid."""

    reference: str
    valid: bool
    facts: list[list[str]] = field(default_factory=list)
    issued: datetime.date | None = None
    demonstration: bool = False


def check_letter(reference: str, code: str) -> CheckedLetter | None:
    """The letter with this reference and check code; None when there is none. Its facts are shown only while the placement is confirmed."""
    found = REFERENCE.fullmatch(reference.strip().upper())
    placement = None
    if found:
        rows = Placement.objects.select_related(
            "program__institution", "expert__affiliation", "expert__user", "application", "agreement"
        )
        placement = rows.filter(pk=int(found[2]), created_at__year=int(found[1])).first()
    if placement is None or not constant_time_compare(check_code(placement), code.strip().upper()):
        return None
    if placement.state != PlacementState.CONFIRMED:
        return CheckedLetter(placement.reference, valid=False)
    return CheckedLetter(
        placement.reference,
        valid=True,
        facts=letter_facts(placement),
        issued=placement.confirmed_at.date() if placement.confirmed_at else None,
        demonstration=placement.is_demo,
    )


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
