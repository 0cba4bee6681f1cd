"""Pictures of works at three sizes, upright and without anything the camera wrote beside them."""

import contextlib
import logging
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image, ImageOps, UnidentifiedImageError

from exchange.core.uploads import MAX_PIXELS
from profiles.models import CasePicture
from profiles.models.portfolio import WIDTHS

logger = logging.getLogger(__name__)
QUALITY = 80


def draw_sizes(stored: Any) -> tuple[dict[str, bytes], tuple[int, int]]:
    """Each size as WebP, never larger than the picture itself, and the width and height of the largest. Raises OSError or ValueError."""
    with Image.open(stored, formats=["JPEG", "PNG", "WEBP"]) as image:
        if image.width * image.height > MAX_PIXELS:
            raise ValueError("too many pixels")
        image.draft("RGB", (max(WIDTHS.values()) * 2, max(WIDTHS.values()) * 2))
        turned = ImageOps.exif_transpose(image).convert("RGBA" if "transparency" in image.info or "A" in image.mode else "RGB")
    drawn: dict[str, bytes] = {}
    largest = turned.size
    for name, width in sorted(WIDTHS.items(), key=lambda row: -row[1]):
        if turned.width > width:
            turned = turned.resize((width, max(1, round(turned.height * width / turned.width))), Image.Resampling.LANCZOS)
        if not drawn:
            largest = turned.size
        out = BytesIO()
        # a picture of its own: nothing the reader of the file kept beside the pixels goes along
        clean = Image.new(turned.mode, turned.size)
        clean.paste(turned)
        clean.save(out, "WEBP", quality=QUALITY, method=4)
        drawn[name] = out.getvalue()
    return drawn, largest


@transaction.atomic
def make_sizes(picture_id: int) -> None:
    """Make the sizes of a picture once and throw the upload away; one that cannot be read is marked so. Does nothing the second time."""
    picture = CasePicture.objects.select_for_update().filter(pk=picture_id).first()
    if picture is None or not picture.upload:
        return
    upload, storage = str(picture.upload.name), picture.upload.storage
    try:
        with storage.open(upload) as stored:
            drawn, (picture.width, picture.height) = draw_sizes(stored)
    except (UnidentifiedImageError, FileNotFoundError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        logger.info("picture %s cannot be read: %s", picture_id, error)
        picture.failed = True
    except OSError as error:
        # Pillow says so of a file that is cut short; trying again would not mend it.
        logger.warning("picture %s cannot be read: %s", picture_id, error)
        picture.failed = True
    else:
        for name, content in drawn.items():
            getattr(picture, name).save(f"{name}.webp", ContentFile(content), save=False)
    picture.upload = ""
    picture.save()
    transaction.on_commit(lambda: forget_files(storage, [upload]), robust=True)


def forget_files(storage: Any, names: list[str]) -> None:
    """Delete files whose rows are gone; one that is not there any more is no trouble."""
    for name in names:
        with contextlib.suppress(FileNotFoundError):
            storage.delete(name)


def file_names(picture: CasePicture) -> list[str]:
    """Everything stored for a picture."""
    return [str(stored.name) for stored in (picture.upload, picture.small, picture.medium, picture.large) if stored]
