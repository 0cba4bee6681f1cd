"""Changing what a programme says, section by section: facts and texts, dates, places, needs, topics.

Every action here holds the seat lock, refuses a stale version, refuses what would hurt those who applied, counts the version up,
writes one history row and sends `program_changed`.
"""

import datetime
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from exchange.core.access import require
from exchange.core.errors import DomainError, StaleError
from exchange.core.history import record_history
from profiles.domain.vocabulary import vocabulary
from profiles.models import User
from programs.domain.programs import refresh_index
from programs.domain.publishing import missing_for_publishing
from programs.domain.seats import lock_program
from programs.domain.usage import Usage, taken_by_country, usage_of
from programs.models import CountryQuota, Program, RequiredLanguage
from programs.rules import Quota, may_edit
from programs.states import ProgramState

EDITABLE_STATES = (
    ProgramState.DRAFT,
    ProgramState.PUBLISHED,
    ProgramState.CLOSED,
    ProgramState.DECIDED,
    ProgramState.RUNNING,
)
MAX_TOPICS = 40


class StaleEditError(StaleError):
    """Somebody saved in the meantime; `fresh` is the programme as it stands now."""

    def __init__(self, fresh: Program) -> None:
        super().__init__()
        self.fresh = fresh


@contextmanager
def editing(program: Program, section: str, *, by: User, version: int | None) -> Iterator[Program]:
    """The programme, locked and checked; what is changed inside is counted, written down and told when the block ends.

    Raises Refusal for anybody but the host's owners and editors, DomainError when it is over, StaleEditError when `version` is not the
    current one (None skips that check, for those who change one thing that cannot collide).
    """
    require(may_edit(by, program.institution_id), _("Only owners and editors of the host institution change a programme."))
    with transaction.atomic():
        locked = lock_program(program.pk)
        if locked.state not in EDITABLE_STATES:
            raise DomainError(_("This programme is over; it is kept as it was."), code="over")
        if version is not None and version != locked.version:
            raise StaleEditError(locked)
        yield locked
        _require_whole(locked, section)
        locked.version += 1
        Program.objects.filter(pk=locked.pk).update(version=locked.version)
        record_history(locked, transition="edit", before=locked.state, after=locked.state, by=by, data={"section": section})
        refresh_index(locked)
    program.refresh_from_db()


def _require_whole(program: Program, section: str) -> None:
    """A programme that people read and apply to stays as complete as it had to be to be published."""
    if program.state == ProgramState.DRAFT or (section == "dates" and program.state != ProgramState.PUBLISHED):
        return
    missing = [thing.text for thing in missing_for_publishing(program) if thing.section == section]
    if missing:
        raise DomainError(_("A published programme needs: %(missing)s") % {"missing": " ".join(missing)}, code="incomplete")


def write_fields(program: Program, **values: Any) -> None:
    """Check and save these fields; what is empty is left to `missing_for_publishing`. Raises DomainError in the words of the field."""
    for name, value in values.items():
        setattr(program, name, value)
    filled = {name for name in values if getattr(program, name)}
    untouched = {field.name for field in program._meta.get_fields()} - filled  # noqa: SLF001 -- documented
    try:
        program.clean_fields(exclude=untouched)
    except ValidationError as error:
        raise DomainError(" ".join(error.messages), code="invalid") from error
    program.save(update_fields=list(values))


def edit_texts(
    program: Program, *, by: User, version: int | None, kind: str, title: Any, summary: Any, description: Any, funding: Any
) -> Program:
    """What it is, in up to seven languages. Refused when a published programme would lose its title or summary."""
    with editing(program, "texts", by=by, version=version) as locked:
        write_fields(locked, kind=kind, title=title, summary=summary, description=description, funding=funding)
    return program


def edit_dates(
    program: Program,
    *,
    by: User,
    version: int | None,
    modality: str,
    city: str,
    starts: datetime.date,
    ends: datetime.date,
    deadline: datetime.datetime | None,
    deadline_zone: str,
    offer_days: int,
    approval_days: int,
) -> Program:
    """Where and when. Refused: a nearer deadline while applications are taken; other days when places are offered or accepted."""
    with editing(program, "dates", by=by, version=version) as locked:
        if ends < starts:
            raise DomainError(_("The end date is before the start date."), code="dates")
        moved = (starts, ends) != (locked.starts, locked.ends)
        if moved and any(taken_by_country(locked.pk).values()):
            raise DomainError(
                _("Places are offered or accepted for these days: they cannot be changed here any more."), code="taken"
            )
        _require_no_nearer_deadline(locked, deadline)
        write_fields(
            locked,
            modality=modality,
            city=city,
            starts=starts,
            ends=ends,
            deadline=deadline,
            deadline_zone=deadline_zone,
            offer_days=offer_days,
            approval_days=approval_days,
        )
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
    program: Program, *, by: User, version: int | None, seats: int, eligible_countries: list[str], quotas: Mapping[str, Quota]
) -> Program:
    """Seats, who may come, and what is kept for whom. Refused when places taken would not fit or applicants would be shut out."""
    with editing(program, "places", by=by, version=version) as locked:
        _require_room(seats, quotas, taken_by_country(locked.pk))
        shut_out = set(locked.eligible_countries) - set(eligible_countries)
        if any(usage_of(locked.pk).begun.get(country) for country in shut_out):
            raise DomainError(
                _("Experts of a country that you take away have begun to apply: the country has to stay."), code="begun"
            )
        write_fields(locked, seats=seats, eligible_countries=sorted(eligible_countries))
        CountryQuota.objects.filter(program=locked).delete()
        CountryQuota.objects.bulk_create(
            CountryQuota(program=locked, country=country, reserved=quota.reserved, most=quota.most)
            for country, quota in sorted(quotas.items())
            if quota != Quota()
        )
    return program


def _require_room(seats: int, quotas: Mapping[str, Quota], taken: Mapping[str, int]) -> None:
    """Nobody who was offered or has accepted a place may lose it by an edit."""
    if seats < sum(taken.values()):
        words = _("Places offered or accepted already: %(taken)s. There cannot be fewer places than that.")
        raise DomainError(words % {"taken": sum(taken.values())}, code="taken")
    if any(quota.most is not None and quota.most < taken.get(country, 0) for country, quota in quotas.items()):
        raise DomainError(_("A country has more places offered or accepted than it would be allowed."), code="taken")
    needed = sum(max(quotas.get(country, Quota()).reserved, taken.get(country, 0)) for country in {*quotas, *taken})
    if taken and needed > seats:
        words = _("Places kept and places taken need %(needed)s places together; there would be %(seats)s.")
        raise DomainError(words % {"needed": needed, "seats": seats}, code="taken")


def edit_needs(
    program: Program, *, by: User, version: int | None, minimum_experience: int, languages: Mapping[str, int]
) -> Program:
    """Languages with their levels, and years of practice. Can be eased at any time; not tightened once people have begun to apply."""
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
        raise DomainError(_("People have begun to apply: what is asked of them can be eased now, not raised."), code="begun")


def edit_topics(program: Program, *, by: User, version: int | None, concepts: Collection[int]) -> Program:
    """What is taught and practised, in concepts of the vocabulary. Refused: unknown ones, or more than 40."""
    with editing(program, "topics", by=by, version=version) as locked:
        if len(set(concepts)) > MAX_TOPICS:
            raise DomainError(_("Choose at most %(most)s.") % {"most": MAX_TOPICS}, code="too-many")
        known = vocabulary()
        if any(concept not in known for concept in concepts):
            raise DomainError(_("One of these is no longer in the vocabulary. Choose again."), code="unknown")
        locked.concepts.set(set(concepts))
    return program
