"""Two records of one institution become one. Everything that pointed to the one that goes leads to the one that stays, or nothing changes at all."""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.signals import standing_changed
from accounts.standing import forget_standing, standing_of
from accounts.states import Answer
from exchange.core.access import require
from exchange.core.errors import DomainError, StaleError, Text
from exchange.core.history import record_history
from exchange.core.translated import clean_translations
from institutions.domain.institutions import refresh_institution
from institutions.domain.registry import SHEET_TEXTS
from institutions.models import (
    DistinctInstitutions,
    FactSheet,
    Handover,
    Institution,
    InstitutionAddress,
    InstitutionName,
    Membership,
    TeamInvitation,
)
from institutions.signals import institutions_merged, membership_changed
from institutions.states import InstitutionNameKind, InstitutionState

FILLED_IN = ("short_name", "website", "latitude", "longitude", "source")
STAYS_BEHIND = (InstitutionName, FactSheet, DistinctInstitutions, Institution.fields.through)
"""Rows that go with the record that goes: what they said has been taken over, or is true no more."""


def can_merge_institutions(user: Any, *institutions: Institution) -> bool:
    """Coordinators of the country of all of them, and the secretariat."""
    standing = standing_of(user)
    return standing.secretariat or {institution.country for institution in institutions} <= standing.countries


def objection_to_merging(kept: Institution, gone: Institution, user: Any) -> Text | None:
    """Why `gone` cannot become part of `kept` by this person's hand, or None. Other rooms may still refuse."""
    if kept.pk == gone.pk:
        return _("Choose two different institutions.")
    if kept.country != gone.country:
        return _("Only institutions of one country can be merged.")
    standing = standing_of(user)
    if standing.roles_in(kept.pk) or standing.roles_in(gone.pk):
        return _("You belong to one of the two: another coordinator has to decide.")
    return _objection_of_state(kept, gone)


def _objection_of_state(kept: Institution, gone: Institution) -> Text | None:
    if InstitutionState.SUSPENDED in {kept.state, gone.state}:
        return _("One of the two is suspended. Resolve that first.")
    if gone.state == InstitutionState.VERIFIED and kept.state != InstitutionState.VERIFIED:
        return _("Keep the one that is verified.")
    return None


@transaction.atomic
def merge_institutions(kept: Institution, gone: Institution, *, by: User) -> Institution:
    """Make `gone` part of `kept`: names become further names, blanks are filled, teams and links join, the old address leads on.

    Both rows are locked in the order of their ids, so two who merge the same pair take turns and the second is refused as stale.
    Refuses what `objection_to_merging` names, and whatever a receiver of `institutions_merged` refuses (an agreement between the two, an import at work).
    Sends `institutions_merged`, then `institution_changed`, and `membership_changed` and `standing_changed` for both teams.
    """
    rows = Institution.objects.select_for_update(of=("self",)).defer("search").filter(pk__in=(kept.pk, gone.pk)).order_by("pk")
    held = {row.pk: row for row in rows}
    if {kept.pk, gone.pk} - held.keys():
        raise StaleError(_("One of the two no longer exists: somebody has already merged them."))
    kept, gone = held[kept.pk], held[gone.pk]
    require(can_merge_institutions(by, kept, gone))
    if objection := objection_to_merging(kept, gone, by):
        raise DomainError(objection, code="cannot-merge")
    team = _join_teams(kept, gone)
    _join_records(kept, gone)
    _join_names(kept, gone)
    _join_sheets(kept, gone)
    institutions_merged.send(Institution, kept_id=kept.pk, gone_id=gone.pk)
    InstitutionAddress.objects.filter(institution=gone).update(institution=kept)
    InstitutionAddress.objects.create(slug=gone.slug, institution=kept)
    data = {"gone": gone.pk, "slug": gone.slug, "name": dict(gone.name), "state": gone.state}
    record_history(kept, move="merge", by=by, before=kept.state, after=kept.state, data=data)
    record_history(gone, move="merged", by=by, before=gone.state, data={"kept": kept.pk, "slug": kept.slug})
    _require_nothing_left(gone)
    gone.delete()
    refresh_institution(kept)
    forget_standing(by)
    for user_id in team:
        membership_changed.send(Membership, institution_id=kept.pk, user_id=user_id)
        standing_changed.send(User, user_id=user_id)
    return kept


def _join_teams(kept: Institution, gone: Institution) -> list[int]:
    """Everybody in either team keeps their roles; returns who they are."""
    there = set(Membership.objects.filter(institution=kept).values_list("user_id", "role"))
    for row in Membership.objects.filter(institution=gone).order_by("pk"):
        if (row.user_id, row.role) in there:
            row.delete()
        else:
            Membership.objects.filter(pk=row.pk).update(institution=kept)
    now = timezone.now()
    asked = set(TeamInvitation.objects.filter(institution=kept, answer="").values_list("email", "role"))
    for invitation in TeamInvitation.objects.filter(institution=gone):
        twice = not invitation.answer and (invitation.email, invitation.role) in asked
        answered = {"answer": Answer.WITHDRAWN, "answered_at": now} if twice else {}
        TeamInvitation.objects.filter(pk=invitation.pk).update(institution=kept, **answered)
    # Whose ownership it was to become has changed: what is open is taken back.
    Handover.objects.filter(institution__in=(kept, gone), answer="").update(answer=Answer.WITHDRAWN, answered_at=now)
    Handover.objects.filter(institution=gone).update(institution=kept)
    return sorted(Membership.objects.filter(institution=kept).values_list("user_id", flat=True).distinct())


def _join_records(kept: Institution, gone: Institution) -> None:
    """What the kept record leaves open is filled from the other."""
    for name in FILLED_IN:
        if getattr(kept, name) in {"", None}:
            setattr(kept, name, getattr(gone, name))
    for name in ("description", "facilities"):
        setattr(kept, name, clean_translations({**getattr(gone, name), **getattr(kept, name)}))
    kept.save(update_fields=[*FILLED_IN, "description", "facilities"])
    kept.fields.add(*gone.fields.values_list("pk", flat=True))


def _join_names(kept: Institution, gone: Institution) -> None:
    known = {*kept.name.values(), kept.short_name, *kept.names.values_list("text", flat=True)}
    further: list[tuple[str, str, str]] = [(text, code, InstitutionNameKind.ALIAS) for code, text in gone.name.items()]
    further += [(gone.short_name, "", InstitutionNameKind.SHORT)]
    further += [(row.text, row.language, row.kind) for row in gone.names.all()]
    for text, language, kind in further:
        if text and text not in known:
            known.add(text)
            InstitutionName.objects.create(institution=kept, text=text, language=language, kind=kind)


def _join_sheets(kept: Institution, gone: Institution) -> None:
    other = FactSheet.objects.filter(institution=gone).first()
    if other is None:
        return
    sheet = FactSheet.objects.filter(institution=kept).first() or FactSheet(institution=kept)
    for name in SHEET_TEXTS:
        setattr(sheet, name, clean_translations({**getattr(other, name), **getattr(sheet, name)}))
    if sheet.housing_places is None:
        sheet.housing_places = other.housing_places
    sheet.work_languages = list(dict.fromkeys([*sheet.work_languages, *other.work_languages]))
    sheet.save()


def _require_nothing_left(gone: Institution) -> None:
    """No room may have forgotten its links: deleting would take them along."""
    for relation in Institution._meta.get_fields(include_hidden=True):  # noqa: SLF001 -- Django documents it for this use
        model: Any = relation.related_model if relation.auto_created and not relation.concrete else None
        field: Any = getattr(relation, "field", None)
        if model is None or field is None or model in STAYS_BEHIND or relation.many_to_many:
            continue
        if model._base_manager.filter(**{field.name: gone.pk}).exists():  # noqa: SLF001 -- documented
            raise RuntimeError(f"{model._meta.label} still points to institution {gone.pk}")  # noqa: SLF001 -- documented


@transaction.atomic
def declare_distinct(first: Institution, second: Institution, *, by: User) -> None:
    """Say that two institutions with like names are two: they are not suggested again. Does nothing the second time."""
    require(can_merge_institutions(by, first, second))
    if first.pk == second.pk:
        raise DomainError(_("Choose two different institutions."), code="cannot-merge")
    one, other = sorted((first, second), key=lambda row: row.pk)
    _row, made = DistinctInstitutions.objects.get_or_create(first=one, second=other, defaults={"by": by})
    if made:
        record_history(one, move="distinct", by=by, before=one.state, after=one.state, data={"other": other.pk})


def distinct_pairs(*countries: str) -> set[tuple[int, int]]:
    """Pairs of these countries that somebody has looked at and found to be two."""
    rows = DistinctInstitutions.objects.filter(first__country__in=countries, second__country=F("first__country"))
    return set(rows.values_list("first_id", "second_id"))
