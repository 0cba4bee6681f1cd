"""What this room offers every page."""

from django.http import HttpRequest

from exchange.core.context import offers
from exchange.core.stamps import NOTHING
from institutions.domain.hats import Hat, current_hat, hats_of_request

# A hat is a membership, an appointment that is in force, or a profile.
HATS = """
SELECT concat_ws('/',
    (SELECT string_agg(m.xmin::text || ':' || i.xmin::text, ',' ORDER BY m.id)
        FROM institutions_membership m JOIN institutions_institution i ON i.id = m.institution_id WHERE m.user_id = %(user)s),
    (SELECT string_agg(country, ',' ORDER BY country) FROM accounts_coordinatorappointment
        WHERE user_id = %(user)s AND starts <= current_date AND (ends IS NULL OR ends >= current_date)),
    (SELECT id FROM profiles_expertprofile WHERE user_id = %(user)s))
"""


@offers("hats", stamp=HATS)
def hats(request: HttpRequest) -> list[Hat]:
    return hats_of_request(request)


@offers("hat", stamp=NOTHING)  # chosen by the session, from the hats
def hat(request: HttpRequest) -> Hat | None:
    return current_hat(request)
