"""Two profiles of one person become one, and two again when it was a mistake.

The one that goes stays in the table as an empty place: hidden from everybody, its own rows untouched, leading to the one that stays.
What it said is copied; what other rooms hold of it is led over. `ProfileMerge.moved` remembers both, so that undoing takes back
exactly what came, and leaves what the person has written since.
"""

import datetime
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.signals import standing_changed
from accounts.standing import forget_standing
from accounts.states import Answer
from exchange.core.access import require
from exchange.core.errors import DomainError, StaleError, Text
from exchange.core.files import delete_files, stored_names
from exchange.core.history import record_history
from exchange.core.moves import apply_move, require_move
from profiles.domain.profiles import refresh_index
from profiles.domain.telling import tell_of_merge
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
from profiles.signals import profiles_merged, profiles_parted
from profiles.states import FURTHER_KINDS, MergeState, NameKind, Part, narrower

MOST_PROPOSALS = 5
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


def objection_to_proposing(kept: ExpertProfile, gone: ExpertProfile) -> Text | None:
    """Why these two cannot be proposed as one person's, or None."""
    if kept.pk == gone.pk or kept.merged_into_id or gone.merged_into_id:
        return _("These are already one profile.")
    if kept.country and gone.country and kept.country != gone.country:
        return _("Only profiles of one country can be merged.")
    if gone.user_id is None and maker_of(gone) == (None, ""):
        return _("Nobody could confirm this: the other profile has neither an account nor somebody who made it.")
    known = ProfileMerge.objects.filter(Q(kept=kept, gone=gone) | Q(kept=gone, gone=kept))
    if known.filter(state=MergeState.PROPOSED).exists():
        return _("This has already been proposed and is waiting for an answer.")
    if known.filter(state=MergeState.REFUSED).exists():
        return _("The other person has said that this is somebody else.")
    return None


@transaction.atomic
def propose_merge(kept: ExpertProfile, gone: ExpertProfile, *, by: User) -> ProfileMerge:
    """Say that a profile one sees is one's own as well. Nothing changes until the other side confirms. Notifies them.

    Refuses (DomainError) what `objection_to_proposing` names, and more than `MOST_PROPOSALS` open ones.
    """
    require(kept.user_id is not None and kept.user_id == by.pk)
    require(ExpertProfile.objects.visible_to(by).filter(pk=gone.pk).exists())
    held = hold_profiles(kept.pk, gone.pk)
    kept, gone = held[kept.pk], held[gone.pk]
    if objection := objection_to_proposing(kept, gone):
        raise DomainError(objection, code="cannot-merge")
    if ProfileMerge.objects.filter(kept_user=by, state=MergeState.PROPOSED).count() >= MOST_PROPOSALS:
        raise DomainError(_("Several of your proposals are waiting for an answer. Wait for the answers first."), code="too-many")
    merge = _new(kept, gone, by=by)
    record_history(merge, move="propose", by=by, after=merge.state)
    tell_of_merge(merge.pk)
    return merge


def _new(kept: ExpertProfile, gone: ExpertProfile, *, by: User, **rest: Any) -> ProfileMerge:
    institution_id, country = maker_of(gone) if gone.user_id is None else (None, "")
    return ProfileMerge.objects.create(
        kept=kept,
        gone=gone,
        kept_user=by,
        gone_user_id=gone.user_id,
        made_by_institution_id=institution_id,
        made_by_country=country,
        **rest,
    )


@transaction.atomic
def move_merge(merge: ProfileMerge, move: str, *, by: User) -> ProfileMerge:
    """Confirm, refuse, withdraw or undo (see MERGE_MOVES). Confirming makes the two one, undoing makes them two; each exactly once.

    Refuses a second answer as stale, and whatever a receiver of `profiles_merged` refuses. Notifies them.
    """
    row = require_move(merge, move, by)
    if objection := merge.objection(row, by):
        raise DomainError(objection, code="cannot-merge")
    held = hold_profiles(merge.kept_id, merge.gone_id)
    apply_move(merge, move, by=by)
    merge.refresh_from_db()
    if move == "confirm":
        _join(merge, held[merge.kept_id], held[merge.gone_id], by=by)
    if move == "undo":
        _part(merge, held[merge.kept_id], held[merge.gone_id], by=by)
    tell_of_merge(merge.pk)
    return merge


def merge_claimed(kept: ExpertProfile, gone: ExpertProfile, *, by: User) -> ProfileMerge:
    """A claim by somebody who has a profile: who made the other has invited them, so both sides have said yes. Call with both rows held."""
    if kept.merged_into_id or gone.merged_into_id or gone.user_id:
        raise StaleError
    merge = _new(kept, gone, by=by, state=MergeState.MERGED)
    record_history(merge, move="claim", by=by, after=merge.state)
    _join(merge, kept, gone, by=by)
    tell_of_merge(merge.pk)
    return merge


def hold_profiles(*ids: int) -> dict[int, ExpertProfile]:
    """Both rows until the end of the transaction, locked in the order of their ids so that nobody waits in a circle."""
    rows = ExpertProfile.objects.select_for_update(of=("self",)).defer("search").filter(pk__in=ids).order_by("pk")
    held = {row.pk: row for row in rows}
    if set(ids) - held.keys():
        raise StaleError
    return held


# ---- becoming one ----------------------------------------------------------------------------------------------------


def _join(merge: ProfileMerge, kept: ExpertProfile, gone: ExpertProfile, *, by: User) -> None:
    if kept.user_id != merge.kept_user_id or gone.user_id != merge.gone_user_id or kept.merged_into_id or gone.merged_into_id:
        raise StaleError
    moved: dict[str, Any] = {"rooms": {}}
    # Before the rows of the profile itself, so that the rooms still see whose it was.
    for _receiver, told in profiles_merged.send(ExpertProfile, kept_id=kept.pk, gone_id=gone.pk):
        moved["rooms"] |= told or {}
    moved["copies"] = {name: COPIERS.get(name, _copy)(name, kept, gone) for name in COPIED}
    moved["cases"] = list(PortfolioCase.objects.filter(profile=gone).values_list("pk", flat=True))
    PortfolioCase.objects.filter(pk__in=moved["cases"]).update(profile=kept)
    moved["filled"] = _fill(kept, gone)
    moved["tombstones"] = list(ExpertProfile.objects.filter(merged_into=gone).values_list("pk", flat=True))
    ExpertProfile.objects.filter(pk__in=moved["tombstones"]).update(merged_into=kept)
    gone.user, gone.merged_into = None, kept
    gone.save(update_fields=["user", "merged_into", "photo", "cv", "updated_at"])
    now = timezone.now()
    ClaimInvitation.objects.filter(profile=gone, answer="").update(answer=Answer.ACCEPTED, answered_at=now)
    _withdraw_others(merge, gone)
    ProfileMerge.objects.filter(pk=merge.pk).update(moved=moved, merged_at=now)
    merge.moved, merge.merged_at = moved, now
    record_history(kept, move="merge", by=by, data={"gone": gone.pk, "merge": merge.pk})
    record_history(gone, move="merged", by=by, data={"kept": kept.pk, "merge": merge.pk})
    _finish(kept, gone, merge, by=by)


def _fill(kept: ExpertProfile, gone: ExpertProfile) -> dict[str, list[Any]]:
    """Fill what the kept one leaves open, and narrow what the other showed to fewer; gives old and new values by field."""
    filled: dict[str, list[Any]] = {}
    for name in FILLED_IN:
        mine, theirs = _plain(getattr(kept, name)), _plain(getattr(gone, name))
        wanted = TOGETHER.get(name) in filled if name in TOGETHER else mine in {"", None} and theirs not in {"", None}
        if wanted:
            filled[name] = [mine, theirs]
            setattr(kept, name, theirs)
            if name in {"photo", "cv"}:
                setattr(gone, name, "")
    if gone.user_id is not None:
        audiences = {str(part): narrower(kept.audience_of(part), gone.audience_of(part)) for part in Part.values}
        if audiences != {str(part): kept.audience_of(part) for part in Part.values}:
            filled["audiences"] = [kept.audiences, audiences]
            kept.audiences = audiences
    kept.save()
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


def _copy(name: str, kept: ExpertProfile, gone: ExpertProfile) -> list[dict[str, Any]]:
    """Copy the rows the kept one does not have; gives what they say."""
    model, same = COPIED[name]
    known = {tuple(getattr(row, part) for part in same) for row in model.objects.filter(profile=kept)}
    dois = set(Publication.objects.filter(profile=kept).exclude(doi="").values_list("doi", flat=True))
    rows = [
        row
        for row in model.objects.filter(profile=gone).order_by("pk")
        if tuple(getattr(row, part) for part in same) not in known and getattr(row, "doi", None) not in dois
    ]
    return _add(model, kept, [_values(row) for row in rows])


def _copy_names(name: str, kept: ExpertProfile, gone: ExpertProfile) -> list[dict[str, Any]]:
    """A spelling the kept one has none of keeps its kind; others become further ones. A second passport name is not taken: it is for papers."""
    held = list(PersonName.objects.filter(profile=kept))
    kinds, texts = {row.kind for row in held}, {row.full for row in held}
    wanted = []
    for row in PersonName.objects.filter(profile=gone).order_by("pk"):
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
    return _add(PersonName, kept, wanted)


def _copy_windows(name: str, kept: ExpertProfile, gone: ExpertProfile) -> list[dict[str, Any]]:
    """Only where the kept one says nothing about when."""
    if AvailabilityWindow.objects.filter(profile=kept).exists():
        return []
    return _add(AvailabilityWindow, kept, [_values(row) for row in AvailabilityWindow.objects.filter(profile=gone)])


def _add(model: Any, kept: ExpertProfile, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    model.objects.bulk_create([model(profile=kept, **values) for values in rows])
    return rows


COPIERS: dict[str, Callable[[str, ExpertProfile, ExpertProfile], list[dict[str, Any]]]] = {
    "names": _copy_names,
    "windows": _copy_windows,
}


def _withdraw_others(merge: ProfileMerge, gone: ExpertProfile) -> None:
    """What else was proposed about the profile that is gone has no object any more."""
    others = ProfileMerge.objects.filter(Q(kept=gone) | Q(gone=gone), state=MergeState.PROPOSED).exclude(pk=merge.pk)
    for other in others.order_by("pk"):
        if ProfileMerge.objects.filter(pk=other.pk, state=MergeState.PROPOSED).update(state=MergeState.WITHDRAWN):
            record_history(other, move="withdraw", by=None, before=other.state, after=MergeState.WITHDRAWN)


# ---- becoming two again ----------------------------------------------------------------------------------------------


def _part(merge: ProfileMerge, kept: ExpertProfile, gone: ExpertProfile, *, by: User) -> None:
    if gone.merged_into_id != kept.pk:
        raise DomainError(_("One of the two has since been merged into another profile. Undo that merge first."), code="merged-on")
    moved = merge.moved
    for name, rows in moved["copies"].items():
        _take_back(COPIED[name][0], kept, rows)
    PortfolioCase.objects.filter(pk__in=moved["cases"], profile=kept).update(profile=gone)
    ExpertProfile.objects.filter(pk__in=moved["tombstones"], merged_into=kept).update(merged_into=gone)
    _empty(kept, gone, moved["filled"])
    gone.user_id, gone.merged_into = merge.gone_user_id, None
    try:
        with transaction.atomic():
            gone.save(update_fields=["user", "merged_into", "photo", "cv", "updated_at"])
    except IntegrityError as error:
        raise DomainError(_("The other account has since created a new profile and would have two."), code="has-profile") from error
    profiles_parted.send(ExpertProfile, kept_id=kept.pk, gone_id=gone.pk, moved=moved["rooms"])
    ProfileMerge.objects.filter(pk=merge.pk).update(moved={})
    merge.moved = {}
    record_history(kept, move="unmerge", by=by, data={"gone": gone.pk, "merge": merge.pk})
    record_history(gone, move="unmerged", by=by, data={"kept": kept.pk, "merge": merge.pk})
    _finish(kept, gone, merge, by=by)


def _take_back(model: Any, kept: ExpertProfile, rows: list[dict[str, Any]]) -> None:
    """Delete the rows that still say what was copied, whether or not a later save of the section has written them anew."""
    for values in rows:
        row = model.objects.filter(profile=kept, **values).order_by("-pk").first()
        if row is not None:
            row.delete()


def _empty(kept: ExpertProfile, gone: ExpertProfile, filled: dict[str, list[Any]]) -> None:
    """Take out what was filled in and still stands as it came; files go back to whose they were."""
    for name, (before, after) in filled.items():
        if _plain(getattr(kept, name)) == after:
            setattr(kept, name, before)
            if name in {"photo", "cv"}:
                setattr(gone, name, after)
    kept.save()


def _finish(kept: ExpertProfile, gone: ExpertProfile, merge: ProfileMerge, *, by: User) -> None:
    """Index columns, standings, news."""
    for profile in (kept, gone):
        refresh_index(with_parts(ExpertProfile.objects.filter(pk=profile.pk)).get())
    forget_standing(by)
    for user_id in filter(None, (merge.kept_user_id, merge.gone_user_id)):
        standing_changed.send(User, user_id=user_id)


# ---- forgetting ------------------------------------------------------------------------------------------------------


@transaction.atomic
def forget_merges(before: datetime.datetime | None = None, limit: int = 200) -> int:
    """Drop what is kept for undoing merges from before a moment (30 days ago), and what the empty places still said; returns how many."""
    before = before or timezone.now() - UNDO_WITHIN
    due = ProfileMerge.objects.select_for_update(skip_locked=True).filter(state=MergeState.MERGED, merged_at__lt=before)
    merges = list(due.exclude(moved={}).order_by("pk")[:limit])
    for merge in merges:
        gone = ExpertProfile.objects.filter(pk=merge.gone_id, merged_into__isnull=False).first()
        if gone is not None:
            for model, _same in COPIED.values():
                model.objects.filter(profile=gone).delete()
            delete_files(stored_names(gone))
            empty: dict[str, Any] = dict.fromkeys(EMPTIED, "")
            ExpertProfile.objects.filter(pk=gone.pk).update(**empty, affiliation=None, experience_years=None)
            ImportedExpert.objects.filter(profile=gone).update(email="")
        ProfileMerge.objects.filter(pk=merge.pk).update(moved={})
        record_history(merge, move="forget", by=None, before=merge.state, after=merge.state)
    return len(merges)
