"""What every page reads of this app: the roles of the account, and the active one."""

from django.http import HttpRequest

from exchange.core.context import page_context
from institutions.domain.roles import ActiveRole, active_roles_of_request, current_role


@page_context.register("active_roles")
def active_roles(request: HttpRequest) -> list[ActiveRole]:
    return active_roles_of_request(request)


@page_context.register("active_role")
def active_role(request: HttpRequest) -> ActiveRole | None:
    return current_role(request)
