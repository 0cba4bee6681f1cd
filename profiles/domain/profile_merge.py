"""Two profiles of one person become one, and two again when it was a mistake.

The one that goes stays in the table as an empty place: hidden from everybody, its own rows untouched, leading to the one that stays.
What it said is copied; what other apps hold of it is reassigned. `ProfileMerge.moved` remembers both, so that undoing takes back
exactly what came, and leaves what the person has written since.
"""

import datetime
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exchange.core.access import require
from exchange.core.errors import DomainError, StaleError, Text
from exchange.core.history import record_history
from exchange.core.privacy import forget_files
from exchange.core.transitions import apply_transition, require_transition
from profiles.access import forget_access
from profiles.domain.profiles import refresh_index
from profiles.domain.visibility import with_parts
from profiles.models import (
    Accreditation,
    AvailabilityWindow,
    ClaimInvitation,
    Competence,
    Education,
    ExpertProfile,
    ImportedExpert,
    LanguageSkill,
    PersonName,
    PortfolioCase,
    Position,
    ProfileField,
    ProfileMerge,
    Publication,
    User,
)
from profiles.models.merges import UNDO_WITHIN
from profiles.signals import access_changed, merge_state_changed, profiles_merged, profiles_unmerged
from profiles.states import FURTHER_KINDS, Answer, MergeState, NameKind, Part, narrower

MAX_PROPOSALS = 5
FILLED_IN = (
    *("country", "city", "affiliation_id", "headline", "biography", "biography_language", "experience_years", "phone", "orcid"),
    *("longest_stay_weeks", "photo", "cv", "cv_name"),
)
EMPTIED = ("city", "headline", "biography", "biography_language", "phone", "orcid", "photo", "cv", "cv_name")
TOGETHER = {"biography_language": "biography", "cv_name": "cv"}
"""Fields that only make sense with another, and are filled with it or not at all."""
COPIED: dict[str, tuple[Any, tuple[str, ...]]] = {
    "names": (PersonName, ()),
    "profile_fields": (ProfileField, ("concept_id",)),
    "competences": (Competence, ("technique_id", "material_id", "object_type_id")),
    "languages": (LanguageSkill, ("language",)),
    "windows": (AvailabilityWindow, ()),
    "positions": (Position, ("title", "institution_id", "place", "starts")),
    "education": (Education, ("degree", "institution_id", "place", "year")),
    "accreditations": (Accreditation, ("title", "body", "number")),
    "publications": (Publication, ("title", "year")),
}
"""By relation: the model, and what makes two of its rows say the same."""


# ---- proposing and answering -----------------------------------------------------------------------------------------


def maker_of(profile: ExpertProfile) -> tuple[int | None, str]:
    """The institution, or else the country, that brought a person in from its table; neither when the profile is nobody's work."""
    record = ImportedExpert.objects.filter(profile=profile).first()
    if record is None:
        return None, ""
    return record.institution_id, "" if record.institution_id else record.source.removeprefix("country:")[:2]


def proposal_blocked_reason(target: ExpertProfile, source: ExpertProfile) -> Text | None:
    """Why these two cannot be proposed as one person's, or None."""
    if target.pk == source.pk or target.merged_into_id or source.merged_into_id:
        return _("These are one profile already.")
    if target.country and source.country and target.country != source.country:
        return _("Only profiles of one country can become one.")
    if source.user_id is None and maker_of(source) == (None, ""):
        return _("Nobody could confirm this: the other profile has neither an account nor somebody who made it.")
    known = ProfileMerge.objects.filter(Q(target=target, source=source) | Q(target=source, source=target))
    if known.filter(state=MergeState.PROPOSED).exists():
        return _("This is proposed already and waits for an answer.")
    if known.filter(state=MergeState.REFUSED).exists():
        return _("The other side has said that this is somebody else.")
    return None


@transaction.atomic
def propose_merge(target: ExpertProfile, source: ExpertProfile, *, by: User) -> ProfileMerge:
    """Say that a profile one sees is one's own as well. Nothing changes until the other side confirms. Sends `merge_state_changed`.

    Refuses (DomainError) what `proposal_blocked_reason` names, and more than `MAX_PROPOSALS` open ones.
    """
    require(target.user_id is not None and target.user_id == by.pk)
    require(ExpertProfile.objects.visible_to(by).filter(pk=source.pk).exists())
    held = hold_profiles(target.pk, source.pk)
    target, source = held[target.pk], held[source.pk]
    if blocked_reason := proposal_blocked_reason(target, source):
        raise DomainError(blocked_reason, code="cannot-merge")
    if ProfileMerge.objects.filter(target_user=by, state=MergeState.PROPOSED).count() >= MAX_PROPOSALS:
        raise DomainError(_("Several proposals of yours wait for an answer. Wait for them first."), code="too-many")
    merge = _new(target, source, by=by)
    record_history(merge, transition="propose", by=by, after=merge.state)
    merge_state_changed.send(ProfileMerge, merge_id=merge.pk)
    return merge


def _new(target: ExpertProfile, source: ExpertProfile, *, by: User, **rest: Any) -> ProfileMerge:
    institution_id, country = maker_of(source) if source.user_id is None else (None, "")
    return ProfileMerge.objects.create(
        target=target,
        source=source,
        target_user=by,
        source_user_id=source.user_id,
        made_by_institution_id=institution_id,
        made_by_country=country,
        **rest,
    )


@transaction.atomic
def transition_merge(merge: ProfileMerge, transition: str, *, by: User) -> ProfileMerge:
    """Confirm, refuse, withdraw or undo (see MERGE_MOVES). Confirming makes the two one, undoing makes them two; each exactly once.

    Refuses a second answer as stale, and whatever a receiver of `profiles_merged` refuses. Sends `merge_state_changed`.
    """
    row = require_transition(merge, transition, by)
    if blocked_reason := merge.blocked_reason(row, by):
        raise DomainError(blocked_reason, code="cannot-merge")
    held = hold_profiles(merge.target_id, merge.source_id)
    apply_transition(merge, transition, by=by)
    merge.refresh_from_db()
    if transition == "confirm":
        _join(merge, held[merge.target_id], held[merge.source_id], by=by)
    if transition == "undo":
        _part(merge, held[merge.target_id], held[merge.source_id], by=by)
    merge_state_changed.send(ProfileMerge, merge_id=merge.pk)
    return merge


def merge_claimed(target: ExpertProfile, source: ExpertProfile, *, by: User) -> ProfileMerge:
    """A claim by somebody who has a profile: who made the other has invited them, so both sides have said yes. Call with both rows held."""
    if target.merged_into_id or source.merged_into_id or source.user_id:
        raise StaleError
    merge = _new(target, source, by=by, state=MergeState.MERGED)
    record_history(merge, transition="claim", by=by, after=merge.state)
    _join(merge, target, source, by=by)
    merge_state_changed.send(ProfileMerge, merge_id=merge.pk)
    return merge


def hold_profiles(*ids: int) -> dict[int, ExpertProfile]:
    """Both rows until the end of the transaction, locked in the order of their ids so that nobody waits in a circle."""
    rows = ExpertProfile.objects.select_for_update(of=("self",)).defer("search").filter(pk__in=ids).order_by("pk")
    held = {row.pk: row for row in rows}
    if set(ids) - held.keys():
        raise StaleError
    return held


# ---- becoming one ----------------------------------------------------------------------------------------------------


def _join(merge: ProfileMerge, target: ExpertProfile, source: ExpertProfile, *, by: User) -> None:
    if (
        target.user_id != merge.target_user_id
        or source.user_id != merge.source_user_id
        or target.merged_into_id
        or source.merged_into_id
    ):
        raise StaleError
    moved: dict[str, Any] = {"rooms": {}}
    # Before the rows of the profile itself, so that the apps still see whose it was.
    for _receiver, told in profiles_merged.send(ExpertProfile, target_id=target.pk, source_id=source.pk):
        moved["rooms"] |= told or {}
    moved["copies"] = {name: COPIERS.get(name, _copy)(name, target, source) for name in COPIED}
    moved["cases"] = list(PortfolioCase.objects.filter(profile=source).values_list("pk", flat=True))
    PortfolioCase.objects.filter(pk__in=moved["cases"]).update(profile=target)
    moved["filled"] = _fill(target, source)
    moved["tombstones"] = list(ExpertProfile.objects.filter(merged_into=source).values_list("pk", flat=True))
    ExpertProfile.objects.filter(pk__in=moved["tombstones"]).update(merged_into=target)
    source.user, source.merged_into = None, target
    source.save(update_fields=["user", "merged_into", "photo", "cv", "updated_at"])
    now = timezone.now()
    ClaimInvitation.objects.filter(profile=source, answer="").update(answer=Answer.ACCEPTED, answered_at=now)
    _withdraw_others(merge, source)
    ProfileMerge.objects.filter(pk=merge.pk).update(moved=moved, merged_at=now)
    merge.moved, merge.merged_at = moved, now
    record_history(target, transition="merge", by=by, data={"source": source.pk, "merge": merge.pk})
    record_history(source, transition="merged", by=by, data={"target": target.pk, "merge": merge.pk})
    _finish(target, source, merge, by=by)


def _fill(target: ExpertProfile, source: ExpertProfile) -> dict[str, list[Any]]:
    """Fill what the kept one leaves open, and narrow what the other showed to fewer; gives old and new values by field."""
    filled: dict[str, list[Any]] = {}
    for name in FILLED_IN:
        mine, theirs = _plain(getattr(target, name)), _plain(getattr(source, name))
        wanted = TOGETHER.get(name) in filled if name in TOGETHER else mine in {"", None} and theirs not in {"", None}
        if wanted:
            filled[name] = [mine, theirs]
            setattr(target, name, theirs)
            if name in {"photo", "cv"}:
                setattr(source, name, "")
    if source.user_id is not None:
        audiences = {str(part): narrower(target.audience_of(part), source.audience_of(part)) for part in Part.values}
        if audiences != {str(part): target.audience_of(part) for part in Part.values}:
            filled["audiences"] = [target.audiences, audiences]
            target.audiences = audiences
    target.save()
    return filled


def _plain(value: Any) -> Any:
    return value.name if hasattr(value, "storage") else value


def _values(row: Any) -> dict[str, Any]:
    """What a row says, without its id and owner."""
    return {
        field.attname: field.value_to_string(row) if field.get_internal_type() == "DateField" else getattr(row, field.attname)
        for field in row._meta.concrete_fields  # noqa: SLF001 -- Django documents it
        if field.name not in {"id", "profile"}
    }


def _copy(name: str, target: ExpertProfile, source: ExpertProfile) -> list[dict[str, Any]]:
    """Copy the rows the kept one does not have; gives what they say."""
    model, same = COPIED[name]
    known = {tuple(getattr(row, part) for part in same) for row in model.objects.filter(profile=target)}
    dois = set(Publication.objects.filter(profile=target).exclude(doi="").values_list("doi", flat=True))
    rows = [
        row
        for row in model.objects.filter(profile=source).order_by("pk")
        if tuple(getattr(row, part) for part in same) not in known and getattr(row, "doi", None) not in dois
    ]
    return _add(model, target, [_values(row) for row in rows])


def _copy_names(name: str, target: ExpertProfile, source: ExpertProfile) -> list[dict[str, Any]]:
    """A spelling the kept one has none of keeps its kind; others become further ones. A second passport name is not taken: it is for papers."""
    held = list(PersonName.objects.filter(profile=target))
    kinds, texts = {row.kind for row in held}, {row.full for row in held}
    wanted = []
    for row in PersonName.objects.filter(profile=source).order_by("pk"):
        if row.full in texts and (row.kind in kinds or row.kind in FURTHER_KINDS):
            continue
        values = _values(row)
        if row.kind not in FURTHER_KINDS and row.kind in kinds:
            if row.kind == NameKind.PASSPORT:
                continue
            values["kind"] = NameKind.OTHER
        kinds.add(values["kind"])
        texts.add(row.full)
        wanted.append(values)
    return _add(PersonName, target, wanted)


def _copy_windows(name: str, target: ExpertProfile, source: ExpertProfile) -> list[dict[str, Any]]:
    """Only where the kept one says nothing about when."""
    if AvailabilityWindow.objects.filter(profile=target).exists():
        return []
    return _add(AvailabilityWindow, target, [_values(row) for row in AvailabilityWindow.objects.filter(profile=source)])


def _add(model: Any, target: ExpertProfile, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    model.objects.bulk_create([model(profile=target, **values) for values in rows])
    return rows


COPIERS: dict[str, Callable[[str, ExpertProfile, ExpertProfile], list[dict[str, Any]]]] = {
    "names": _copy_names,
    "windows": _copy_windows,
}


def _withdraw_others(merge: ProfileMerge, source: ExpertProfile) -> None:
    """What else was proposed about the profile that is gone has no object any more."""
    others = ProfileMerge.objects.filter(Q(target=source) | Q(source=source), state=MergeState.PROPOSED).exclude(pk=merge.pk)
    for other in others.order_by("pk"):
        if ProfileMerge.objects.filter(pk=other.pk, state=MergeState.PROPOSED).update(state=MergeState.WITHDRAWN):
            record_history(other, transition="withdraw", by=None, before=other.state, after=MergeState.WITHDRAWN)


# ---- becoming two again ----------------------------------------------------------------------------------------------


def _part(merge: ProfileMerge, target: ExpertProfile, source: ExpertProfile, *, by: User) -> None:
    if source.merged_into_id != target.pk:
        raise DomainError(_("One of the two became part of yet another profile since. Undo that first."), code="merged-on")
    moved = merge.moved
    for name, rows in moved["copies"].items():
        _take_back(COPIED[name][0], target, rows)
    PortfolioCase.objects.filter(pk__in=moved["cases"], profile=target).update(profile=source)
    ExpertProfile.objects.filter(pk__in=moved["tombstones"], merged_into=target).update(merged_into=source)
    _empty(target, source, moved["filled"])
    source.user_id, source.merged_into = merge.source_user_id, None
    try:
        with transaction.atomic():
            source.save(update_fields=["user", "merged_into", "photo", "cv", "updated_at"])
    except IntegrityError as error:
        raise DomainError(_("The other account has made a new profile since. It would have two."), code="has-profile") from error
    profiles_unmerged.send(ExpertProfile, target_id=target.pk, source_id=source.pk, moved=moved["rooms"])
    ProfileMerge.objects.filter(pk=merge.pk).update(moved={})
    merge.moved = {}
    record_history(target, transition="unmerge", by=by, data={"source": source.pk, "merge": merge.pk})
    record_history(source, transition="unmerged", by=by, data={"target": target.pk, "merge": merge.pk})
    _finish(target, source, merge, by=by)


def _take_back(model: Any, target: ExpertProfile, rows: list[dict[str, Any]]) -> None:
    """Delete the rows that still say what was copied, whether or not a later save of the section has written them anew."""
    for values in rows:
        row = model.objects.filter(profile=target, **values).order_by("-pk").first()
        if row is not None:
            row.delete()


def _empty(target: ExpertProfile, source: ExpertProfile, filled: dict[str, list[Any]]) -> None:
    """Take out what was filled in and still stands as it came; files go back to whose they were."""
    for name, (before, after) in filled.items():
        if _plain(getattr(target, name)) == after:
            setattr(target, name, before)
            if name in {"photo", "cv"}:
                setattr(source, name, after)
    target.save()


def _finish(target: ExpertProfile, source: ExpertProfile, merge: ProfileMerge, *, by: User) -> None:
    """Index columns, access, notifications."""
    for profile in (target, source):
        refresh_index(with_parts(ExpertProfile.objects.filter(pk=profile.pk)).get())
    forget_access(by)
    for user_id in filter(None, (merge.target_user_id, merge.source_user_id)):
        access_changed.send(User, user_id=user_id)


# ---- forgetting ------------------------------------------------------------------------------------------------------


@transaction.atomic
def forget_merges(before: datetime.datetime | None = None, limit: int = 200) -> int:
    """Drop what is kept for undoing merges from before a moment (30 days ago), and what the empty places still said; returns how many."""
    before = before or timezone.now() - UNDO_WITHIN
    due = ProfileMerge.objects.select_for_update(skip_locked=True).filter(state=MergeState.MERGED, merged_at__lt=before)
    merges = list(due.exclude(moved={}).order_by("pk")[:limit])
    for merge in merges:
        source = ExpertProfile.objects.filter(pk=merge.source_id, merged_into__isnull=False).first()
        if source is not None:
            for model, _same in COPIED.values():
                model.objects.filter(profile=source).delete()
            forget_files(filter(None, (source.photo.name, source.cv.name)))
            empty: dict[str, Any] = dict.fromkeys(EMPTIED, "")
            ExpertProfile.objects.filter(pk=source.pk).update(**empty, affiliation=None, experience_years=None)
            ImportedExpert.objects.filter(profile=source).update(email="")
        ProfileMerge.objects.filter(pk=merge.pk).update(moved={})
        record_history(merge, transition="forget", by=None, before=merge.state, after=merge.state)
    return len(merges)
