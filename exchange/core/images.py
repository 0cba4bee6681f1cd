"""Uploaded pictures: rotated upright, without metadata, resized."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from exchange.core.errors import DomainError
from exchange.core.uploads import MAX_PIXELS

PHOTO_SIDE = 640
PHOTO_QUALITY = 84
PICTURE_QUALITY = 80


def prepare_photo(upload: Any) -> ContentFile[bytes]:
    """A photograph of at most 640 px a side, as JPEG. Raises DomainError `photo` when it cannot be read."""
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


def resize_picture(stored: Any, widths: Mapping[str, int]) -> tuple[dict[str, bytes], tuple[int, int]]:
    """A picture at each of these widths (px) as WebP, never larger than itself, and the width and height of the largest.

    Raises OSError, SyntaxError or ValueError when it cannot be read, ValueError for too many pixels.
    """
    with Image.open(stored, formats=["JPEG", "PNG", "WEBP"]) as image:
        if image.width * image.height > MAX_PIXELS:
            raise ValueError("too many pixels")
        image.draft("RGB", (max(widths.values()) * 2, max(widths.values()) * 2))
        turned = ImageOps.exif_transpose(image).convert("RGBA" if "transparency" in image.info or "A" in image.mode else "RGB")
    drawn: dict[str, bytes] = {}
    largest = turned.size
    for name, width in sorted(widths.items(), key=lambda row: -row[1]):
        if turned.width > width:
            turned = turned.resize((width, max(1, round(turned.height * width / turned.width))), Image.Resampling.LANCZOS)
        if not drawn:
            largest = turned.size
        out = BytesIO()
        # a new image: no metadata of the source is copied
        clean = Image.new(turned.mode, turned.size)
        clean.paste(turned)
        clean.save(out, "WEBP", quality=PICTURE_QUALITY, method=4)
        drawn[name] = out.getvalue()
    return drawn, largest
