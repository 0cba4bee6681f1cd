"""What this room does when it hears news from others, and of its own rows being written."""

from typing import Any

from django.dispatch import receiver

from exchange.core.jobs.outbox import handles
from institutions.signals import institutions_merged
from profiles.domain.affiliations import lead_people
from profiles.domain.claims import INVITE
from profiles.domain.emails import ask_for_confirmation, send_claim_link
from profiles.domain.freshness import ASK
from profiles.domain.importing.uploads import check_table, run_table
from profiles.domain.pictures import make_sizes

handles(INVITE)(send_claim_link)
handles(ASK)(ask_for_confirmation)
handles("profiles.make_sizes")(make_sizes)
handles("profiles.check_import", long=True)(check_table)
handles("profiles.run_import", long=True)(run_table)


@receiver(institutions_merged)
def on_institutions_merged(sender: Any, kept_id: int, gone_id: int, **kwargs: Any) -> None:
    lead_people(kept_id, gone_id)
