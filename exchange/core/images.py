"""Uploaded pictures: known by their content, rotated upright, without metadata, resized."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

from exchange.core.errors import DomainError

PHOTO_SIDE = 640
SMALL_SIDE = 96
"""Of a photograph in a list: twice the drawn size, for dense screens."""
PHOTO_QUALITY = 84
PICTURE_QUALITY = 80
MAX_PIXELS = 60_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
UNREADABLE = (
    *(UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, RuntimeError, MemoryError),
    *(Image.DecompressionBombError, Image.DecompressionBombWarning),
)
"""What Pillow and libheif raise for files that are no picture, damaged, or too large."""

register_heif_opener(thumbnails=False)


def open_picture(stream: Any) -> Image.Image:
    """A picture of a known format, opened and not decoded yet. Raises one of UNREADABLE, ValueError for too many pixels."""
    image: Image.Image = Image.open(stream, formats=FORMATS)
    if image.width * image.height > MAX_PIXELS:
        image.close()
        raise ValueError("too many pixels")
    return image


def upright(image: Image.Image, side: int) -> Image.Image:
    """The whole picture decoded, the right way up, as RGB or RGBA; a JPEG may be reduced to not less than `side`. Raises one of UNREADABLE."""
    image.draft("RGB", (side, side))
    image.load()
    turned = ImageOps.exif_transpose(image)
    if turned.mode.startswith("I") or turned.mode == "F":  # 16 bits a pixel, which Pillow would cut off instead of scaling
        turned = turned.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    transparent = "transparency" in image.info or turned.mode in {"RGBA", "LA", "PA", "RGBa", "La"}
    return turned.convert("RGBA" if transparent else "RGB")


def prepare_photo(upload: Any) -> ContentFile[bytes]:
    """A photograph of at most 640 px a side, as JPEG. Raises DomainError `photo` when it cannot be read."""
    try:
        upload.seek(0)
        with open_picture(upload) as image:
            turned = upright(image, PHOTO_SIDE * 2)
        turned.thumbnail((PHOTO_SIDE, PHOTO_SIDE), Image.Resampling.LANCZOS)
        ground = Image.new("RGB", turned.size, "white")
        ground.paste(turned, mask=turned.getchannel("A") if turned.mode == "RGBA" else None)
    except UNREADABLE as error:
        raise DomainError(_("This picture cannot be read. Save it again as JPEG."), code="photo") from error
    out = BytesIO()
    ground.save(out, "JPEG", quality=PHOTO_QUALITY, optimize=True, progressive=True)
    return ContentFile(out.getvalue(), name="photo.jpg")


def shrink_photo(stored: Any) -> bytes:
    """A stored photograph at the size of a list, at most SMALL_SIDE px a side, as JPEG. Raises one of UNREADABLE when it cannot be read."""
    with open_picture(stored) as image:
        turned = upright(image, SMALL_SIDE * 2).convert("RGB")
    turned.thumbnail((SMALL_SIDE, SMALL_SIDE), Image.Resampling.LANCZOS)
    out = BytesIO()
    turned.save(out, "JPEG", quality=PICTURE_QUALITY)
    return out.getvalue()


def resize_picture(stored: Any, widths: Mapping[str, int]) -> tuple[dict[str, bytes], tuple[int, int]]:
    """A picture at each of these widths (px) as WebP, never larger than itself, and the width and height of the largest.

    Raises one of UNREADABLE when it cannot be read, ValueError for too many pixels.
    """
    with open_picture(stored) as image:
        turned = upright(image, max(widths.values()) * 2)
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
