"""The photograph and the CV of a profile: processed before the row is locked; replaced files are deleted after commit."""

from typing import Any

from django.core.files.base import File
from django.db import transaction

from accounts.models import User
from exchange.core.access import require
from exchange.core.files import delete_files
from exchange.core.images import prepare_photo
from profiles.domain.profiles import can_edit_profile, refresh_index
from profiles.domain.visibility import with_parts
from profiles.models import ExpertProfile


def save_photo(profile: ExpertProfile, upload: Any, *, by: User) -> ExpertProfile:
    """Set the photograph. Refuses what cannot be read as a picture. The former file is deleted after commit."""
    require(can_edit_profile(by, profile))
    return _replace(profile, "photo", prepare_photo(upload), by=by)


def save_cv(profile: ExpertProfile, upload: File[bytes], *, by: User) -> ExpertProfile:
    """Set the CV (checked by the form or the API before). Its file name is used for the download, never for storage."""
    require(can_edit_profile(by, profile))
    return _replace(profile, "cv", upload, by=by, cv_name=(upload.name or "cv.pdf")[:200])


def remove_file(profile: ExpertProfile, field: str, *, by: User) -> ExpertProfile:
    """Remove the photograph ("photo") or the CV ("cv"); the file is deleted after commit."""
    require(can_edit_profile(by, profile))
    return _replace(profile, field, None, by=by, **({"cv_name": ""} if field == "cv" else {}))


@transaction.atomic
def _replace(profile: ExpertProfile, field: str, content: Any, *, by: User, **changes: Any) -> ExpertProfile:
    locked: ExpertProfile = ExpertProfile.objects.select_for_update(of=("self",)).get(pk=profile.pk)
    require(can_edit_profile(by, locked))
    old_name = getattr(locked, field).name
    setattr(locked, field, content or "")
    for name, value in changes.items():
        setattr(locked, name, value)
    locked.save(update_fields=[field, "updated_at", *changes])
    if old_name:
        delete_files([old_name])
    fresh = with_parts(ExpertProfile.objects.filter(pk=locked.pk)).get()
    refresh_index(fresh)
    return fresh
