"""Export of search results as a table, for those who may export. Reads page by page, with the reader's visibility."""

import datetime
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.access import access_of
from exchange.core.countries import Country
from exchange.core.towns import town
from institutions.models import Institution
from institutions.states import InstitutionState
from profiles.domain.visibility import VisibleProfile, profile_for_reader, with_parts
from profiles.models import ExpertProfile
from programs.models import Program
from search.domain.params import SearchParams
from search.domain.ranking import MAX_HITS, search
from search.models import SearchKind
from vocabulary.domain.vocabulary import concept_titles

MAX_ROWS = 5000


def can_export(user: Any) -> bool:
    """Coordinators, the secretariat, and those who review for a verified institution."""
    access = access_of(user)
    if access.is_coordinator or access.secretariat:
        return True
    hosts = access.reviewed_institutions
    return bool(hosts) and Institution.objects.filter(pk__in=hosts, state=InstitutionState.VERIFIED).exists()


def export_rows(user: Any, search_params: SearchParams) -> Iterator[list[str]]:
    """A row of headings, a row for each result, and, when there are more than MAX_ROWS, a last one that says so.

    The rows are produced while they are being sent, in the language and the time zone of the call.
    """
    return _rows_in(translation.get_language() or settings.LANGUAGE_CODE, timezone.get_current_timezone(), user, search_params)


def _rows_in(language: str, zone: datetime.tzinfo, user: Any, search_params: SearchParams) -> Iterator[list[str]]:
    headings, write = _SHEETS[SearchKind(search_params.kind)]
    with translation.override(language):
        first = headings()
    yield first
    cursor, written = "", 0
    while True:
        with translation.override(language), timezone.override(zone):
            result = search(user, search_params.request(limit=min(MAX_HITS, MAX_ROWS - written), cursor=cursor))
            rows = write(user, [hit.object_id for hit in result.hits])
        yield from rows
        written, cursor = written + len(result.hits), result.cursor
        if not cursor:
            return
        if written >= MAX_ROWS:
            break
    with translation.override(language):
        last = _("Only the first %(count)s are here. Narrow the search to get the others.") % {"count": MAX_ROWS}
    yield [last]


# ---- experts ---------------------------------------------------------------------------------------------------------


def _expert_headings() -> list[str]:
    return [
        pgettext("column of a sheet", "Name"),
        pgettext("column of a sheet", "In Latin letters"),
        pgettext("column of a sheet", "Also written"),
        pgettext("column of a sheet", "Country"),
        pgettext("column of a sheet", "City"),
        pgettext("column of a sheet", "What they do"),
        pgettext("column of a sheet", "Fields"),
        pgettext("column of a sheet", "Competences"),
        pgettext("column of a sheet", "Languages"),
        pgettext("column of a sheet", "Affiliation"),
        pgettext("column of a sheet", "Available"),
        pgettext("column of a sheet", "E-mail"),
        pgettext("column of a sheet", "Phone"),
        pgettext("column of a sheet", "Confirmed on"),
        pgettext("column of a sheet", "Address of the page"),
    ]


def _experts(user: Any, ids: Sequence[int]) -> list[list[str]]:
    rows = with_parts(ExpertProfile.objects.visible_to(user)).in_bulk(ids)
    return [_expert(profile_for_reader(rows[pk], user)) for pk in ids if pk in rows]


def _expert(shown: VisibleProfile) -> list[str]:
    """The visible parts; what is hidden is an empty cell, like what is not filled in."""
    return [
        shown.name,
        shown.latin_name,
        "; ".join(shown.also_written),
        _country(shown.country),
        town(shown.city),
        shown.headline,
        "; ".join(term.title for term in shown.fields),
        "; ".join(
            " · ".join(filter(None, (row.technique_title, row.material_title, row.object_title, str(row.level_label))))
            for row in shown.competences
        ),
        "; ".join(f"{skill.get_language_display()} {skill.get_level_display()}" for skill in shown.languages),
        str(shown.affiliation.name) if shown.affiliation else "",
        "; ".join(f"{starts:%Y-%m-%d} – {ends:%Y-%m-%d}" for starts, ends in shown.upcoming_spans),
        shown.email,
        shown.phone,
        shown.confirmed_on.isoformat(),
        settings.SITE_URL + shown.url,
    ]


# ---- programmes ------------------------------------------------------------------------------------------------------


def _program_headings() -> list[str]:
    return [
        pgettext("column of a sheet", "Programme"),
        pgettext("column of a sheet", "Kind"),
        pgettext("column of a sheet", "State"),
        pgettext("column of a sheet", "Host institution"),
        pgettext("column of a sheet", "Country"),
        pgettext("column of a sheet", "City"),
        pgettext("column of a sheet", "Begins"),
        pgettext("column of a sheet", "Ends"),
        pgettext("column of a sheet", "Deadline"),
        pgettext("column of a sheet", "Places"),
        pgettext("column of a sheet", "Subjects"),
        pgettext("column of a sheet", "Address of the page"),
    ]


def _programs(user: Any, ids: Sequence[int]) -> list[list[str]]:
    rows = Program.objects.visible_to(user).select_related("institution").prefetch_related("concepts").in_bulk(ids)
    return [_program(rows[pk]) for pk in ids if pk in rows]


def _program(program: Program) -> list[str]:
    deadline = program.deadline
    return [
        str(program.title),
        str(program.get_kind_display()),
        str(program.get_state_display()),
        str(program.institution.name),
        _country(program.country),
        town(program.city),
        program.starts.isoformat(),
        program.ends.isoformat(),
        timezone.localtime(deadline).isoformat(sep=" ", timespec="minutes") if deadline else "",
        str(program.seats),
        "; ".join(concept_titles([concept.pk for concept in program.concepts.all()])),
        settings.SITE_URL + program.get_absolute_url(),
    ]


# ---- institutions ----------------------------------------------------------------------------------------------------


def _institution_headings() -> list[str]:
    return [
        pgettext("column of a sheet", "Institution"),
        pgettext("column of a sheet", "In other languages"),
        pgettext("column of a sheet", "Kind"),
        pgettext("column of a sheet", "Country"),
        pgettext("column of a sheet", "City"),
        pgettext("column of a sheet", "Website"),
        pgettext("column of a sheet", "Verification"),
        pgettext("column of a sheet", "Fields"),
        pgettext("column of a sheet", "Address of the page"),
    ]


def _institutions(user: Any, ids: Sequence[int]) -> list[list[str]]:
    rows = Institution.objects.visible_to(user).prefetch_related("fields").in_bulk(ids)
    return [_institution(rows[pk]) for pk in ids if pk in rows]


def _institution(institution: Institution) -> list[str]:
    name = str(institution.name)
    return [
        name,
        "; ".join(dict.fromkeys(text for text in institution.name.values() if text != name)),
        str(institution.get_kind_display()),
        _country(institution.country),
        town(institution.city),
        institution.website,
        str(institution.get_state_display()),
        "; ".join(concept_titles([concept.pk for concept in institution.fields.all()])),
        settings.SITE_URL + institution.get_absolute_url(),
    ]


def _country(code: str) -> str:
    return str(Country(code).label) if code in Country.values else ""


Sheet = tuple[Callable[[], list[str]], Callable[[Any, Sequence[int]], list[list[str]]]]
_SHEETS: dict[SearchKind, Sheet] = {
    SearchKind.EXPERT: (_expert_headings, _experts),
    SearchKind.PROGRAM: (_program_headings, _programs),
    SearchKind.INSTITUTION: (_institution_headings, _institutions),
}
