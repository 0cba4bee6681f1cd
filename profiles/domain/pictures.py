"""Pictures of works, resized to three sizes after the upload."""

import logging

from django.core.files.base import ContentFile
from django.db import transaction

from exchange.core.files import delete_files
from exchange.core.images import UNREADABLE, resize_picture
from profiles.models import CasePicture
from profiles.models.portfolio import WIDTHS

logger = logging.getLogger(__name__)


@transaction.atomic
def make_sizes(picture_id: int) -> None:
    """Make the sizes of a picture and delete the upload; an unreadable one is marked as such. Does nothing the second time."""
    picture = CasePicture.objects.select_for_update().filter(pk=picture_id).first()
    if picture is None or not picture.upload:
        return
    upload = str(picture.upload.name)
    try:
        with picture.upload.storage.open(upload) as stored:
            drawn, (picture.width, picture.height) = resize_picture(stored, WIDTHS)
    except UNREADABLE as error:  # for example, a file that was damaged in the storage; a retry would fail again
        logger.warning("picture %s cannot be read: %s", picture_id, error)
        picture.failed = True
    else:
        for name, content in drawn.items():
            getattr(picture, name).save(f"{name}.webp", ContentFile(content), save=False)
    picture.upload = ""
    picture.save()
    delete_files([upload])
