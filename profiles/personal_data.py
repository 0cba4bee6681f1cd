"""Personal data of this app: export, erasure and retention."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.db.models import CASCADE, Q

from accounts.models import User
from exchange.core.files import delete_files, stored_names
from exchange.core.personal_data import (
    Piece,
    StoredFile,
    Table,
    delete_batch,
    delete_related,
    options,
    relations_of,
    row_of,
)
from profiles.domain.profile_merge import expire_merges
from profiles.domain.profiles import refresh_index
from profiles.domain.visibility import with_parts
from profiles.models import ClaimInvitation, ExpertProfile, ProfileMerge
from profiles.models.experts import ERASED_NAME
from profiles.signals import profile_changed
from profiles.states import Audience

CHUNK = 500
PROFILE_FIELDS = (
    *("shown_name", "latin_name", "country", "city", "affiliation", "headline", "biography", "biography_language"),
    *("experience_years", "phone", "orcid", "lead_time_days", "longest_stay_days", "audience", "audiences"),
    *("confirmed_on", "created_at", "updated_at", "completeness"),
)


def files_of(row: Any, name: str = "") -> Iterator[StoredFile]:
    """The stored files of a row; without a file name of their own they use the stored one."""
    for path in stored_names(row):
        yield StoredFile(path, name or path.rpartition("/")[2])


LEFT_OUT = frozenset({"profiles.ClaimInvitation", "profiles.ProfileMerge", "profiles.ExpertProfile"})
"""Related tables that are not exported: they are about others too, or about merged profiles, whose content was copied."""


def export_profile(user: User) -> Iterator[Piece]:
    """The profile with all its parts, whatever their audience, and the files that belong to it."""
    profile = ExpertProfile.objects.filter(user=user).select_related("affiliation").first()
    if profile is None:
        return
    yield Table("profile", [row_of(profile, *PROFILE_FIELDS)])
    for relation in options(profile).related_objects:
        model: Any = relation.related_model
        if options(model).label in LEFT_OUT or options(model).app_label != "profiles" or relation.on_delete is not CASCADE:
            continue
        rows = model._base_manager.filter(**{relation.field.name: profile}).order_by("pk")  # noqa: SLF001 -- Django documents it
        yield Table(options(model).model_name, (row_of(row) for row in rows.iterator(chunk_size=CHUNK)))
        for row in rows.iterator(chunk_size=CHUNK):
            yield from files_of(row)
    merges = ProfileMerge.objects.filter(Q(target=profile) | Q(source=profile)).order_by("pk")
    yield Table("merges", (row_of(row, "state", "created_at", "merged_at") for row in merges))
    for case in profile.cases.prefetch_related("pictures"):
        for picture in case.pictures.all():
            largest = picture.large or picture.upload
            if largest:
                path = str(largest.name)
                yield StoredFile(path, f"portfolio-{case.pk}-{path.rpartition('/')[2]}")
    if profile.photo:
        yield StoredFile(str(profile.photo.name), "photo.jpg")
    if profile.cv:
        yield StoredFile(str(profile.cv.name), profile.cv_name or "cv.pdf")


def erase_profile(profile: ExpertProfile, kept: frozenset[str]) -> None:
    """Delete the profile; when an application or a placement depends on it, keep a row with nothing but its country.

    Profiles merged into it are deleted first. Rows of the tables in `kept` stay.
    """
    for part in ExpertProfile.objects.filter(merged_into=profile).select_for_update(of=("self",)):
        erase_profile(part, kept)
    delete_related(profile, kept)
    delete_files(name for name in stored_names(profile) if not _is_shared(profile, name))
    if not _is_rested_on(profile):
        pk = profile.pk
        profile.delete()
        profile_changed.send(ExpertProfile, profile_id=pk)
        return
    empty = {
        field.name: field.get_default()
        for field in options(profile).concrete_fields
        if field.name not in {"id", "user", "country", "is_demo", "created_at", "updated_at", "affiliation", "merged_into"}
    }
    ExpertProfile.objects.filter(pk=profile.pk).update(
        **empty | {"audience": Audience.ONLY_ME, "affiliation": None, "photo": "", "cv": ""}
    )
    refresh_index(with_parts(ExpertProfile.objects.filter(pk=profile.pk)).get())
    ExpertProfile.objects.filter(pk=profile.pk).update(shown_name=ERASED_NAME, latin_name="", sort_name="")


def _is_shared(profile: ExpertProfile, name: str) -> bool:
    """Whether a merge gave this file to another profile too."""
    return ExpertProfile.objects.filter(Q(photo=name) | Q(cv=name)).exclude(pk=profile.pk).exists()


def _is_rested_on(profile: ExpertProfile) -> bool:
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: profile}).exists()  # noqa: SLF001 -- Django documents it
        for relation in relations_of(profile)
    )


def end_claim_invitations(before: datetime.datetime, most: int) -> int:
    return delete_batch(ClaimInvitation.objects.filter(expires_at__lt=before), most)


def end_merges(before: datetime.datetime, most: int) -> int:
    return expire_merges(before, most)
