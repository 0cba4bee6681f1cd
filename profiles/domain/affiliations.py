"""Profiles of an institution that becomes part of another: affiliations, positions, degrees, imports follow it."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exchange.core.errors import DomainError, Text
from profiles.models import Education, ExpertImport, ExpertProfile, ImportedExpert, Position, ProfileMerge
from profiles.models.imports import source_key
from profiles.signals import profiles_imported
from profiles.states import ImportState


def objection_to_leading(gone_id: int) -> Text | None:
    """Why the people of an institution cannot be led to another one now, or None."""
    if ExpertImport.objects.filter(institution_id=gone_id, state__in=ImportState.working()).exists():
        return _("A table of people is being imported for the institution that is not kept. Wait until the import is finished.")
    return None


def lead_people(kept_id: int, gone_id: int) -> None:
    """Let everything that names the one institution name the other. Refuses (DomainError) while a table is being imported for the first.

    An id that both use in their tables stays in its old name space. Sends `profiles_imported` for the profiles that changed.
    """
    if objection := objection_to_leading(gone_id):
        raise DomainError(objection, code="cannot-merge")
    named = Q(affiliation=gone_id) | Q(positions__institution=gone_id) | Q(education__institution=gone_id)
    experts = list(ExpertProfile.objects.filter(named).order_by("pk").values_list("pk", flat=True).distinct())
    ExpertProfile.objects.filter(affiliation=gone_id).update(affiliation=kept_id)
    for model in (Position, Education, ExpertImport):
        model.objects.filter(institution=gone_id).update(institution=kept_id)
    ProfileMerge.objects.filter(made_by_institution=gone_id).update(made_by_institution=kept_id)
    both = ImportedExpert.objects.filter(source=source_key(kept_id)).values("external_id")
    ImportedExpert.objects.filter(source=source_key(gone_id)).exclude(external_id__in=both).update(source=source_key(kept_id))
    ImportedExpert.objects.filter(institution=gone_id).update(institution=kept_id)
    if experts:
        profiles_imported.send(ExpertProfile, profile_ids=experts)
