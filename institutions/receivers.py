"""Outbox events of institutions; the register as a list of options."""

from exchange.core.jobs.outbox import outbox_handler
from exchange.core.pictures import make_sizes
from institutions.domain.emails import notify_invited
from institutions.domain.institutions import INVITE
from institutions.domain.option_list import INSTITUTIONS, institution_options, likely_institutions
from institutions.domain.pictures import MAKE_SIZES
from institutions.models import InstitutionPicture
from vocabulary.domain.choosing import likely_options, option_lists

outbox_handler(INVITE)(notify_invited)
option_lists.add(institution_options, INSTITUTIONS)
likely_options.add(likely_institutions, INSTITUTIONS, order=40)


@outbox_handler(MAKE_SIZES)
def make_sizes_of_institution(picture_id: int) -> None:
    make_sizes(InstitutionPicture, picture_id)
