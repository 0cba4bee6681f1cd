"""Editing a programme, section by section: texts, dates, places, requirements, topics.

Every action here takes the seat lock, refuses a stale version and changes that would harm applicants, increments the version, writes
one history row and sends `program_changed`.
"""

import datetime
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from exchange.core.access import require
from exchange.core.errors import DomainError
from exchange.core.history import record_history
from exchange.core.versions import Version, check_version
from programs.domain.programs import refresh_index
from programs.domain.publishing import missing_for_publishing
from programs.domain.seats import lock_program
from programs.domain.usage import Usage, taken_by_country, usage_of
from programs.models import CountryQuota, Program, RequiredLanguage
from programs.rules import Quota, may_edit
from programs.states import ProgramState
from vocabulary.domain.vocabulary import vocabulary

EDITABLE_STATES = (
    ProgramState.DRAFT,
    ProgramState.PUBLISHED,
    ProgramState.CLOSED,
    ProgramState.DECIDED,
    ProgramState.RUNNING,
)
MAX_TOPICS = 40


@contextmanager
def editing(program: Program, section: str, *, by: User, version: Version | None) -> Iterator[Program]:
    """The locked programme; when the block ends, the version is incremented, history written and `program_changed` sent.

    Raises Refusal for anybody but the host's owners and editors, DomainError when the programme is over, StaleError when `version` is not the
    current one (None skips that check, for changes that cannot conflict).
    """
    require(may_edit(by, program.institution_id), _("Only owners and editors of the host institution can change a programme."))
    with transaction.atomic():
        locked = lock_program(program.pk)
        if locked.state not in EDITABLE_STATES:
            raise DomainError(_("This programme is over; it can no longer be changed."), code="over")
        check_version(version, locked.version)
        yield locked
        _require_complete(locked, section)
        locked.version += 1
        Program.objects.filter(pk=locked.pk).update(version=locked.version)
        record_history(locked, transition="edit", before=locked.state, after=locked.state, by=by, data={"section": section})
        refresh_index(locked)
    program.refresh_from_db()


def _require_complete(program: Program, section: str) -> None:
    """A published programme must stay as complete as publishing requires."""
    if program.state == ProgramState.DRAFT or (section == "dates" and program.state != ProgramState.PUBLISHED):
        return
    missing = [thing.text for thing in missing_for_publishing(program) if thing.section == section]
    if missing:
        raise DomainError(_("A published programme needs: %(missing)s") % {"missing": " ".join(missing)}, code="incomplete")


def write_fields(program: Program, **values: Any) -> None:
    """Validate and save these fields; empty ones are left to `missing_for_publishing`. Raises DomainError with the message of the field."""
    for name, value in values.items():
        setattr(program, name, value)
    filled = {name for name in values if getattr(program, name)}
    untouched = {field.name for field in program._meta.get_fields()} - filled  # noqa: SLF001 -- documented
    try:
        program.clean_fields(exclude=untouched)
    except ValidationError as error:
        raise DomainError(" ".join(error.messages), code="invalid") from error
    program.save(update_fields=list(values))


@dataclass(frozen=True)
class ProgramTexts:
    """The texts of a programme, in up to seven languages."""

    kind: str
    title: Any
    summary: Any
    description: Any
    funding: Any


@dataclass(frozen=True)
class ProgramDates:
    """Place and time: dates, deadline, and the number of days to answer an offer."""

    modality: str
    city: str
    starts: datetime.date
    ends: datetime.date
    deadline: datetime.datetime | None
    deadline_zone: str
    offer_days: int
    approval_days: int


def edit_texts(program: Program, texts: ProgramTexts, *, by: User, version: Version | None) -> Program:
    """Change the texts. Refuses to empty the title or summary of a published programme."""
    with editing(program, "texts", by=by, version=version) as locked:
        write_fields(locked, **vars(texts))
    return program


def edit_dates(program: Program, dates: ProgramDates, *, by: User, version: Version | None) -> Program:
    """Change the dates. Refuses an earlier deadline while applications are open, and other dates when places are offered or accepted."""
    with editing(program, "dates", by=by, version=version) as locked:
        if dates.ends < dates.starts:
            raise DomainError(_("The end date is before the start date."), code="dates")
        moved = (dates.starts, dates.ends) != (locked.starts, locked.ends)
        if moved and any(taken_by_country(locked.pk).values()):
            raise DomainError(
                _("Places are offered or accepted for these days: they cannot be changed here any more."), code="taken"
            )
        _require_no_nearer_deadline(locked, dates.deadline)
        write_fields(locked, **vars(dates))
    return program


def _require_no_nearer_deadline(program: Program, deadline: datetime.datetime | None) -> None:
    if program.state != ProgramState.PUBLISHED or program.deadline is None or deadline is None or deadline >= program.deadline:
        return
    raise DomainError(
        _(
            "Applicants rely on the published deadline: it can be moved to a later moment only. To stop earlier, close the programme."
        ),
        code="deadline",
    )


def edit_places(
    program: Program, *, by: User, version: Version | None, seats: int, eligible_countries: list[str], quotas: Mapping[str, Quota]
) -> Program:
    """Change seats, eligible countries and quotas. Refuses fewer places than taken, and to exclude a country with applicants."""
    with editing(program, "places", by=by, version=version) as locked:
        _require_enough_seats(seats, quotas, taken_by_country(locked.pk))
        shut_out = set(locked.eligible_countries) - set(eligible_countries)
        if any(usage_of(locked.pk).begun.get(country) for country in shut_out):
            raise DomainError(
                _("Experts of a country that you remove have begun to apply: the country cannot be removed."), code="begun"
            )
        write_fields(locked, seats=seats, eligible_countries=sorted(eligible_countries))
        CountryQuota.objects.filter(program=locked).delete()
        CountryQuota.objects.bulk_create(
            CountryQuota(program=locked, country=country, reserved=quota.reserved, most=quota.most)
            for country, quota in sorted(quotas.items())
            if quota != Quota()
        )
    return program


def _require_enough_seats(seats: int, quotas: Mapping[str, Quota], taken: Mapping[str, int]) -> None:
    """An edit may not remove places that are offered or accepted."""
    if seats < sum(taken.values()):
        words = _("Places offered or accepted already: %(taken)s. There cannot be fewer places than that.")
        raise DomainError(words % {"taken": sum(taken.values())}, code="taken")
    if any(quota.most is not None and quota.most < taken.get(country, 0) for country, quota in quotas.items()):
        raise DomainError(_("A country has more places offered or accepted than it would be allowed."), code="taken")
    needed = sum(max(quotas.get(country, Quota()).reserved, taken.get(country, 0)) for country in {*quotas, *taken})
    if taken and needed > seats:
        words = _("Reserved and taken places add up to %(needed)s; there would be only %(seats)s.")
        raise DomainError(words % {"needed": needed, "seats": seats}, code="taken")


def edit_needs(
    program: Program, *, by: User, version: Version | None, minimum_experience: int, languages: Mapping[str, int]
) -> Program:
    """Change required languages and years of practice. Lower requirements are always allowed; higher ones are refused once somebody has begun to apply."""
    with editing(program, "needs", by=by, version=version) as locked:
        asked = {row.language: row.level for row in locked.required_languages.all()}
        harder = minimum_experience > locked.minimum_experience or any(
            level > asked.get(language, 0) for language, level in languages.items()
        )
        if harder:
            _require_unused(usage_of(locked.pk))
        write_fields(locked, minimum_experience=minimum_experience)
        RequiredLanguage.objects.filter(program=locked).delete()
        RequiredLanguage.objects.bulk_create(
            RequiredLanguage(program=locked, language=language, level=level) for language, level in sorted(languages.items())
        )
    return program


def _require_unused(usage: Usage) -> None:
    if usage.applications:
        raise DomainError(_("People have begun to apply: requirements can now be relaxed, not tightened."), code="begun")


def edit_topics(program: Program, *, by: User, version: Version | None, concepts: Collection[int]) -> Program:
    """Change the topics, as vocabulary concepts. Refuses unknown ones, and more than 40."""
    with editing(program, "topics", by=by, version=version) as locked:
        if len(set(concepts)) > MAX_TOPICS:
            raise DomainError(_("Choose at most %(most)s.") % {"most": MAX_TOPICS}, code="too-many")
        known = vocabulary()
        if any(concept not in known for concept in concepts):
            raise DomainError(_("One of these is no longer in the vocabulary. Choose again."), code="unknown")
        locked.concepts.set(set(concepts))
    return program
