"""Receivers of signals of other apps: they update the search index after a change. Also registers the outbox handlers of the search, and the search itself for the lists of other apps."""

from typing import Any

from celery.signals import worker_ready
from django.conf import settings
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver

from exchange.core.jobs.outbox import outbox_handler
from exchange.core.word_search import word_search
from institutions.models import Institution
from institutions.signals import institution_changed, institution_state_changed
from profiles.models import ExpertProfile
from profiles.signals import profile_changed, profiles_imported
from programs.models import Program
from programs.signals import program_changed
from search.domain.for_lists import find_for_list
from search.domain.indexing import (
    AROUND,
    MIRROR,
    MOVED,
    REFRESH,
    carry_out_around,
    carry_out_mirror,
    carry_out_moved,
    carry_out_refresh,
    refresh_around_concepts,
    refresh_around_institution,
    refresh_later,
)
from search.domain.preparing import prepare_search
from search.domain.saved import MATCH
from search.domain.saved_matching import note_changed
from search.domain.saved_notifications import match_and_notify
from search.models import SearchKind
from search.signals import documents_written
from vocabulary.signals import concepts_moved


@worker_ready.connect
def prepare_worker(**_rest: Any) -> None:
    """A worker indexes texts and matches saved searches: its first job need not wait."""
    if not settings.TESTING:
        prepare_search()


outbox_handler(REFRESH)(carry_out_refresh)
outbox_handler(AROUND)(carry_out_around)
outbox_handler(MIRROR)(carry_out_mirror)
outbox_handler(MOVED)(carry_out_moved)
word_search.add(find_for_list)

INSTITUTION_WORDS = {"name", "short_name", "kind", "city", "country", "state", "description", "facilities"}


@receiver(profile_changed)
def on_profile_changed(sender: Any, profile_id: int, **kwargs: Any) -> None:
    refresh_later(SearchKind.EXPERT, [profile_id])


@receiver(profiles_imported)
def on_profiles_imported(sender: Any, profile_ids: list[int], **kwargs: Any) -> None:
    refresh_later(SearchKind.EXPERT, profile_ids)


@receiver(program_changed)
def on_program_changed(sender: Any, program_id: int, **kwargs: Any) -> None:
    refresh_later(SearchKind.PROGRAM, [program_id])


@receiver(institution_state_changed)
def on_institution_state_changed(sender: Any, institution_id: int, **kwargs: Any) -> None:
    refresh_around_institution(institution_id)


@receiver(institution_changed)
def on_institution_changed(sender: Any, institution_id: int, **kwargs: Any) -> None:
    """Sent for further names, the fact sheet and fields, which are not in the institution's own row."""
    refresh_later(SearchKind.INSTITUTION, [institution_id])


@receiver(concepts_moved)
def on_concepts_moved(sender: Any, concept_ids: list[int], **kwargs: Any) -> None:
    refresh_around_concepts(concept_ids)


@receiver(post_save, sender=Institution)
def on_institution_saved(sender: Any, instance: Institution, update_fields: Any = None, **kwargs: Any) -> None:
    """Edits of an institution have no signal of their own."""
    if update_fields is None or INSTITUTION_WORDS.intersection(update_fields):
        refresh_around_institution(instance.pk)


@receiver(m2m_changed, sender=Institution.fields.through)
def on_institution_fields_changed(sender: Any, instance: Any, action: str, **kwargs: Any) -> None:
    if action.startswith("post_") and isinstance(instance, Institution):
        refresh_later(SearchKind.INSTITUTION, [instance.pk])


@receiver(post_delete, sender=ExpertProfile)
def on_expert_deleted(sender: Any, instance: ExpertProfile, **kwargs: Any) -> None:
    refresh_later(SearchKind.EXPERT, [instance.pk])


@receiver(post_delete, sender=Program)
def on_program_deleted(sender: Any, instance: Program, **kwargs: Any) -> None:
    refresh_later(SearchKind.PROGRAM, [instance.pk])


@receiver(post_delete, sender=Institution)
def on_institution_deleted(sender: Any, instance: Institution, **kwargs: Any) -> None:
    refresh_later(SearchKind.INSTITUTION, [instance.pk])


# ---- saved searches --------------------------------------------------------------------------------------------------


@receiver(documents_written)
def on_documents_written(sender: Any, kind: str, ids: list[int], **kwargs: Any) -> None:
    note_changed(kind, ids)


outbox_handler(MATCH, long=True)(match_and_notify)
