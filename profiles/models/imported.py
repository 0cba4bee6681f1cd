"""Where an imported profile comes from."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.models.institutions import Institution
from profiles.models.experts import ExpertProfile

MAX_EXTERNAL_ID_LENGTH = 120


def source_key(institution_id: int) -> str:
    """The namespace of the external ids of an institution."""
    return f"institution:{institution_id}"


class ImportedExpert(models.Model):
    """The source and external id of an imported profile. `source` is the namespace of those ids."""

    profile = models.OneToOneField(ExpertProfile, models.CASCADE, related_name="imported")
    source = models.CharField(_("source"), max_length=80)
    external_id = models.CharField(_("id at the source"), max_length=MAX_EXTERNAL_ID_LENGTH)
    institution = models.ForeignKey(
        Institution, models.SET_NULL, null=True, blank=True, related_name="imported_experts", verbose_name=_("institution")
    )
    email = models.EmailField(
        _("e-mail address"), blank=True, help_text=_("Never shown: used to inform the person about the profile.")
    )
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    imported_at = models.DateTimeField(_("imported"), default=timezone.now)

    class Meta:
        verbose_name = _("imported profile")
        verbose_name_plural = _("imported profiles")
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="imported_once")]
        indexes = [models.Index(fields=["email"], condition=~Q(email=""), name="imported_by_email")]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"
