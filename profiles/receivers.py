"""Receivers: what this app does on the signals of others, and of its own rows being written."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.template.loader import render_to_string

from exchange.core.broker import start_job
from exchange.core.outbox import outbox_handler
from exchange.core.page_slots import page_slot
from profiles import privacy  # noqa: F401 -- registers what is handed out, erased and ended here
from profiles.access import access_of
from profiles.domain.importing.writing import reassign_imports
from profiles.domain.pictures import make_sizes
from profiles.domain.vocabulary import forget_vocabulary
from profiles.models import Concept, ConceptLabel, ExpertProfile, ImportedExpert, Institution
from profiles.signals import institutions_merged
from profiles.states import InstitutionState


@receiver([post_save, post_delete], sender=Concept)
@receiver([post_save, post_delete], sender=ConceptLabel)
def on_vocabulary_written(sender: Any, **kwargs: Any) -> None:
    """This process's own edits show at once; other processes notice by the version."""
    forget_vocabulary()


@outbox_handler("profiles.make_sizes")
def on_picture_added(*, picture_id: int) -> None:
    make_sizes(picture_id)


@outbox_handler("profiles.check_import")
def on_table_uploaded(*, import_id: int) -> None:
    start_job("profiles.periodic.check_import", import_id)


@outbox_handler("profiles.run_import")
def on_import_confirmed(*, import_id: int) -> None:
    start_job("profiles.periodic.run_import", import_id)


@receiver(institutions_merged)
def on_institutions_merged(sender: Any, target_id: int, source_id: int, **kwargs: Any) -> None:
    reassign_imports(target_id, source_id)


@page_slot("expert.aside", order=5)
def made_for_its_expert(request: HttpRequest, profile: ExpertProfile) -> str:
    """Who made a profile whose person has not taken it over."""
    if profile.user_id is not None:
        return ""
    record = ImportedExpert.objects.filter(profile_id=profile.pk).select_related("institution").first()
    return render_to_string("profiles/_imported.html", {"record": record}, request) if record else ""


@page_slot("institution.aside", order=80)
def bring_your_experts(request: HttpRequest, institution: Institution) -> str:
    """For the editors of a verified institution: the way to import its people."""
    edits = institution.pk in access_of(request.user).edited_institutions
    if not edits or institution.state != InstitutionState.VERIFIED:
        return ""
    return render_to_string("profiles/_import_link.html", {"scope": f"institution-{institution.pk}"}, request)


@page_slot("home.aside", order=80)
def bring_people_of_the_country(request: HttpRequest, user: Any) -> str:
    """For coordinators: the way to import people of their country."""
    return render_to_string("profiles/_import_link.html", {}, request) if access_of(user).countries else ""
