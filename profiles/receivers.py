"""Receivers of signals of other apps, and of this app's own models."""

from typing import Any

from django.dispatch import receiver

from exchange.core.jobs.outbox import outbox_handler
from exchange.core.pictures import make_sizes
from institutions.signals import institutions_merged
from profiles.domain.affiliations import reassign_people
from profiles.domain.claims import INVITE
from profiles.domain.confirmation import ASK
from profiles.domain.emails import ask_for_confirmation, send_claim_link
from profiles.domain.likely import likely_concepts, likely_employers
from profiles.models import CasePicture
from vocabulary.domain.choosing import likely_options

outbox_handler(INVITE)(send_claim_link)
outbox_handler(ASK)(ask_for_confirmation)
likely_options.add(likely_concepts, "concepts")
likely_options.add(likely_employers, "institutions")


@outbox_handler("profiles.make_sizes")
def make_sizes_of_work(picture_id: int) -> None:
    make_sizes(CasePicture, picture_id)


@receiver(institutions_merged)
def on_institutions_merged(sender: Any, target_id: int, source_id: int, **kwargs: Any) -> None:
    reassign_people(target_id, source_id)
