"""Entering agreements in the register and changing them."""

import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from exchange.core.access import require
from exchange.core.errors import DomainError
from exchange.core.history import record_history
from exchange.core.versions import Version, check_version
from partnerships.models import Agreement
from partnerships.rules import can_create_agreement, can_edit_agreement, can_register_agreement
from partnerships.signals import agreement_registered

PLAIN = ("reference", "title", "valid_from", "valid_until", "yearly_places")
"""Fields whose old and new values are recorded in the history."""


@transaction.atomic
def create_agreement(agreement: Agreement, *, by: User) -> Agreement:
    """Enter an unsaved agreement in the register, with a history row, and send `agreement_registered`.

    Raises Refusal to anyone but a coordinator of either country, the secretariat, and owners, editors and signatories of a party;
    DomainError when its reference is taken.
    """
    require(can_create_agreement(by))
    require(
        can_register_agreement(by, agreement),
        _("One of the parties must be your institution, or of a country you coordinate."),
    )
    _save(agreement)
    record_history(agreement, transition="create", by=by, data={"fields": {name: _plain(agreement, name) for name in PLAIN}})
    agreement_registered.send(Agreement, agreement=agreement)
    return agreement


@transaction.atomic
def edit_agreement(
    agreement: Agreement, changes: dict[str, Any], *, by: User, version: Version, scan: UploadedFile | None = None
) -> Agreement:
    """Change an agreement and record the changes in its history; an edit that changes nothing records nothing. New dates send `agreement_registered`.

    The parties cannot change. Raises Refusal for a user who may not edit it, StaleError when `version` is no longer the
    current one, DomainError when the reference is taken.
    """
    require(can_edit_agreement(by, agreement))
    stored = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    check_version(
        version,
        stored.version,
        _("Somebody changed this agreement while you had it open. Check the current version, then make your change again."),
    )
    before = {name: _plain(stored, name) for name in PLAIN}
    for name in PLAIN:
        if name in changes:
            setattr(stored, name, changes[name])
    told = {name: [before[name], _plain(stored, name)] for name in PLAIN if before[name] != _plain(stored, name)}
    if scan is not None:
        stored.scan = scan  # type: ignore[assignment]  # Django's own way of storing an upload
        told["scan"] = [None, scan.name]
    if told:
        if "valid_until" in told:
            stored.warned_days = None
        stored.version += 1
        _save(stored)
        record_history(stored, transition="edit", by=by, data={"fields": told})
        if {"valid_from", "valid_until"} & set(told):
            agreement_registered.send(Agreement, agreement=stored)
    return stored


def _save(agreement: Agreement) -> None:
    try:
        with transaction.atomic():
            agreement.save()
    except IntegrityError as error:
        if "reference" not in str(error):
            raise
        raise DomainError(_("Another agreement has this reference."), code="reference-taken") from error


def _plain(agreement: Agreement, name: str) -> Any:
    value = getattr(agreement, name)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return dict(value) if isinstance(value, dict) else value


@transaction.atomic
def reassign_agreements(target_id: int, source_id: int) -> None:
    """Reassign the agreements of a merged institution to the target. Refuses (DomainError) while the two have an agreement with each other."""
    if Agreement.objects.between(target_id, source_id).exists():
        raise DomainError(
            _("The two institutions have an agreement with each other: they cannot be merged."), code="agreement-between"
        )
    Agreement.objects.filter(first_id=source_id).update(first_id=target_id)
    Agreement.objects.filter(second_id=source_id).update(second_id=target_id)
