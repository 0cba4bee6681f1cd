"""Institutions and their teams: who belongs, and every change to them. Each change is in the history of the institution."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from exchange.core.access import require
from exchange.core.errors import DomainError, StaleError
from exchange.core.history import record_history
from exchange.core.text import search_vector
from exchange.core.transitions import apply_transition, require_transition
from exchange.core.translated import Translated
from profiles.access import access_of, forget_access
from profiles.domain.vocabulary import vocabulary
from profiles.models import Institution, Membership, TeamInvitation, User
from profiles.models.invitations import confirmed_addresses, in_thirty_days
from profiles.signals import access_changed, institution_changed, institution_state_changed, invited_to_team, membership_changed
from profiles.states import EDITING_ROLES, Answer, InstitutionState, Role

EDITABLE = ("name", "short_name", "kind", "city", "website", "description", "facilities")
MAX_OPEN_INVITATIONS = 30
OWN_INSTITUTIONS_WAITING = 3


def team_ids(institution_id: int, roles: "Collection[str] | None" = None) -> list[int]:
    """Accounts in the team of an institution, those with one of `roles` when given; each once, deactivated ones left out."""
    members = Membership.objects.filter(institution_id=institution_id, user__is_active=True)
    if roles is not None:
        members = members.filter(role__in=roles)
    return sorted(members.values_list("user_id", flat=True).distinct())


def can_edit_institution(user: Any, institution: Institution) -> bool:
    """Owners and editors, and the secretariat, which keeps the register."""
    access = access_of(user)
    return bool(access.roles_in(institution.pk) & EDITING_ROLES) or access.secretariat


def can_manage_team(user: Any, institution: Institution) -> bool:
    """Owners; and those who answer for the country, because somebody has to let the first owner in."""
    access = access_of(user)
    return Role.OWNER in access.roles_in(institution.pk) or institution.country in access.countries or access.secretariat


def can_see_team(user: Any, institution: Institution) -> bool:
    """The team itself, and those who manage it."""
    return bool(access_of(user).roles_in(institution.pk)) or can_manage_team(user, institution)


# ---- the institution -------------------------------------------------------------------------------------------------


@transaction.atomic
def create_institution(*, by: User, country: str, fields: Iterable[int] = (), **facts: Any) -> Institution:
    """Add an institution, not yet verified, with `by` as its owner. Refuses a fourth while three of theirs wait to be verified.

    Sends `membership_changed`, `access_changed` and `institution_state_changed`.
    """
    User.objects.select_for_update().get(pk=by.pk)
    waiting = Institution.objects.filter(memberships__user=by, memberships__role=Role.OWNER, state=InstitutionState.UNVERIFIED)
    if waiting.distinct().count() >= OWN_INSTITUTIONS_WAITING:
        raise DomainError(
            _("Several institutions of yours still wait to be verified. Add more once that is done."), code="too-many"
        )
    institution = Institution.objects.create(
        slug=_free_slug(facts["name"], country),
        country=country,
        is_demo=by.is_demo,
        **{name: facts[name] for name in EDITABLE if name in facts},
    )
    institution.fields.set(fields)
    Membership.objects.create(institution=institution, user=by, role=Role.OWNER)
    record_history(institution, transition="create", by=by, after=institution.state)
    refresh_institution(institution)
    _notify_team(institution, by)
    institution_state_changed.send(Institution, institution_id=institution.pk, transition="create")
    return institution


@transaction.atomic
def save_institution(institution: Institution, *, by: User, fields: Iterable[int] | None = None, **facts: Any) -> Institution:
    """Set any of `EDITABLE` and the fields of work; the history keeps which changed. Country and address stay: they say who verifies."""
    require(can_edit_institution(by, institution))
    held: Institution = Institution.objects.select_for_update(of=("self",)).defer("search").get(pk=institution.pk)
    changed = [name for name in EDITABLE if name in facts and getattr(held, name) != facts[name]]
    for name in changed:
        setattr(held, name, facts[name])
    if changed:
        held.save(update_fields=changed)
    if fields is not None:
        before = set(held.fields.values_list("pk", flat=True))
        if before != set(fields):
            held.fields.set(fields)
            changed.append("fields")
    if changed:
        record_history(held, transition="edit", by=by, before=held.state, after=held.state, data={"changed": changed})
        refresh_institution(held)
    return held


def transition_institution(institution: Institution, transition: str, *, by: User, note: str = "", reason: str = "") -> Institution:
    """Verify or suspend (see INSTITUTION_MOVES). Refuses one's own institution, and a transition without the note its row asks for. Sends `institution_state_changed`."""
    row = require_transition(institution, transition, by)
    if blocked_reason := institution.blocked_reason(row, by):
        raise DomainError(blocked_reason, code="own-institution")
    if row.note_required and not note.strip():
        raise DomainError(_("Say in your own words why."), code="note-required")
    with transaction.atomic():
        apply_transition(institution, transition, by=by, note=note.strip()[:2000], reason=reason)
        institution_state_changed.send(Institution, institution_id=institution.pk, transition=transition)
    return institution


def refresh_institution(institution: Institution) -> None:
    """Keep what a search finds it by: its names, its town, and its fields in every language. Sends `institution_changed`."""
    words = vocabulary()
    concepts = [words.all_names.get(pk, "") for pk in institution.fields.values_list("pk", flat=True)]
    further = institution.names.values_list("text", flat=True)
    text = " ".join([*institution.name.values(), institution.short_name, *further, institution.city, *concepts])
    Institution.objects.filter(pk=institution.pk).update(search=search_vector(text))
    institution_changed.send(Institution, institution_id=institution.pk)


def _free_slug(name: Mapping[str, str], country: str) -> str:
    """An address nobody has: country and English name, numbered when taken."""
    text = Translated(name).in_language("en")
    stem = slugify(f"{country}-{text}")[:60].strip("-")
    stem = stem if len(stem) > len(country) else f"{country.lower()}-institution"
    taken = set(Institution.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(slug for slug in (stem, *(f"{stem}-{n}" for n in range(2, 10_000))) if slug not in taken)


# ---- its team --------------------------------------------------------------------------------------------------------


@transaction.atomic
def invite_to_team(institution: Institution, *, email: str, role: str, by: User) -> TeamInvitation:
    """Ask an address to join in one role; whether an account stands behind it changes neither the answer nor the time it takes.

    An open invitation to the same role is renewed instead, and written again at most once a day. Refuses too many open ones at once.
    Sends `invited_to_team`.
    """
    require(can_manage_team(by, institution))
    Institution.objects.select_for_update(of=("self",)).only("pk").get(pk=institution.pk)
    address = email.strip().lower()
    now = timezone.now()
    TeamInvitation.objects.filter(institution=institution, answer="", expires_at__lte=now).update(
        answer=Answer.WITHDRAWN, answered_at=now
    )
    known = TeamInvitation.objects.filter(institution=institution, email=address, role=Role(role), answer="").first()
    if known is not None:
        if now - known.created_at > datetime.timedelta(days=1):
            known.created_at, known.expires_at = now, in_thirty_days()
            known.save(update_fields=["created_at", "expires_at"])
            invited_to_team.send(TeamInvitation, invitation_id=known.pk)
        return known
    if TeamInvitation.objects.open().filter(institution=institution).count() >= MAX_OPEN_INVITATIONS:
        raise DomainError(_("Many invitations are open. Withdraw some first."), code="too-many")
    invitation = TeamInvitation.objects.create(institution=institution, email=address, role=Role(role), invited_by=by)
    record_history(institution, transition="invite", by=by, before=institution.state, after=institution.state, data={"role": role})
    invited_to_team.send(TeamInvitation, invitation_id=invitation.pk)
    return invitation


@transaction.atomic
def withdraw_invitation(invitation: TeamInvitation, *, by: User) -> None:
    """Take an open invitation back. Does nothing to one that was answered meanwhile."""
    require(can_manage_team(by, invitation.institution))
    TeamInvitation.objects.filter(pk=invitation.pk, answer="").update(answer=Answer.WITHDRAWN, answered_at=timezone.now())


@transaction.atomic
def answer_invitation(invitation: TeamInvitation, *, accept: bool, by: User) -> TeamInvitation:
    """Accept or decline an invitation to one of one's own confirmed addresses. The same answer again changes nothing; another one, or a late one, is refused as stale.

    Accepting makes the membership and sends `membership_changed` and `access_changed`.
    """
    held: TeamInvitation = (
        TeamInvitation.objects.select_for_update(of=("self",)).select_related("institution").get(pk=invitation.pk)
    )
    answer = Answer.ACCEPTED if accept else Answer.DECLINED
    require(by.is_active and held.email in confirmed_addresses(by))
    if held.answer == answer:
        return held
    if held.answer or held.expires_at <= timezone.now():
        raise StaleError(_("This invitation is no longer open."))
    held.answer = answer
    held.answered_at = timezone.now()
    held.save(update_fields=["answer", "answered_at"])
    if accept:
        _membership, joined = Membership.objects.get_or_create(institution=held.institution, user=by, role=held.role)
        if joined:
            state = held.institution.state
            record_history(
                held.institution, transition="join", by=by, before=state, after=state, data={"role": held.role, "user": by.pk}
            )
            _notify_team(held.institution, by)
    return held


@transaction.atomic
def set_roles(institution: Institution, member: User, roles: Iterable[str], *, by: User) -> None:
    """Give a member of the team exactly these roles. Refuses somebody who is not in it, no role at all, and to leave it without owner.

    Sends `membership_changed` and `access_changed`.
    """
    require(can_manage_team(by, institution))
    wanted = {Role(role) for role in roles}
    if not wanted:
        raise DomainError(_("Choose at least one role, or remove this person from the team."), code="no-role")
    _change_team(institution, member, wanted, by=by, transition="roles")


@transaction.atomic
def remove_member(institution: Institution, member: User, *, by: User) -> None:
    """Take a member out of the team; everybody may leave. Refuses to leave it without owner. Sends as `set_roles`."""
    require(can_manage_team(by, institution) or by.pk == member.pk)
    _change_team(institution, member, set(), by=by, transition="leave" if by.pk == member.pk else "remove")


def _change_team(institution: Institution, member: User, wanted: set[Role], *, by: User, transition: str) -> None:
    Institution.objects.select_for_update(of=("self",)).only("pk").get(pk=institution.pk)
    rows = Membership.objects.filter(institution=institution, user=member)
    held = {Role(role) for role in rows.values_list("role", flat=True)}
    if not held:
        raise StaleError(_("This person is not in the team any more."))
    if held == wanted:
        return
    if Role.OWNER in held - wanted and not _other_owners(institution, member):
        raise DomainError(_("A team keeps at least one owner. Make somebody else an owner first."), code="last-owner")
    rows.exclude(role__in=wanted).delete()
    Membership.objects.bulk_create([Membership(institution=institution, user=member, role=role) for role in wanted - held])
    record_history(
        institution,
        transition=transition,
        by=by,
        before=institution.state,
        after=institution.state,
        data={"user": member.pk, "before": sorted(held), "after": sorted(wanted)},
    )
    _notify_team(institution, member)


def _other_owners(institution: Institution, member: User) -> bool:
    owners = Membership.objects.filter(institution=institution, role=Role.OWNER, user__is_active=True)
    return owners.exclude(user=member).exists()


def _notify_team(institution: Institution, member: User) -> None:
    forget_access(member)
    membership_changed.send(Membership, institution_id=institution.pk, user_id=member.pk)
    access_changed.send(User, user_id=member.pk)
