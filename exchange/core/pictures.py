"""Pictures with their texts and rights: stored as uploaded, made small by a worker, shown at three sizes.

An upload is never served. A worker makes the sizes and deletes it; a picture that replaces another is shown once its sizes exist, until
then the older one is, with its own texts.
"""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, ClassVar

from django.core.files.base import ContentFile, File
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exchange.core.errors import DomainError
from exchange.core.files import delete_files, stored_names
from exchange.core.images import UNREADABLE, resize_picture
from exchange.core.versions import Version, check_version, version_of_rows

logger = logging.getLogger(__name__)

WIDTHS = {"small": 480, "medium": 960, "large": 1600}
"""The sizes and their widths (px); a smaller picture is not enlarged."""
RIGHTS = ("alt", "holder", "licence")
"""The texts that every picture has."""


class Licence(models.TextChoices):
    """Under which terms a picture may be used by others."""

    RESERVED = "reserved", pgettext_lazy("licence", "All rights reserved")
    CC_BY = "cc-by", pgettext_lazy("licence", "CC BY 4.0")
    CC_BY_SA = "cc-by-sa", pgettext_lazy("licence", "CC BY-SA 4.0")
    CC_BY_NC = "cc-by-nc", pgettext_lazy("licence", "CC BY-NC 4.0")
    CC0 = "cc0", pgettext_lazy("licence", "CC0, no rights reserved")
    PUBLIC_DOMAIN = "public", pgettext_lazy("licence", "Public domain")


@dataclass(frozen=True)
class VisiblePicture:
    """A picture at its sizes: `(address, width)` from small to large; none while they are being made."""

    id: int
    alt: str
    caption: str
    holder: str
    licence: str
    width: int
    height: int
    sizes: list[tuple[str, int]]
    failed: bool

    @property
    def src(self) -> str:
        """The address of the middle size, or an empty string."""
        return self.sizes[min(1, len(self.sizes) - 1)][0] if self.sizes else ""

    @property
    def smallest(self) -> str:
        """The address of the smallest size, or an empty string."""
        return self.sizes[0][0] if self.sizes else ""

    @property
    def largest(self) -> str:
        """The address of the largest size, or an empty string."""
        return self.sizes[-1][0] if self.sizes else ""

    @property
    def srcset(self) -> str:
        """For the attribute of that name."""
        return ", ".join(f"{address} {width}w" for address, width in self.sizes)


def visible_picture(row: Any, address_of: Callable[[str], str]) -> VisiblePicture:
    """A picture for a page; `address_of` gives the address of a size. Each address changes with its file, so that it can be cached."""
    sizes = [
        (f"{address_of(name)}?v={PurePath(str(stored.name)).name[:8]}", min(widest, row.width))
        for name, widest in WIDTHS.items()
        if (stored := getattr(row, name))
    ]
    licence = str(row.get_licence_display())
    caption = getattr(row, "caption", "")
    return VisiblePicture(row.pk, row.alt, caption, row.holder, licence, row.width, row.height, sizes, row.failed)


def picture_path(picture: "Picture", name: str) -> str:
    """A new name in the storage, in the folder of the model."""
    return f"{picture.folder}/{uuid.uuid4().hex}{PurePath(name).suffix.lower()}"


class Picture(models.Model):
    """A picture with its texts and rights. The upload is never served: a worker makes the sizes and deletes it."""

    folder: ClassVar[str]

    upload = models.FileField(upload_to=picture_path, blank=True, editable=False)
    small = models.FileField(upload_to=picture_path, blank=True, editable=False)
    medium = models.FileField(upload_to=picture_path, blank=True, editable=False)
    large = models.FileField(upload_to=picture_path, blank=True, editable=False)
    width = models.PositiveIntegerField(default=0, editable=False)
    height = models.PositiveIntegerField(default=0, editable=False)
    failed = models.BooleanField(default=False, editable=False)
    alt = models.CharField(_("what can be seen"), max_length=250)
    holder = models.CharField(_("rights holder"), max_length=200)
    licence = models.CharField(_("licence"), max_length=10, choices=Licence.choices, default=Licence.RESERVED)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.alt

    @property
    def ready(self) -> bool:
        """Whether the sizes are made."""
        return bool(self.small)

    def take_sizes(self, drawn: dict[str, bytes], size: tuple[int, int]) -> None:
        """Store the files of all sizes and the width and height of the largest; the row is not saved."""
        self.width, self.height = size
        self.failed = False
        for name, content in drawn.items():
            getattr(self, name).save(f"{name}.webp", ContentFile(content), save=False)


class OnePicture(Picture):
    """The picture of a subject that has at most one.

    `next_texts` are the texts of an upload that is to replace a picture; they are its own once its sizes are made.
    """

    next_texts = models.JSONField(default=dict, editable=False)

    class Meta:
        abstract = True

    def shown(self, name: str, **address: Any) -> VisiblePicture | None:
        """The picture as readers see it, with its sizes at the address called `name`; None while the first sizes are being made."""
        return visible_picture(self, lambda size: reverse(name, kwargs={**address, "size": size})) if self.ready else None

    @property
    def edited_texts(self) -> dict[str, str]:
        """The texts as their editor sees them: those of the newest upload."""
        return {name: str(self.next_texts.get(name, getattr(self, name))) for name in RIGHTS}

    def take_sizes(self, drawn: dict[str, bytes], size: tuple[int, int]) -> None:
        super().take_sizes(drawn, size)
        for name, text in self.edited_texts.items():
            setattr(self, name, text)
        self.next_texts = {}


@transaction.atomic
def make_sizes(model: type[Picture], picture_id: int) -> None:
    """Make the sizes of a picture, then delete the upload and the sizes it replaces.

    An unreadable upload is deleted and the picture marked as failed; the sizes it had stay. Does nothing the second time, nor for a picture that
    is gone.
    """
    picture: Any = model._base_manager.select_for_update().filter(pk=picture_id).first()  # noqa: SLF001 -- Django documents it
    if picture is None or not picture.upload:
        return
    before = stored_names(picture)
    try:
        with picture.upload.storage.open(str(picture.upload.name)) as stored:
            drawn, size = resize_picture(stored, WIDTHS)
    except UNREADABLE as error:  # for example, a file that was damaged in the storage; a retry would fail again
        logger.warning("%s %s cannot be read: %s", model.__name__, picture_id, error)
        picture.failed = True
    else:
        picture.take_sizes(drawn, size)
    picture.upload = ""
    picture.save()
    delete_files(set(before) - set(stored_names(picture)))


@dataclass(frozen=True)
class NewPicture:
    """What a form of a picture holds. Without an upload the texts alone are changed; `version` is that of the texts it showed."""

    texts: dict[str, str]
    upload: File[bytes] | None = None
    version: Version | None = None


def version_of_picture(picture: OnePicture | None) -> str:
    """The version of the texts, for the optimistic lock; what the worker does changes nothing about it."""
    return version_of_rows([picture.edited_texts] if picture else [])


def set_picture(model: type[OnePicture], new: NewPicture, **owner: Any) -> Any:
    """Create or change the one picture of `owner`. Returns it, saved; the caller lets a worker make the sizes after an upload.

    The caller checks permission and holds the lock of the owner. Raises StaleError for an older version, DomainError for a first picture without a
    file.
    """
    picture: Any = model._default_manager.select_for_update().filter(**owner).first()  # noqa: SLF001 -- Django documents it
    check_version(new.version, version_of_picture(picture))
    upload, texts = new.upload, new.texts
    if picture is None:
        if upload is None:
            raise DomainError(_("Choose a picture."), code="no-file")
        picture = model(**owner)
    if upload is not None:
        delete_files([str(picture.upload.name)] if picture.upload else [])
        picture.upload.save(upload.name or "picture.jpg", upload, save=False)
        picture.failed = False
    if picture.ready and picture.upload:
        picture.next_texts = texts
    else:
        for name, text in texts.items():
            setattr(picture, name, text)
    picture.save()
    return picture


def drop_picture(model: type[OnePicture], **owner: Any) -> bool:
    """Delete the picture of `owner`; its files are deleted after commit. Returns whether there was one. The caller checks permission."""
    picture: Any = model._default_manager.select_for_update().filter(**owner).first()  # noqa: SLF001 -- Django documents it
    if picture is None:
        return False
    delete_files(stored_names(picture))
    picture.delete()
    return True


def picture_out(picture: VisiblePicture | None, site: str) -> dict[str, Any] | None:
    """The same for the API, with absolute addresses; None without a picture, or while its sizes are being made."""
    if picture is None or not picture.sizes:
        return None
    return {
        "url": site + picture.largest,
        "sizes": [{"url": site + address, "width": width} for address, width in picture.sizes],
        "alt": picture.alt,
        "holder": picture.holder,
        "licence": picture.licence,
    }
