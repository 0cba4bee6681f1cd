"""Merge of two profiles of one person, and its undoing within 30 days.

The source stays in the table: hidden from everybody, its own rows unchanged, redirecting to the target. Its content is copied; rows
of other apps are reassigned. `ProfileMerge.moved` records both, so that undoing removes exactly what was copied and keeps what was
written since.
"""

import datetime
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import forget_access
from accounts.models import User
from accounts.signals import access_changed
from accounts.states import Answer
from exchange.core.access import require
from exchange.core.errors import DomainError, StaleError, Text
from exchange.core.files import delete_files, stored_names
from exchange.core.history import record_history
from exchange.core.transitions import apply_transition, require_transition
from profiles.domain.notifications import notify_of_merge
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
)
from profiles.models.merges import UNDO_WITHIN
from profiles.signals import profiles_merged, profiles_unmerged
from profiles.states import FURTHER_KINDS, MergeState, NameKind, Part, narrower

MAX_PROPOSALS = 5
FILLED_IN = (
    *("country", "city", "affiliation_id", "headline", "biography", "biography_language", "experience_years", "phone", "orcid"),
    *("longest_stay_days", "photo", "cv", "cv_name"),
)
EMPTIED = ("city", "headline", "biography", "biography_language", "phone", "orcid", "photo", "cv", "cv_name")
TOGETHER = {"biography_language": "biography", "cv_name": "cv"}
"""Fields that belong together and are copied together or not at all."""
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
"""By relation: the model, and the fields that identify equal rows."""


# ---- proposing and answering -----------------------------------------------------------------------------------------


def maker_of(profile: ExpertProfile) -> tuple[int | None, str]:
    """The institution, or else the country, that imported a profile; neither for a profile that was not imported."""
    record = ImportedExpert.objects.filter(profile=profile).first()
    if record is None:
        return None, ""
    return record.institution_id, "" if record.institution_id else record.source.removeprefix("country:")[:2]


def proposal_blocked_reason(target: ExpertProfile, source: ExpertProfile) -> Text | None:
    """Why a merge of these two cannot be proposed, or None."""
    if target.pk == source.pk or target.merged_into_id or source.merged_into_id:
        return _("These are already one profile.")
    if target.country and source.country and target.country != source.country:
        return _("Only profiles of one country can be merged.")
    if source.user_id is None and maker_of(source) == (None, ""):
        return _("Nobody could confirm this: the other profile has neither an account nor somebody who made it.")
    known = ProfileMerge.objects.filter(Q(target=target, source=source) | Q(target=source, source=target))
    if known.filter(state=MergeState.PROPOSED).exists():
        return _("This has already been proposed and is waiting for an answer.")
    if known.filter(state=MergeState.REFUSED).exists():
        return _("The other person has said that this is somebody else.")
    return None


@transaction.atomic
def propose_merge(target: ExpertProfile, source: ExpertProfile, *, by: User) -> ProfileMerge:
    """Propose to merge another visible profile into one's own. Nothing changes until the other side confirms. Notifies the other side.

    Refuses (DomainError) what `proposal_blocked_reason` names, and more than `MAX_PROPOSALS` open ones.
    """
    require(target.user_id is not None and target.user_id == by.pk)
    require(ExpertProfile.objects.visible_to(by).filter(pk=source.pk).exists())
    locked = lock_profiles(target.pk, source.pk)
    target, source = locked[target.pk], locked[source.pk]
    if blocked_reason := proposal_blocked_reason(target, source):
        raise DomainError(blocked_reason, code="cannot-merge")
    if ProfileMerge.objects.filter(target_user=by, state=MergeState.PROPOSED).count() >= MAX_PROPOSALS:
        raise DomainError(_("Several of your proposals are waiting for an answer. Wait for the answers first."), code="too-many")
    merge = _new(target, source, by=by)
    record_history(merge, transition="propose", by=by, after=merge.state)
    notify_of_merge(merge.pk)
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
    """Confirm, refuse, withdraw or undo (see MERGE_TRANSITIONS). Confirming merges the two, undoing separates them; each exactly once.

    Raises StaleError for a second answer; refuses whatever a receiver of `profiles_merged` refuses. Notifies both sides.
    """
    row = require_transition(merge, transition, by)
    if blocked_reason := merge.blocked_reason(row, by):
        raise DomainError(blocked_reason, code="cannot-merge")
    locked = lock_profiles(merge.target_id, merge.source_id)
    apply_transition(merge, transition, by=by)
    merge.refresh_from_db()
    if transition == "confirm":
        _merge(merge, locked[merge.target_id], locked[merge.source_id], by=by)
    if transition == "undo":
        _unmerge(merge, locked[merge.target_id], locked[merge.source_id], by=by)
    notify_of_merge(merge.pk)
    return merge


def merge_claimed(target: ExpertProfile, source: ExpertProfile, *, by: User) -> ProfileMerge:
    """Merge a claimed profile into the user's own: its maker has invited them, so both sides have agreed. Call with both rows locked."""
    if target.merged_into_id or source.merged_into_id or source.user_id:
        raise StaleError
    merge = _new(target, source, by=by, state=MergeState.MERGED)
    record_history(merge, transition="claim", by=by, after=merge.state)
    _merge(merge, target, source, by=by)
    notify_of_merge(merge.pk)
    return merge


def lock_profiles(*ids: int) -> dict[int, ExpertProfile]:
    """Lock the rows until the end of the transaction, in the order of their ids to avoid deadlocks."""
    rows = ExpertProfile.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    locked = {row.pk: row for row in rows}
    if set(ids) - locked.keys():
        raise StaleError
    return locked


# ---- merging ----------------------------------------------------------------------------------------------------


def _merge(merge: ProfileMerge, target: ExpertProfile, source: ExpertProfile, *, by: User) -> None:
    if (
        target.user_id != merge.target_user_id
        or source.user_id != merge.source_user_id
        or target.merged_into_id
        or source.merged_into_id
    ):
        raise StaleError
    moved: dict[str, Any] = {"apps": {}}
    # Before the profile's own rows change, so that the receivers still see whose it was.
    for _receiver, returned in profiles_merged.send(ExpertProfile, target_id=target.pk, source_id=source.pk):
        moved["apps"] |= returned or {}
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
    """Fill empty fields of the target, and take the narrower audience of each part; returns old and new values by field."""
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
    """The values of a row, without its id and owner."""
    return {
        field.attname: field.value_to_string(row) if field.get_internal_type() == "DateField" else getattr(row, field.attname)
        for field in row._meta.concrete_fields  # noqa: SLF001 -- Django documents it
        if field.name not in {"id", "profile"}
    }


def _copy(name: str, target: ExpertProfile, source: ExpertProfile) -> list[dict[str, Any]]:
    """Copy the rows the target does not have; returns their values."""
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
    """A spelling of a kind the target lacks keeps its kind; others become further spellings. A second passport name is not copied: documents need exactly one."""
    existing = list(PersonName.objects.filter(profile=target))
    kinds, texts = {row.kind for row in existing}, {row.full for row in existing}
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
    """Copy availability only when the target has none."""
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
    """Withdraw the other open proposals about the source."""
    others = ProfileMerge.objects.filter(Q(target=source) | Q(source=source), state=MergeState.PROPOSED).exclude(pk=merge.pk)
    for other in others.order_by("pk"):
        if ProfileMerge.objects.filter(pk=other.pk, state=MergeState.PROPOSED).update(state=MergeState.WITHDRAWN):
            record_history(other, transition="withdraw", by=None, before=other.state, after=MergeState.WITHDRAWN)


# ---- undoing ----------------------------------------------------------------------------------------------


def _unmerge(merge: ProfileMerge, target: ExpertProfile, source: ExpertProfile, *, by: User) -> None:
    if source.merged_into_id != target.pk:
        raise DomainError(_("One of the two has since been merged into another profile. Undo that merge first."), code="merged-on")
    moved = merge.moved
    for name, rows in moved["copies"].items():
        _take_back(COPIED[name][0], target, rows)
    PortfolioCase.objects.filter(pk__in=moved["cases"], profile=target).update(profile=source)
    ExpertProfile.objects.filter(pk__in=moved["tombstones"], merged_into=target).update(merged_into=source)
    _undo_fill(target, source, moved["filled"])
    source.user_id, source.merged_into = merge.source_user_id, None
    try:
        with transaction.atomic():
            source.save(update_fields=["user", "merged_into", "photo", "cv", "updated_at"])
    except IntegrityError as error:
        raise DomainError(_("The other account has since created a new profile and would have two."), code="has-profile") from error
    profiles_unmerged.send(ExpertProfile, target_id=target.pk, source_id=source.pk, moved=moved["apps"])
    ProfileMerge.objects.filter(pk=merge.pk).update(moved={})
    merge.moved = {}
    record_history(target, transition="unmerge", by=by, data={"source": source.pk, "merge": merge.pk})
    record_history(source, transition="unmerged", by=by, data={"target": target.pk, "merge": merge.pk})
    _finish(target, source, merge, by=by)


def _take_back(model: Any, target: ExpertProfile, rows: list[dict[str, Any]]) -> None:
    """Delete the rows that still equal the copied ones, even if a later save of the section has recreated them."""
    for values in rows:
        row = model.objects.filter(profile=target, **values).order_by("-pk").first()
        if row is not None:
            row.delete()


def _undo_fill(target: ExpertProfile, source: ExpertProfile, filled: dict[str, list[Any]]) -> None:
    """Clear copied fields that are unchanged; files go back to the source."""
    for name, (before, after) in filled.items():
        if _plain(getattr(target, name)) == after:
            setattr(target, name, before)
            if name in {"photo", "cv"}:
                setattr(source, name, after)
    target.save()


def _finish(target: ExpertProfile, source: ExpertProfile, merge: ProfileMerge, *, by: User) -> None:
    """Update index columns, clear cached access, notify both sides."""
    for profile in (target, source):
        refresh_index(with_parts(ExpertProfile.objects.filter(pk=profile.pk)).get())
    forget_access(by)
    for user_id in filter(None, (merge.target_user_id, merge.source_user_id)):
        access_changed.send(User, user_id=user_id)


# ---- expiry ------------------------------------------------------------------------------------------------------


@transaction.atomic
def expire_merges(before: datetime.datetime | None = None, limit: int = 200) -> int:
    """End the undo period of merges older than `before` (default: 30 days ago): delete `moved` and the content of the sources; returns how many."""
    before = before or timezone.now() - UNDO_WITHIN
    due = ProfileMerge.objects.select_for_update(skip_locked=True).filter(state=MergeState.MERGED, merged_at__lt=before)
    merges = list(due.exclude(moved={}).order_by("pk")[:limit])
    for merge in merges:
        source = ExpertProfile.objects.filter(pk=merge.source_id, merged_into__isnull=False).first()
        if source is not None:
            for model, _same in COPIED.values():
                model.objects.filter(profile=source).delete()
            delete_files(stored_names(source))
            empty: dict[str, Any] = dict.fromkeys(EMPTIED, "")
            ExpertProfile.objects.filter(pk=source.pk).update(**empty, affiliation=None, experience_years=None)
            ImportedExpert.objects.filter(profile=source).update(email="")
        ProfileMerge.objects.filter(pk=merge.pk).update(moved={})
        record_history(merge, transition="forget", by=None, before=merge.state, after=merge.state)
    return len(merges)
