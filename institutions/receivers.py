"""Outbox events of institutions; the register as a list of options."""

from exchange.core.jobs.outbox import outbox_handler
from institutions.domain.emails import notify_invited
from institutions.domain.institutions import INVITE
from institutions.domain.option_list import INSTITUTIONS, institution_options, likely_institutions
from vocabulary.domain.choosing import likely_options, option_lists

outbox_handler(INVITE)(notify_invited)
option_lists.add(institution_options, INSTITUTIONS)
likely_options.add(likely_institutions, INSTITUTIONS, order=40)
