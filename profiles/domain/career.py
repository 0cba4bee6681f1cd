"""Positions, education and accreditations of a profile."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from exchange.core.errors import DomainError
from exchange.core.formsets import MAX_ROWS
from institutions.domain.lookup import InstitutionLookup
from institutions.models import Institution
from profiles.domain.profiles import finish_edit, lock_profile
from profiles.models import Accreditation, Education, ExpertProfile, Position

NEAR = timedelta(days=90)


@transaction.atomic
def save_career(
    profile: ExpertProfile,
    *,
    by: User,
    positions: Iterable[Mapping[str, Any]],
    education: Iterable[Mapping[str, Any]],
    accreditations: Iterable[Mapping[str, Any]],
) -> ExpertProfile:
    """Replace all rows of the three. `place` is the name as written; when it names an institution of the register, the row refers to it.

    Refuses more than 40 rows of a kind.
    """
    profile = lock_profile(profile, by)
    known = InstitutionLookup()
    kinds: tuple[tuple[Any, str, Iterable[Mapping[str, Any]]], ...] = (
        (Position, "positions", [_placed(row, known) for row in positions]),
        (Education, "education", [_placed(row, known) for row in education]),
        (Accreditation, "accreditations", accreditations),
    )
    for model, name, rows in kinds:
        kept = [model(profile=profile, **row) for row in rows]
        if len(kept) > MAX_ROWS:
            raise DomainError(_("Too many rows."), code="too-many")
        getattr(profile, name).all().delete()
        model.objects.bulk_create(kept)
    return finish_edit(profile)


def register_names() -> list[str]:
    """The names of public institutions, in the reader's language."""
    names = {str(row.name) for row in Institution.objects.visible_to(None).only("pk", "name")}
    return sorted(names, key=str.casefold)


def _placed(row: Mapping[str, Any], known: InstitutionLookup) -> dict[str, Any]:
    return {**row, "institution_id": known.by_name(row.get("place", ""))}


def expiring(profile: ExpertProfile) -> list[Accreditation]:
    """Accreditations that end within three months or have ended, earliest first."""
    limit = timezone.now().date() + NEAR
    return sorted(
        (row for row in profile.accreditations.all() if row.expires and row.expires <= limit), key=lambda row: (row.expires, row.pk)
    )
