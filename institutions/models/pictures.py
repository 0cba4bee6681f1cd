"""The picture of an institution."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from exchange.core.pictures import OnePicture
from institutions.models.institutions import Institution


class InstitutionPicture(OnePicture):
    """The picture on an institution's page and card."""

    folder = "institutions"

    institution = models.OneToOneField(Institution, models.CASCADE, related_name="picture")

    class Meta:
        verbose_name = _("picture of an institution")
        verbose_name_plural = _("pictures of institutions")
