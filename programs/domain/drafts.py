"""New drafts: created by an institution, or copied from an earlier programme."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from exchange.core.access import require
from exchange.core.countries import Country
from exchange.core.errors import DomainError, Text
from exchange.core.history import record_history
from exchange.core.translated import Translated, clean_translations
from institutions.models import Institution
from institutions.states import InstitutionState
from programs.domain.programs import refresh_index
from programs.domain.zones import zone_for
from programs.models import CountryQuota, Criterion, Program, Question, RequiredLanguage
from programs.rules import may_edit
from programs.states import ProgramState

MAX_SLUG_LENGTH = 80


def posting_blocked_reason(institution: Institution) -> Text | None:
    """Why this institution may not post programmes now, or None."""
    if institution.state == InstitutionState.VERIFIED:
        return None
    if institution.state == InstitutionState.SUSPENDED:
        return gettext_lazy("The institution is suspended: a coordinator of its country has to verify it again.")
    return gettext_lazy("A coordinator of the country has to verify the institution before it posts programmes.")


def _require_posting(institution: Institution, by: User) -> None:
    require(may_edit(by, institution.pk), _("Only owners and editors of the institution can post its programmes."))
    blocked_reason = posting_blocked_reason(institution)
    if blocked_reason:
        raise DomainError(blocked_reason, code="unverified")


@dataclass(frozen=True)
class NewProgram:
    """The first facts of a programme. Without a city, that of the institution is used."""

    kind: str
    title: Any
    starts: datetime.date
    ends: datetime.date
    seats: int
    city: str = ""


@transaction.atomic
def create_program(institution: Institution, facts: NewProgram, *, by: User) -> Program:
    """Create a draft, visible to the institution's team. Refuses users who may not edit, and institutions that are not verified."""
    _require_posting(institution, by)
    if facts.ends < facts.starts:
        raise DomainError(_("The end date is before the start date."), code="dates")
    title = clean_translations(facts.title)
    program = Program(
        institution=institution,
        kind=facts.kind,
        title=title,
        country=institution.country,
        city=facts.city or institution.city,
        starts=facts.starts,
        ends=facts.ends,
        seats=facts.seats,
        deadline_zone=zone_for(institution),
        eligible_countries=sorted(set(Country.values) - {institution.country}),
        is_demo=by.is_demo,
    )
    insert_with_slug(program, title, institution)
    record_history(program, transition="create", after=program.state, by=by)
    refresh_index(program)
    return program


def insert_with_slug(program: Program, title: Translated, institution: Institution) -> None:
    """Save with an unused slug, made from the English title or the host's name."""
    words = slugify(title.get("en", ""))[:MAX_SLUG_LENGTH].strip("-") or f"{institution.slug[:40]}-{program.kind}"
    program.slug = words
    while True:
        try:
            with transaction.atomic():
                program.save(force_insert=True)
        except IntegrityError:
            if not Program.objects.filter(slug=program.slug).exists():
                raise
            program.slug = f"{words}-{get_random_string(4, 'abcdefghjkmnpqrstuvwxyz23456789')}"
        else:
            return


@transaction.atomic
def clone_program(program: Program, *, by: User) -> Program:
    """Copy a programme to a new draft, with its form and rubric; dates are moved by whole years into the future.

    State, history and applications are not copied. Refuses as `create_program`.
    """
    institution = program.institution
    _require_posting(institution, by)
    years = years_ahead(program.starts)
    copy = Program(
        institution=institution,
        starts=add_years(program.starts, years),
        ends=add_years(program.ends, years),
        deadline=program.deadline and _deadline_ahead(program, years),
        is_demo=by.is_demo,
        **{name: getattr(program, name) for name in COPIED},
    )
    insert_with_slug(copy, program.title, institution)
    copy.concepts.set(program.concepts.all())
    for model in (CountryQuota, RequiredLanguage, Question, Criterion):
        _copy_rows(model, program, copy)
    record_history(copy, transition="create", after=ProgramState.DRAFT, by=by, data={"clone_of": program.pk})
    refresh_index(copy)
    return copy


COPIED = (
    "kind",
    "title",
    "summary",
    "description",
    "funding",
    "country",
    "city",
    "modality",
    "deadline_zone",
    "seats",
    "eligible_countries",
    "minimum_experience",
    "offer_days",
    "approval_days",
)


def _copy_rows(model: Any, source: Program, target: Program) -> None:
    rows = list(model.objects.filter(program=source))
    for row in rows:
        row.pk = None
        row.program = target
    model.objects.bulk_create(rows)


def years_ahead(starts: datetime.date) -> int:
    """The number of years the dates of a copy are moved: at least one, so that they are in the future."""
    today = datetime.datetime.now(tz=datetime.UTC).date()
    return max(1, next(years for years in range(1, 400) if add_years(starts, years) > today))


def add_years(day: datetime.date, years: int) -> datetime.date:
    """The same day some years later; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _deadline_ahead(program: Program, years: int) -> datetime.datetime | None:
    """The same local time in the programme's zone, `years` later."""
    if program.deadline is None:
        return None
    there = program.deadline.astimezone(program.zone)
    return datetime.datetime.combine(add_years(there.date(), years), there.time(), tzinfo=program.zone)
