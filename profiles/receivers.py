"""What this room does when it hears news from others, and of its own rows being written."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.template.loader import render_to_string

from exchange.core.outbox import handles
from exchange.core.panels import panel
from exchange.core.wake import start_job
from profiles import privacy  # noqa: F401 -- registers what is handed out, erased and ended here
from profiles.domain.importing.writing import lead_imports
from profiles.domain.pictures import make_sizes
from profiles.domain.vocabulary import forget_vocabulary
from profiles.models import Concept, ConceptLabel, ExpertProfile, ImportedExpert, Institution
from profiles.signals import institutions_merged
from profiles.standing import standing_of
from profiles.states import InstitutionState


@receiver([post_save, post_delete], sender=Concept)
@receiver([post_save, post_delete], sender=ConceptLabel)
def on_vocabulary_written(sender: Any, **kwargs: Any) -> None:
    """This process's own edits show at once; other processes notice by the version."""
    forget_vocabulary()


@handles("profiles.make_sizes")
def on_picture_added(*, picture_id: int) -> None:
    make_sizes(picture_id)


@handles("profiles.check_import")
def on_table_uploaded(*, import_id: int) -> None:
    start_job("profiles.periodic.check_import", import_id)


@handles("profiles.run_import")
def on_import_confirmed(*, import_id: int) -> None:
    start_job("profiles.periodic.run_import", import_id)


@receiver(institutions_merged)
def on_institutions_merged(sender: Any, kept_id: int, gone_id: int, **kwargs: Any) -> None:
    lead_imports(kept_id, gone_id)


@panel("expert.aside", order=5)
def made_for_its_expert(request: HttpRequest, profile: ExpertProfile) -> str:
    """Who made a profile whose person has not taken it over."""
    if profile.user_id is not None:
        return ""
    record = ImportedExpert.objects.filter(profile_id=profile.pk).select_related("institution").first()
    return render_to_string("profiles/_imported.html", {"record": record}, request) if record else ""


@panel("institution.aside", order=80)
def bring_your_experts(request: HttpRequest, institution: Institution) -> str:
    """For the editors of a verified institution: the way to import its people."""
    edits = institution.pk in standing_of(request.user).edited_institutions
    if not edits or institution.state != InstitutionState.VERIFIED:
        return ""
    return render_to_string("profiles/_import_link.html", {"ground": f"institution-{institution.pk}"}, request)


@panel("home.aside", order=80)
def bring_people_of_the_country(request: HttpRequest, user: Any) -> str:
    """For coordinators: the way to import people of their country."""
    return render_to_string("profiles/_import_link.html", {}, request) if standing_of(user).countries else ""
