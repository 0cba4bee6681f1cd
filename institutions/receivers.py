"""Outbox events of institutions."""

from exchange.core.jobs.outbox import outbox_handler
from exchange.core.pictures import make_sizes
from institutions.domain.emails import notify_invited
from institutions.domain.institutions import INVITE
from institutions.domain.pictures import MAKE_SIZES
from institutions.models import InstitutionPicture

outbox_handler(INVITE)(notify_invited)


@outbox_handler(MAKE_SIZES)
def make_sizes_of_institution(picture_id: int) -> None:
    make_sizes(InstitutionPicture, picture_id)
