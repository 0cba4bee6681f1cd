"""What this room does when it hears news from others, and of its own rows being written."""

from typing import Any

from django.dispatch import receiver

from exchange.core.jobs.outbox import handles
from exchange.core.jobs.wake import start_job
from institutions.signals import institutions_merged
from profiles.domain.affiliations import lead_people
from profiles.domain.claims import INVITE
from profiles.domain.emails import ask_for_confirmation, send_claim_link
from profiles.domain.freshness import ASK
from profiles.domain.pictures import make_sizes

handles(INVITE)(send_claim_link)
handles(ASK)(ask_for_confirmation)


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
    lead_people(kept_id, gone_id)
