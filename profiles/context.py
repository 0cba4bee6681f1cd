"""What this app offers every page."""

from django.http import HttpRequest

from exchange.core.context import page_context
from exchange.core.stamps import NOTHING
from profiles.domain.roles import ActiveRole, active_roles_of_request, current_role

# A role is a membership, an appointment that is in force, or a profile.
ACTIVE_ROLES = """
SELECT concat_ws('/',
    (SELECT string_agg(m.xmin::text || ':' || i.xmin::text, ',' ORDER BY m.id)
        FROM profiles_membership m JOIN profiles_institution i ON i.id = m.institution_id WHERE m.user_id = %(user)s),
    (SELECT string_agg(country, ',' ORDER BY country) FROM profiles_coordinatorappointment
        WHERE user_id = %(user)s AND starts <= current_date AND (ends IS NULL OR ends >= current_date)),
    (SELECT id FROM profiles_expertprofile WHERE user_id = %(user)s))
"""


@page_context("active_roles", stamp=ACTIVE_ROLES)
def active_roles(request: HttpRequest) -> list[ActiveRole]:
    return active_roles_of_request(request)


@page_context("hat", stamp=NOTHING)  # chosen by the session, from the roles
def active_role(request: HttpRequest) -> ActiveRole | None:
    return current_role(request)
