"""Merge of two records of one institution: every reference to the source is reassigned to the target, in one transaction."""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import access_of, forget_access
from accounts.models import User
from accounts.signals import access_changed
from accounts.states import Answer
from exchange.core.access import require
from exchange.core.errors import DomainError, StaleError, Text
from exchange.core.history import record_history
from exchange.core.pictures import drop_picture
from exchange.core.translated import clean_translations
from institutions.domain.fact_sheet import SHEET_TEXTS
from institutions.models import (
    DistinctInstitutions,
    FactSheet,
    FormerSlug,
    Handover,
    Institution,
    InstitutionName,
    InstitutionPicture,
    Membership,
    TeamInvitation,
)
from institutions.signals import institution_changed, institutions_merged, membership_changed
from institutions.states import InstitutionNameKind, InstitutionState

FILLED_IN = ("short_name", "website", "latitude", "longitude", "source")
STAYS_BEHIND = (InstitutionName, InstitutionPicture, FactSheet, DistinctInstitutions, Institution.fields.through)
"""Relations whose rows are deleted with the source: their content has been copied or no longer applies."""


def can_merge_institutions(user: Any, *institutions: Institution) -> bool:
    """Coordinators of the country of all of them, and the secretariat."""
    access = access_of(user)
    return access.secretariat or {institution.country for institution in institutions} <= access.countries


def merge_blocked_reason(target: Institution, source: Institution, user: Any) -> Text | None:
    """Why this user cannot merge `source` into `target`, or None. Receivers of `institutions_merged` may still refuse."""
    if target.pk == source.pk:
        return _("Choose two different institutions.")
    if target.country != source.country:
        return _("Only institutions of one country can be merged.")
    access = access_of(user)
    if access.roles_in(target.pk) or access.roles_in(source.pk):
        return _("You belong to one of the two: another coordinator has to decide.")
    return _state_blocked_reason(target, source)


def _state_blocked_reason(target: Institution, source: Institution) -> Text | None:
    if InstitutionState.SUSPENDED in {target.state, source.state}:
        return _("One of the two is suspended. Resolve that first.")
    if source.state == InstitutionState.VERIFIED and target.state != InstitutionState.VERIFIED:
        return _("Keep the one that is verified.")
    return None


@transaction.atomic
def merge_institutions(target: Institution, source: Institution, *, by: User) -> Institution:
    """Merge `source` into `target`: its names become further names, empty fields are filled, teams are united, its slug redirects.

    A target without a picture gets that of the source; otherwise the source's is deleted.

    Both rows are locked in the order of their ids, so the second of two simultaneous merges of a pair raises StaleError.
    Refuses what `merge_blocked_reason` names, and whatever a receiver of `institutions_merged` refuses (an agreement between the two, a running import).
    Sends `institutions_merged`, then `institution_changed`, and `membership_changed` and `access_changed` for both teams.
    """
    rows = Institution.objects.select_for_update(of=("self",)).filter(pk__in=(target.pk, source.pk)).order_by("pk")
    locked = {row.pk: row for row in rows}
    if {target.pk, source.pk} - locked.keys():
        raise StaleError(_("One of the two no longer exists: somebody has already merged them."))
    target, source = locked[target.pk], locked[source.pk]
    require(can_merge_institutions(by, target, source))
    if blocked_reason := merge_blocked_reason(target, source, by):
        raise DomainError(blocked_reason, code="cannot-merge")
    team = _merge_teams(target, source)
    _merge_records(target, source)
    _merge_names(target, source)
    _merge_fact_sheets(target, source)
    _merge_pictures(target, source)
    institutions_merged.send(Institution, target_id=target.pk, source_id=source.pk)
    FormerSlug.objects.filter(institution=source).update(institution=target)
    FormerSlug.objects.create(slug=source.slug, institution=target)
    data = {"source": source.pk, "slug": source.slug, "name": dict(source.name), "state": source.state}
    record_history(target, transition="merge", by=by, before=target.state, after=target.state, data=data)
    record_history(source, transition="merged", by=by, before=source.state, data={"target": target.pk, "slug": target.slug})
    _require_no_references(source)
    source.delete()
    institution_changed.send(Institution, institution_id=target.pk)
    forget_access(by)
    for user_id in team:
        membership_changed.send(Membership, institution_id=target.pk, user_id=user_id)
        access_changed.send(User, user_id=user_id)
    return target


def _merge_teams(target: Institution, source: Institution) -> list[int]:
    """Members of either team keep their roles; returns their user ids."""
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
    # The owners have changed: open hand-overs are withdrawn.
    Handover.objects.filter(institution__in=(target, source), answer="").update(answer=Answer.WITHDRAWN, answered_at=now)
    Handover.objects.filter(institution=source).update(institution=target)
    return sorted(Membership.objects.filter(institution=target).values_list("user_id", flat=True).distinct())


def _merge_records(target: Institution, source: Institution) -> None:
    """Fill empty fields of the target from the source."""
    for name in FILLED_IN:
        if getattr(target, name) in {"", None}:
            setattr(target, name, getattr(source, name))
    for name in ("description", "facilities"):
        setattr(target, name, clean_translations({**getattr(source, name), **getattr(target, name)}))
    target.save(update_fields=[*FILLED_IN, "description", "facilities"])
    target.fields.add(*source.fields.values_list("pk", flat=True))


def _merge_names(target: Institution, source: Institution) -> None:
    known = {*target.name.values(), target.short_name, *target.names.values_list("text", flat=True)}
    further: list[tuple[str, str, str]] = [(text, code, InstitutionNameKind.ALIAS) for code, text in source.name.items()]
    further += [(source.short_name, "", InstitutionNameKind.SHORT)]
    further += [(row.text, row.language, row.kind) for row in source.names.all()]
    for text, language, kind in further:
        if text and text not in known:
            known.add(text)
            InstitutionName.objects.create(institution=target, text=text, language=language, kind=kind)


def _merge_fact_sheets(target: Institution, source: Institution) -> None:
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


def _merge_pictures(target: Institution, source: Institution) -> None:
    if InstitutionPicture.objects.filter(institution=target).exists():
        drop_picture(InstitutionPicture, institution=source)
    else:
        InstitutionPicture.objects.filter(institution=source).update(institution=target)


def _require_no_references(source: Institution) -> None:
    """Raise an error while any row still refers to the source: deleting it would cascade."""
    for relation in Institution._meta.get_fields(include_hidden=True):  # noqa: SLF001 -- Django documents it for this use
        model: Any = relation.related_model if relation.auto_created and not relation.concrete else None
        field: Any = getattr(relation, "field", None)
        if model is None or field is None or model in STAYS_BEHIND or relation.many_to_many:
            continue
        if model._base_manager.filter(**{field.name: source.pk}).exists():  # noqa: SLF001 -- documented
            raise RuntimeError(f"{model._meta.label} still points to institution {source.pk}")  # noqa: SLF001 -- documented


@transaction.atomic
def declare_distinct(first: Institution, second: Institution, *, by: User) -> None:
    """Declare two institutions with similar names distinct: they are not suggested again. Does nothing the second time."""
    require(can_merge_institutions(by, first, second))
    if first.pk == second.pk:
        raise DomainError(_("Choose two different institutions."), code="cannot-merge")
    one, other = sorted((first, second), key=lambda row: row.pk)
    _row, made = DistinctInstitutions.objects.get_or_create(first=one, second=other, defaults={"by": by})
    if made:
        record_history(one, transition="distinct", by=by, before=one.state, after=one.state, data={"other": other.pk})


def distinct_pairs(*countries: str) -> set[tuple[int, int]]:
    """Pairs of these countries that have been declared distinct."""
    rows = DistinctInstitutions.objects.filter(first__country__in=countries, second__country=F("first__country"))
    return set(rows.values_list("first_id", "second_id"))
