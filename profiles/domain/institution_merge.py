"""Two records of one institution become one. Everything that pointed to the one that goes leads to the one that stays, or nothing changes at all."""

from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exchange.core.access import require
from exchange.core.errors import DomainError, StaleError, Text
from exchange.core.history import record_history
from exchange.core.translated import clean_translations
from profiles.access import access_of, forget_access
from profiles.domain.fact_sheet import SHEET_TEXTS
from profiles.domain.institutions import refresh_institution
from profiles.models import (
    DistinctInstitutions,
    Education,
    ExpertImport,
    ExpertProfile,
    FactSheet,
    FormerSlug,
    Handover,
    ImportedExpert,
    Institution,
    InstitutionName,
    Membership,
    Position,
    ProfileMerge,
    TeamInvitation,
    User,
)
from profiles.signals import access_changed, institutions_merged, membership_changed, profiles_imported
from profiles.states import Answer, ImportState, InstitutionNameKind, InstitutionState

FILLED_IN = ("short_name", "website", "latitude", "longitude", "source")
STAYS_BEHIND = (InstitutionName, FactSheet, DistinctInstitutions, Institution.fields.through)
"""Rows that go with the record that goes: what they said has been taken over, or is true no more."""


def can_merge_institutions(user: Any, *institutions: Institution) -> bool:
    """Coordinators of the country of all of them, and the secretariat."""
    access = access_of(user)
    return access.secretariat or {institution.country for institution in institutions} <= access.countries


def merge_blocked_reason(target: Institution, source: Institution, user: Any) -> Text | None:
    """Why `source` cannot become part of `target` by this person's hand, or None. Other apps may still refuse."""
    if target.pk == source.pk:
        return _("Choose two different institutions.")
    if target.country != source.country:
        return _("Only institutions of one country can become one.")
    access = access_of(user)
    if access.roles_in(target.pk) or access.roles_in(source.pk):
        return _("You belong to one of the two: another coordinator has to decide.")
    return _state_blocked_reason(target, source)


def _state_blocked_reason(target: Institution, source: Institution) -> Text | None:
    if InstitutionState.SUSPENDED in {target.state, source.state}:
        return _("One of the two is suspended. Settle that first.")
    if source.state == InstitutionState.VERIFIED and target.state != InstitutionState.VERIFIED:
        return _("Keep the one that is verified.")
    if ExpertImport.objects.filter(institution=source, state__in=ImportState.working()).exists():
        return _("A table of people is being imported for the one that goes. Wait until it is done.")
    return None


@transaction.atomic
def merge_institutions(target: Institution, source: Institution, *, by: User) -> Institution:
    """Make `source` part of `target`: names become further names, blanks are filled, teams and links join, the old address leads on.

    Both rows are locked in the order of their ids, so two who merge the same pair take turns and the second is refused as stale.
    Refuses what `merge_blocked_reason` names, and whatever a receiver of `institutions_merged` refuses (an agreement between the two).
    Sends `institutions_merged`, then `membership_changed` and `access_changed` for both teams, `profiles_imported`, `institution_changed`.
    """
    rows = Institution.objects.select_for_update(of=("self",)).defer("search").filter(pk__in=(target.pk, source.pk)).order_by("pk")
    held = {row.pk: row for row in rows}
    if {target.pk, source.pk} - held.keys():
        raise StaleError(_("One of the two is no longer there: somebody has merged them already."))
    target, source = held[target.pk], held[source.pk]
    require(can_merge_institutions(by, target, source))
    if blocked_reason := merge_blocked_reason(target, source, by):
        raise DomainError(blocked_reason, code="cannot-merge")
    experts = _affected_experts(source)
    team = _join_teams(target, source)
    _join_records(target, source)
    _join_names(target, source)
    _join_sheets(target, source)
    _reassign_people(target, source)
    institutions_merged.send(Institution, target_id=target.pk, source_id=source.pk)
    FormerSlug.objects.filter(institution=source).update(institution=target)
    FormerSlug.objects.create(slug=source.slug, institution=target)
    data = {"source": source.pk, "slug": source.slug, "name": dict(source.name), "state": source.state}
    record_history(target, transition="merge", by=by, before=target.state, after=target.state, data=data)
    record_history(source, transition="merged", by=by, before=source.state, data={"target": target.pk, "slug": target.slug})
    _require_nothing_left(source)
    source.delete()
    refresh_institution(target)
    if experts:
        profiles_imported.send(ExpertProfile, profile_ids=experts)
    forget_access(by)
    for user_id in team:
        membership_changed.send(Membership, institution_id=target.pk, user_id=user_id)
        access_changed.send(User, user_id=user_id)
    return target


def _affected_experts(source: Institution) -> list[int]:
    named = Q(affiliation=source) | Q(positions__institution=source) | Q(education__institution=source)
    return list(ExpertProfile.objects.filter(named).order_by("pk").values_list("pk", flat=True).distinct())


def _join_teams(target: Institution, source: Institution) -> list[int]:
    """Everybody in either team keeps their roles; returns who they are."""
    there = set(Membership.objects.filter(institution=target).values_list("user_id", "role"))
    for row in Membership.objects.filter(institution=source).order_by("pk"):
        if (row.user_id, row.role) in there:
            row.delete()
        else:
            Membership.objects.filter(pk=row.pk).update(institution=target)
    now = timezone.now()
    asked = set(TeamInvitation.objects.filter(institution=target, answer="").values_list("email", "role"))
    for invitation in TeamInvitation.objects.filter(institution=source):
        twice = not invitation.answer and (invitation.email, invitation.role) in asked
        answered = {"answer": Answer.WITHDRAWN, "answered_at": now} if twice else {}
        TeamInvitation.objects.filter(pk=invitation.pk).update(institution=target, **answered)
    # Whose ownership it was to become has changed: what is open is taken back.
    Handover.objects.filter(institution__in=(target, source), answer="").update(answer=Answer.WITHDRAWN, answered_at=now)
    Handover.objects.filter(institution=source).update(institution=target)
    return sorted(Membership.objects.filter(institution=target).values_list("user_id", flat=True).distinct())


def _join_records(target: Institution, source: Institution) -> None:
    """What the kept record leaves open is filled from the other."""
    for name in FILLED_IN:
        if getattr(target, name) in {"", None}:
            setattr(target, name, getattr(source, name))
    for name in ("description", "facilities"):
        setattr(target, name, clean_translations({**getattr(source, name), **getattr(target, name)}))
    target.save(update_fields=[*FILLED_IN, "description", "facilities"])
    target.fields.add(*source.fields.values_list("pk", flat=True))


def _join_names(target: Institution, source: Institution) -> None:
    known = {*target.name.values(), target.short_name, *target.names.values_list("text", flat=True)}
    further: list[tuple[str, str, str]] = [(text, code, InstitutionNameKind.ALIAS) for code, text in source.name.items()]
    further += [(source.short_name, "", InstitutionNameKind.SHORT)]
    further += [(row.text, row.language, row.kind) for row in source.names.all()]
    for text, language, kind in further:
        if text and text not in known:
            known.add(text)
            InstitutionName.objects.create(institution=target, text=text, language=language, kind=kind)


def _join_sheets(target: Institution, source: Institution) -> None:
    other = FactSheet.objects.filter(institution=source).first()
    if other is None:
        return
    sheet = FactSheet.objects.filter(institution=target).first() or FactSheet(institution=target)
    for name in SHEET_TEXTS:
        setattr(sheet, name, clean_translations({**getattr(other, name), **getattr(sheet, name)}))
    if sheet.housing_places is None:
        sheet.housing_places = other.housing_places
    sheet.work_languages = list(dict.fromkeys([*sheet.work_languages, *other.work_languages]))
    sheet.save()


def _reassign_people(target: Institution, source: Institution) -> None:
    """Affiliations, positions, degrees, and people brought in from tables."""
    ExpertProfile.objects.filter(affiliation=source).update(affiliation=target)
    Position.objects.filter(institution=source).update(institution=target)
    Education.objects.filter(institution=source).update(institution=target)
    ProfileMerge.objects.filter(made_by_institution=source).update(made_by_institution=target)
    ExpertImport.objects.filter(institution=source).update(institution=target)
    # Ids of tables stay in the name space of their table where both tables use the same one for two people.
    old, new = f"institution:{source.pk}", f"institution:{target.pk}"
    taken = ImportedExpert.objects.filter(source=new).values("external_id")
    ImportedExpert.objects.filter(source=old).exclude(external_id__in=taken).update(source=new)
    ImportedExpert.objects.filter(institution=source).update(institution=target)


def _require_nothing_left(source: Institution) -> None:
    """No app may have forgotten its links: deleting would take them along."""
    for relation in Institution._meta.get_fields(include_hidden=True):  # noqa: SLF001 -- Django documents it for this use
        model: Any = relation.related_model if relation.auto_created and not relation.concrete else None
        field: Any = getattr(relation, "field", None)
        if model is None or field is None or model in STAYS_BEHIND or relation.many_to_many:
            continue
        if model._base_manager.filter(**{field.name: source.pk}).exists():  # noqa: SLF001 -- documented
            raise RuntimeError(f"{model._meta.label} still points to institution {source.pk}")  # noqa: SLF001 -- documented


@transaction.atomic
def declare_distinct(first: Institution, second: Institution, *, by: User) -> None:
    """Say that two institutions with like names are two: they are not suggested again. Does nothing the second time."""
    require(can_merge_institutions(by, first, second))
    if first.pk == second.pk:
        raise DomainError(_("Choose two different institutions."), code="cannot-merge")
    one, other = sorted((first, second), key=lambda row: row.pk)
    _row, made = DistinctInstitutions.objects.get_or_create(first=one, second=other, defaults={"by": by})
    if made:
        record_history(one, transition="distinct", by=by, before=one.state, after=one.state, data={"other": other.pk})


def distinct_pairs(country: str) -> set[tuple[int, int]]:
    """Pairs of a country that somebody has looked at and found to be two."""
    rows = DistinctInstitutions.objects.filter(first__country=country, second__country=F("first__country"))
    return set(rows.values_list("first_id", "second_id"))
