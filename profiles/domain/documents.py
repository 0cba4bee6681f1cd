"""Downloads of a profile: CV as PDF, vCard, QR code. Each holds only what its reader may see.

The template is `profiles/papers/cv.typ`. User text is passed as JSON data, never as source, so that it cannot inject markup. The
fonts are those inside the typst package (Libertinus Serif has all letters of the seven languages).
"""

import io
import json
from pathlib import Path
from typing import Any

import segno
import typst
import vobject
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from exchange.core.countries import Country
from exchange.core.date_format import write_date, write_range
from exchange.core.towns import town
from profiles.domain.record import VisibleAccreditation, VisibleCase, VisiblePosition, VisibleRecord
from profiles.domain.visibility import VisibleCompetence, VisibleProfile
from profiles.models import Publication

FOLDER = Path(__file__).resolve().parent.parent / "papers"
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)

Row = list[str]
"""Left column, main line, smaller line below it."""


def write_cv(shown: VisibleProfile, record: VisibleRecord, language: str) -> bytes:
    """The CV as a PDF, with headings and vocabulary terms in `language`. `shown` and `record` hold only what the reader may see."""
    with translation.override(language):
        words = cv_data(shown, record)
    pdf: bytes = typst.compile(
        str(FOLDER / "cv.typ"),
        root=str(FOLDER),
        ignore_system_fonts=True,
        sys_inputs={"cv": json.dumps(words | {"lang": language}, ensure_ascii=False)},
        timestamp=timezone.now().replace(microsecond=0),
    )
    return pdf


def cv_data(shown: VisibleProfile, record: VisibleRecord) -> dict[str, Any]:
    """The data of the CV, in the active language; empty sections are left out."""
    country = str(Country(shown.country).label) if shown.country else ""
    contact = [shown.email, shown.phone, f"ORCID {record.orcid}" if record.orcid else "", settings.SITE_URL + shown.url]
    sections = [
        (_("Fields"), [["", ", ".join(term.title for term in shown.fields), ""]] if shown.fields else []),
        (_("Competences"), [_competence(row) for row in shown.competences]),
        (_("Positions"), [_post(row) for row in record.positions]),
        (_("Education"), [_post(row) for row in record.education]),
        (_("Accreditations"), [_accreditation(row) for row in record.accreditations]),
        (_("Languages"), [[str(row.get_language_display()), _level(row), ""] for row in shown.languages]),
        (_("Portfolio"), [_case(row) for row in record.cases]),
        (_("Publications"), [_publication(row) for row in record.publications]),
        (_("Availability"), [["", write_range(row.starts, row.ends), ""] for row in shown.upcoming_windows]),
    ]
    return {
        "title": pgettext("document", "Curriculum vitae"),
        "name": shown.name,
        "latin": shown.latin_name if shown.latin_name != shown.name else "",
        "headline": shown.headline,
        "place": ", ".join(filter(None, [town(shown.city), country])),
        "affiliation": str(shown.affiliation.name) if shown.affiliation else "",
        "contact": list(filter(None, contact)),
        "practice": _practice(shown.experience_years),
        "biography": shown.biography,
        "sections": [{"title": title, "rows": rows} for title, rows in sections if rows],
        "confirmed": _("Confirmed by the person on: %(date)s") % {"date": write_date(shown.confirmed_on, long=True)},
        "demonstration": _("Demonstration: this person does not exist.") if shown.is_demo else "",
    }


def _practice(years: int | None) -> str:
    if years is None:
        return ""
    return ngettext("%(years)s year of practice", "%(years)s years of practice", years) % {"years": years}


def _level(row: Any) -> str:
    level = str(row.get_level_display())
    return f"{level} · {_('can teach in it')}" if row.can_teach else level


def _competence(row: VisibleCompetence) -> Row:
    about = " · ".join(filter(None, [row.material_title, row.object_title, row.technique_title]))
    return [str(row.level_label), about, " · ".join(filter(None, [str(row.last_year or ""), row.evidence]))]


def _post(row: VisiblePosition) -> Row:
    return [row.years, row.title, str(row.place)]


def _accreditation(row: VisibleAccreditation) -> Row:
    until = f"{pgettext('a date follows', 'valid until')} {write_date(row.expires)}" if row.expires else ""
    return ["", row.title, " · ".join(filter(None, [row.body, row.number, until]))]


def _case(row: VisibleCase) -> Row:
    return [str(row.year or ""), row.title, " · ".join(term.title for term in row.terms)]


def _publication(row: Publication) -> Row:
    return [str(row.year or ""), row.title, " · ".join(filter(None, [row.authors, row.container, row.doi]))]


def write_card(shown: VisibleProfile, record: VisibleRecord) -> str:
    """The profile as vCard 3.0."""
    card = vobject.vCard()
    kept = next((name for name in shown.names if shown.name in {name.full, name.short}), None)
    family, given = (kept.family, kept.given) if kept else ("", shown.name)
    card.add("n").value = vobject.vcard.Name(family=family, given=given, additional=kept.patronymic if kept else "")
    card.add("fn").value = shown.name
    if shown.latin_name not in {"", shown.name}:
        card.add("nickname").value = shown.latin_name
    for name, value in (("title", shown.headline), ("email", shown.email), ("tel", shown.phone)):
        if value:
            card.add(name).value = value
    if shown.affiliation:
        card.add("org").value = [str(shown.affiliation.name)]
    if shown.city or shown.country:
        place = vobject.vcard.Address(city=town(shown.city), country=str(Country(shown.country).label) if shown.country else "")
        card.add("adr").value = place
    card.add("url").value = settings.SITE_URL + shown.url
    if record.orcid:
        card.add("url").value = f"https://orcid.org/{record.orcid}"
    card.add("rev").value = shown.confirmed_on.isoformat()
    text: str = card.serialize()
    return text


def draw_code(address: str, *, scale: int = 8) -> bytes:
    """A QR code of an address, as SVG that may be printed at any size."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", scale=scale, border=4, xmldecl=False, title=address, nl=False)
    return out.getvalue()
