"""Creating and editing one's profile. Every action locks the row, checks the owner, updates the index columns and sends `profile_changed`."""

import contextlib
import datetime
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import forget_access
from accounts.domain.consents import record_consent
from accounts.models import User
from accounts.signals import access_changed
from accounts.states import ConsentKind, ConsentWay
from exchange.core.access import require
from exchange.core.errors import DomainError
from exchange.core.formsets import MAX_ROWS
from exchange.core.lines import clean_line
from profiles.domain.completeness import completeness_of
from profiles.domain.visibility import fields_in_order, with_parts
from profiles.models import (
    Accreditation,
    AvailabilityWindow,
    Competence,
    Education,
    ExpertProfile,
    LanguageSkill,
    PersonName,
    PortfolioCase,
    Position,
    ProfileField,
    Publication,
)
from profiles.signals import profile_changed
from profiles.states import FURTHER_KINDS, Audience, NameKind, Part, audiences_of_part, narrower
from vocabulary.domain.vocabulary import vocabulary

WORK_FIELDS = ("country", "city", "affiliation", "headline", "biography", "biography_language", "experience_years", "phone")


def can_edit_profile(user: Any, profile: ExpertProfile) -> bool:
    """Only the profile's own user."""
    return profile.user_id is not None and profile.user_id == user.pk


def own_profile(user: Any) -> ExpertProfile | None:
    """The profile of this account with all its parts, or None."""
    return with_parts(ExpertProfile.objects.filter(user_id=user.pk)).first()


def create_profile(user: User, *, by: User, country: str, names: Mapping[str, Mapping[str, str]]) -> ExpertProfile:
    """Create the profile of an account with country and names (see `save_names`); a second call only saves the names.

    Refuses to create it for another user. Sends `access_changed` and `profile_changed`.
    """
    require(by.pk == user.pk)
    with transaction.atomic():
        profile = ExpertProfile.objects.filter(user=user).first()
        if profile is None:
            with contextlib.suppress(IntegrityError), transaction.atomic():
                ExpertProfile.objects.create(user=user, country=country, is_demo=user.is_demo)
            profile = ExpertProfile.objects.get(user=user)
            forget_access(user)
            access_changed.send(User, user_id=user.pk)
        return save_names(profile, names, by=by)


@transaction.atomic
def save_names(
    profile: ExpertProfile,
    names: Mapping[str, Mapping[str, str]],
    *,
    by: User,
    spellings: Iterable[Mapping[str, str]] | None = None,
) -> ExpertProfile:
    """Set the spellings by kind (given, family, patronymic, language); a kind given without text is removed, one not given is not changed.

    `spellings`, when given, replaces the further ones (former, in publications, other), each with its `kind`; duplicates count once.
    An account that has no name of its own for messages yet takes this one. Refuses a profile left without any name.
    """
    profile = lock_profile(profile, by)
    for kind, parts in names.items():
        texts = _name_texts(parts)
        if any(texts.values()):
            PersonName.objects.update_or_create(
                profile=profile, kind=NameKind(kind), defaults=texts | {"language": parts.get("language", "")}
            )
        else:
            PersonName.objects.filter(profile=profile, kind=kind).delete()
    if spellings is not None:
        _replace_spellings(profile, _limited(spellings))
    saved = finish_edit(profile)
    if not saved.shown_name:
        raise DomainError(_("A profile needs a name."), code="no-name")
    if saved.user is not None and not saved.user.name:
        User.objects.filter(pk=saved.user.pk, name="").update(name=saved.shown_name[:150])
    return saved


def _name_texts(parts: Mapping[str, str]) -> dict[str, str]:
    """The parts of a name as stored; `whole` is kept only until the name is split."""
    texts = {part: clean_line(parts.get(part, ""), 80) for part in ("given", "family", "patronymic")}
    return texts | {"whole": "" if any(texts.values()) else clean_line(parts.get("whole", ""), 250)}


def _replace_spellings(profile: ExpertProfile, rows: list[Mapping[str, str]]) -> None:
    wanted: dict[tuple[str, ...], PersonName] = {}
    for row in rows:
        kind, texts = NameKind(row["kind"]), _name_texts(row)
        if kind in FURTHER_KINDS and any(texts.values()):
            spelling = PersonName(profile=profile, kind=kind, language=row.get("language", ""), **texts)
            wanted.setdefault((kind, *texts.values()), spelling)
    PersonName.objects.filter(profile=profile, kind__in=FURTHER_KINDS).delete()
    PersonName.objects.bulk_create(wanted.values())


@transaction.atomic
def save_work(profile: ExpertProfile, *, by: User, **changes: Any) -> ExpertProfile:
    """Set any of the fields of `WORK_FIELDS`."""
    profile = lock_profile(profile, by)
    for name in changes.keys() & set(WORK_FIELDS):
        setattr(profile, name, changes[name])
    return finish_edit(profile)


@transaction.atomic
def save_fields(profile: ExpertProfile, rows: Sequence[tuple[int, bool]], *, by: User) -> ExpertProfile:
    """Set the fields of work: (concept id, primary). A concept named twice counts once, as primary if either says so."""
    profile = lock_profile(profile, by)
    chosen: dict[int, bool] = {}
    for concept_id, primary in _limited(rows):
        chosen[concept_id] = chosen.get(concept_id, False) or primary
    profile.profile_fields.all().delete()
    ProfileField.objects.bulk_create(
        [ProfileField(profile=profile, concept_id=pk, primary=primary) for pk, primary in chosen.items()]
    )
    return finish_edit(profile)


@transaction.atomic
def save_competences(profile: ExpertProfile, rows: Iterable[Mapping[str, Any]], *, by: User) -> ExpertProfile:
    """Set the rows of competence: technique_id, material_id, object_type_id, level, last_year, evidence. Equal rows count once."""
    profile = lock_profile(profile, by)
    wanted: dict[tuple[Any, ...], Competence] = {}
    for row in _limited(rows):
        about = (row.get("technique_id"), row.get("material_id"), row.get("object_type_id"))
        if any(about):
            wanted.setdefault(about, Competence(profile=profile, **row))
    profile.competences.all().delete()
    Competence.objects.bulk_create(wanted.values())
    return finish_edit(profile)


@transaction.atomic
def save_languages(profile: ExpertProfile, rows: Iterable[Mapping[str, Any]], *, by: User) -> ExpertProfile:
    """Set the languages: language, level, can_teach. Refuses a language named twice."""
    profile = lock_profile(profile, by)
    skills = [LanguageSkill(profile=profile, **row) for row in _limited(rows)]
    if len({skill.language for skill in skills}) < len(skills):
        raise DomainError(_("A language is listed twice."), code="language-twice")
    profile.languages.all().delete()
    LanguageSkill.objects.bulk_create(skills)
    return finish_edit(profile)


@transaction.atomic
def save_availability(
    profile: ExpertProfile,
    windows: Iterable[tuple[datetime.date, datetime.date]],
    *,
    by: User,
    lead_time_days: int,
    longest_stay_days: int | None,
) -> ExpertProfile:
    """Set when the person can travel, the notice they need and their longest stay. Windows that touch or overlap become one."""
    profile = lock_profile(profile, by)
    profile.lead_time_days, profile.longest_stay_days = lead_time_days, longest_stay_days
    profile.windows.all().delete()
    AvailabilityWindow.objects.bulk_create(
        [AvailabilityWindow(profile=profile, starts=starts, ends=ends) for starts, ends in merged(_limited(windows))]
    )
    return finish_edit(profile)


@transaction.atomic
def save_audiences(profile: ExpertProfile, *, by: User, audience: str, audiences: Mapping[str, str]) -> ExpertProfile:
    """Set who may see the profile, and each part of it. Takes effect at once, in search and lists too.

    Opening it to everyone, and closing it again, is recorded as a consent.
    """
    profile = lock_profile(profile, by)
    if profile.user is not None:
        record_consent(profile.user, ConsentKind.PUBLIC_PROFILE, given=audience == Audience.EVERYONE, way=ConsentWay.PROFILE)
    profile.audience = Audience(audience)
    profile.audiences = {Part(part): narrower(chosen, audiences_of_part(part)[0]) for part, chosen in audiences.items()}
    return finish_edit(profile)


@transaction.atomic
def confirm_profile(profile: ExpertProfile, *, by: User) -> ExpertProfile:
    """Confirm that the profile is up to date: sets the date that readers see."""
    profile = lock_profile(profile, by)
    return finish_edit(profile)


def refresh_index(profile: ExpertProfile) -> None:
    """Update the columns that lists read from the rows, and send `profile_changed`. Called by every action, and by imports."""
    profile.filled_sections = filled_sections_of(profile)
    prepare_index(profile)
    ExpertProfile.objects.filter(pk=profile.pk).update(
        filled_sections=profile.filled_sections,
        shown_name=profile.shown_name,
        latin_name=profile.latin_name,
        sort_name=profile.sort_name,
        field_ids=profile.field_ids,
        language_codes=profile.language_codes,
        completeness=profile.completeness,
    )
    profile_changed.send(ExpertProfile, profile_id=profile.pk)


def filled_sections_of(profile: ExpertProfile) -> list[str]:
    """The kinds of records the profile has, in one query."""
    kinds: dict[str, Any] = {
        "accreditations": Accreditation,
        "education": Education,
        "portfolio": PortfolioCase,
        "positions": Position,
        "publications": Publication,
    }
    there = [Exists(model.objects.filter(profile=OuterRef("pk"))) for model in kinds.values()]
    answers = ExpertProfile.objects.filter(pk=profile.pk).values_list(*there).first() or ()
    return [kind for kind, answer in zip(kinds, answers, strict=False) if answer]


def prepare_index(profile: ExpertProfile) -> None:
    """Set the index columns on the instance from its rows, without saving. They are empty for a merged profile: it is not listed."""
    if profile.merged_into_id is not None:
        profile.shown_name = profile.latin_name = profile.sort_name = ""
        profile.field_ids, profile.language_codes, profile.completeness = [], [], 0
        return
    spelled = {name.kind: name for name in profile.names.all()}
    native = spelled.get(NameKind.NATIVE) or spelled.get(NameKind.RUSSIAN) or spelled.get(NameKind.LATIN)
    latin = spelled.get(NameKind.LATIN) or (native if native and is_latin(native.full) else None)
    profile.shown_name = native.short if native else ""
    profile.latin_name = latin.short if latin else ""
    profile.sort_name = latin.sort_key if latin else profile.shown_name.casefold()
    rows = fields_in_order(profile)
    words = vocabulary()
    broader = [above for row in rows for above in words.ancestors(row.concept_id)]
    profile.field_ids = list(dict.fromkeys([*(row.concept_id for row in rows), *broader]))
    profile.language_codes = [row.language for row in profile.languages.all()]
    profile.completeness = completeness_of(profile).percent


def is_latin(text: str) -> bool:
    """Whether every letter is Latin."""
    return all("LATIN" in unicodedata.name(char, "") for char in text if unicodedata.category(char) in {"Lu", "Ll", "Lt", "Lo"})


def merged(windows: Iterable[tuple[datetime.date, datetime.date]]) -> list[tuple[datetime.date, datetime.date]]:
    """The same days in as few windows as possible, in order."""
    found: list[tuple[datetime.date, datetime.date]] = []
    for starts, ends in sorted(windows):
        if found and starts <= found[-1][1] + datetime.timedelta(days=1):
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((starts, ends))
    return found


def _limited(rows: Iterable[Any]) -> list[Any]:
    kept = list(rows)
    if len(kept) > MAX_ROWS:
        raise DomainError(_("Too many rows."), code="too-many")
    return kept


def lock_profile(profile: ExpertProfile, by: User) -> ExpertProfile:
    """The row, locked until the end of the transaction. Raises Refusal when `by` may not edit it."""
    locked: ExpertProfile = ExpertProfile.objects.select_for_update(of=("self",)).get(pk=profile.pk)
    require(can_edit_profile(by, locked))
    return locked


def finish_edit(profile: ExpertProfile) -> ExpertProfile:
    """Save the row as confirmed today and bring its index columns up to date. Returns it reloaded, with all its parts."""
    profile.confirmed_on = timezone.now().date()
    profile.save()
    fresh = with_parts(ExpertProfile.objects.filter(pk=profile.pk)).get()
    refresh_index(fresh)
    return fresh
