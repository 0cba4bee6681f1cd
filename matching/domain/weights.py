"""The tables of weights: the one in force, and storing a new one."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import access_of
from accounts.models import User
from exchange.core.access import require
from exchange.core.errors import DomainError
from exchange.core.jobs.outbox import enqueue
from matching.models import WeightTable
from matching.scoring.weights import DEFAULT_WEIGHTS, Weights, WeightsError


def active_weights() -> Weights:
    """The table in force: the active one of the database, else the one in the code. One query."""
    row = WeightTable.objects.filter(active=True).first()
    return DEFAULT_WEIGHTS if row is None else Weights.of_data(row.weights)


@transaction.atomic
def store_weights(name: str, values: Mapping[str, Any], *, by: User) -> WeightTable:
    """Store a table under a new name and put it in force; all matches are computed again. `values` are those that differ from the table in force.

    Raises Refusal for anybody but the secretariat; DomainError for a name that is taken, an unknown weight, a number that is negative, not whole
    or too large, and points that are not 1000 together.
    """
    require(access_of(by).secretariat, _("Only the secretariat changes the weights."))
    name = name.strip()
    try:
        weights = Weights.of_data({**active_weights().to_data(), **values, "name": name})
    except WeightsError as error:
        message = _("These weights cannot be used. Check “%(name)s”; the points of all parts must be 1,000 together.")
        raise DomainError(message % {"name": error.name}, code="weights") from error
    if WeightTable.objects.filter(name=name).exists():
        raise DomainError(_("A table of weights has this name already."), code="name")
    WeightTable.objects.select_for_update().filter(active=True).update(active=False)
    stored = WeightTable.objects.create(name=name, weights=weights.to_data(), active=True, by=by)
    enqueue("match-everything", bulk=True)
    enqueue("match-all-needs", bulk=True)
    return stored
