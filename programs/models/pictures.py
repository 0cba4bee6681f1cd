"""The picture of a programme."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from exchange.core.pictures import OnePicture
from programs.models.programs import Program


class ProgramPicture(OnePicture):
    """The picture on a programme's page and card."""

    folder = "programs"

    program = models.OneToOneField(Program, models.CASCADE, related_name="picture")

    class Meta:
        verbose_name = _("picture of a programme")
        verbose_name_plural = _("pictures of programmes")
