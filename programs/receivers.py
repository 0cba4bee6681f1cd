"""Receivers: what this app does on the signals of others."""

from typing import Any

from django.dispatch import receiver

from exchange.core.jobs.outbox import outbox_handler
from exchange.core.pictures import make_sizes
from institutions.signals import institutions_merged, membership_changed
from programs.domain.inquiries import follow_team
from programs.domain.pictures import MAKE_SIZES
from programs.domain.programs import reassign_programs
from programs.models import ProgramPicture


@outbox_handler(MAKE_SIZES)
def make_sizes_of_program(picture_id: int) -> None:
    make_sizes(ProgramPicture, picture_id)


@receiver(institutions_merged)
def on_institutions_merged(sender: object, *, target_id: int, source_id: int, **kwargs: Any) -> None:
    """Reassign programmes to the target."""
    reassign_programs(target_id, source_id)


@receiver(membership_changed)
def on_membership_changed(sender: object, *, institution_id: int, user_id: int, **kwargs: Any) -> None:
    """Add a new editor to the conversations about the host's programmes, or remove a former one, in the same transaction."""
    follow_team(institution_id, user_id)
