"""Merge of institutions: affiliations, positions, education and imported profiles are reassigned to the target."""

from django.db.models import Q

from profiles.models import Education, ExpertProfile, ImportedExpert, Position, ProfileMerge
from profiles.models.imported import source_key
from profiles.signals import profiles_imported


def reassign_people(target_id: int, source_id: int) -> None:
    """Reassign everything that refers to the source to the target.

    An external id that both use stays in the namespace of the source. Sends `profiles_imported` for the profiles that changed.
    """
    named = Q(affiliation=source_id) | Q(positions__institution=source_id) | Q(education__institution=source_id)
    experts = list(ExpertProfile.objects.filter(named).order_by("pk").values_list("pk", flat=True).distinct())
    ExpertProfile.objects.filter(affiliation=source_id).update(affiliation=target_id)
    for model in (Position, Education):
        model.objects.filter(institution=source_id).update(institution=target_id)
    ProfileMerge.objects.filter(made_by_institution=source_id).update(made_by_institution=target_id)
    both = ImportedExpert.objects.filter(source=source_key(target_id)).values("external_id")
    ImportedExpert.objects.filter(source=source_key(source_id)).exclude(external_id__in=both).update(source=source_key(target_id))
    ImportedExpert.objects.filter(institution=source_id).update(institution=target_id)
    if experts:
        profiles_imported.send(ExpertProfile, profile_ids=experts)
