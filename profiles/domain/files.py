"""The photograph and the CV of a profile: made ready before the row is held, old ones deleted after commit."""

from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from accounts.models import User
from exchange.core.access import require
from exchange.core.errors import DomainError
from exchange.core.files import delete_files
from profiles.domain.profiles import can_edit_profile, refresh_index
from profiles.domain.visibility import with_parts
from profiles.models import ExpertProfile

PHOTO_SIDE = 640
PHOTO_QUALITY = 84


def prepare_photo(upload: Any) -> ContentFile[bytes]:
    """The picture upright, at most 640 px a side, as a fresh JPEG: nothing of what the camera wrote beside it is carried over."""
    try:
        upload.seek(0)
        with Image.open(upload, formats=["JPEG", "PNG", "WEBP"]) as image:
            image.draft("RGB", (PHOTO_SIDE * 2, PHOTO_SIDE * 2))
            turned = ImageOps.exif_transpose(image)
            turned.thumbnail((PHOTO_SIDE, PHOTO_SIDE), Image.Resampling.LANCZOS)
            ground = Image.new("RGB", turned.size, "white")
            if turned.mode in {"RGBA", "LA", "PA"} or "transparency" in turned.info:
                alpha = turned.convert("RGBA")
                ground.paste(alpha, mask=alpha.getchannel("A"))
            else:
                ground.paste(turned.convert("RGB"))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise DomainError(_("This picture cannot be read. Save it again as JPEG."), code="photo") from error
    out = BytesIO()
    ground.save(out, "JPEG", quality=PHOTO_QUALITY, optimize=True, progressive=True)
    return ContentFile(out.getvalue(), name="photo.jpg")


def save_photo(profile: ExpertProfile, upload: Any, *, by: User) -> ExpertProfile:
    """Set the photograph. Refuses what cannot be read as a picture. The one before is deleted after commit."""
    require(can_edit_profile(by, profile))
    return _replace(profile, "photo", prepare_photo(upload), by=by)


def save_cv(profile: ExpertProfile, upload: File[bytes], *, by: User) -> ExpertProfile:
    """Set the CV (checked by the form or the API before). Its own name is kept for the download, never for the disk."""
    require(can_edit_profile(by, profile))
    return _replace(profile, "cv", upload, by=by, cv_name=(upload.name or "cv.pdf")[:200])


def remove_file(profile: ExpertProfile, field: str, *, by: User) -> ExpertProfile:
    """Take away the photograph ("photo") or the CV ("cv"); the file is deleted after commit."""
    require(can_edit_profile(by, profile))
    return _replace(profile, field, None, by=by, **({"cv_name": ""} if field == "cv" else {}))


@transaction.atomic
def _replace(profile: ExpertProfile, field: str, content: Any, *, by: User, **changes: Any) -> ExpertProfile:
    held: ExpertProfile = ExpertProfile.objects.select_for_update(of=("self",)).defer("search").get(pk=profile.pk)
    require(can_edit_profile(by, held))
    old_name = getattr(held, field).name
    setattr(held, field, content or "")
    for name, value in changes.items():
        setattr(held, name, value)
    held.save(update_fields=[field, "updated_at", *changes])
    if old_name:
        delete_files([old_name])
    fresh = with_parts(ExpertProfile.objects.filter(pk=held.pk)).get()
    refresh_index(fresh)
    return fresh
