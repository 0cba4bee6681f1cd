"""Institutions and their teams: permissions and actions. Every change is recorded in the history of the institution."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.access import access_of, forget_access
from accounts.models import User
from accounts.models.addresses import confirmed_addresses, in_thirty_days
from accounts.signals import access_changed
from accounts.states import EDITING_ROLES, Answer, Role
from exchange.core.access import require
from exchange.core.errors import DomainError, StaleError
from exchange.core.history import record_history
from exchange.core.jobs.outbox import enqueue
from exchange.core.transitions import apply_transition, require_transition
from exchange.core.translated import Translated
from institutions.domain.notifications import notify_of_institution
from institutions.models import Institution, Membership, TeamInvitation
from institutions.signals import institution_changed, institution_state_changed, membership_changed
from institutions.states import InstitutionState

EDITABLE = ("name", "short_name", "kind", "city", "website", "description", "facilities")
MAX_OPEN_INVITATIONS = 30
INVITE = "institutions.team_invitation"
OWN_INSTITUTIONS_WAITING = 3


def can_edit_institution(user: Any, institution: Institution) -> bool:
    """Owners and editors of the team, and the secretariat."""
    access = access_of(user)
    return bool(access.roles_in(institution.pk) & EDITING_ROLES) or access.secretariat


def can_manage_team(user: Any, institution: Institution) -> bool:
    """Owners; coordinators of the country and the secretariat too, because somebody has to invite the first owner."""
    access = access_of(user)
    return Role.OWNER in access.roles_in(institution.pk) or institution.country in access.countries or access.secretariat


def can_see_team(user: Any, institution: Institution) -> bool:
    """Members of the team, and those who manage it."""
    return bool(access_of(user).roles_in(institution.pk)) or can_manage_team(user, institution)


# ---- the institution -------------------------------------------------------------------------------------------------


@transaction.atomic
def create_institution(*, by: User, country: str, fields: Iterable[int] = (), **facts: Any) -> Institution:
    """Add an institution, not yet verified, with `by` as its owner. Refuses a fourth while three of the user's institutions are unverified.

    Sends `membership_changed`, `access_changed` and `institution_state_changed`.
    """
    User.objects.select_for_update().get(pk=by.pk)
    waiting = Institution.objects.filter(memberships__user=by, memberships__role=Role.OWNER, state=InstitutionState.UNVERIFIED)
    if waiting.distinct().count() >= OWN_INSTITUTIONS_WAITING:
        raise DomainError(
            _("Several of your institutions are still waiting to be verified. Add more once that is done."), code="too-many"
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
    institution_changed.send(Institution, institution_id=institution.pk)
    _notify_team(institution, by)
    institution_state_changed.send(Institution, institution_id=institution.pk, transition="create")
    notify_of_institution(institution.pk, "create")
    return institution


@transaction.atomic
def save_institution(institution: Institution, *, by: User, fields: Iterable[int] | None = None, **facts: Any) -> Institution:
    """Set any of `EDITABLE` and the fields of work; the history records which changed. Country and slug stay: they decide who verifies."""
    require(can_edit_institution(by, institution))
    locked: Institution = Institution.objects.select_for_update(of=("self",)).get(pk=institution.pk)
    changed = [name for name in EDITABLE if name in facts and getattr(locked, name) != facts[name]]
    for name in changed:
        setattr(locked, name, facts[name])
    if changed:
        locked.save(update_fields=changed)
    if fields is not None:
        before = set(locked.fields.values_list("pk", flat=True))
        if before != set(fields):
            locked.fields.set(fields)
            changed.append("fields")
    if changed:
        record_history(locked, transition="edit", by=by, before=locked.state, after=locked.state, data={"changed": changed})
        institution_changed.send(Institution, institution_id=locked.pk)
    return locked


def transition_institution(institution: Institution, transition: str, *, by: User, note: str = "", reason: str = "") -> Institution:
    """Verify or suspend (see INSTITUTION_TRANSITIONS). Refuses one's own institution, and a transition without the note its row asks for. Sends `institution_state_changed`."""
    row = require_transition(institution, transition, by)
    if blocked_reason := institution.blocked_reason(row, by):
        raise DomainError(blocked_reason, code="own-institution")
    if row.note_required and not note.strip():
        raise DomainError(_("Give the reason in your own words."), code="note-required")
    with transaction.atomic():
        apply_transition(institution, transition, by=by, note=note.strip()[:2000], reason=reason)
        institution_state_changed.send(Institution, institution_id=institution.pk, transition=transition)
        notify_of_institution(institution.pk, transition)
    return institution


def _free_slug(name: Mapping[str, str], country: str) -> str:
    """An unused slug: country and English name, numbered when taken."""
    text = Translated(name).in_language("en")
    stem = slugify(f"{country}-{text}")[:60].strip("-")
    stem = stem if len(stem) > len(country) else f"{country.lower()}-institution"
    taken = set(Institution.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(slug for slug in (stem, *(f"{stem}-{n}" for n in range(2, 10_000))) if slug not in taken)


# ---- its team --------------------------------------------------------------------------------------------------------


@transaction.atomic
def invite_to_team(institution: Institution, *, email: str, role: str, by: User) -> TeamInvitation:
    """Invite an e-mail address in one role; whether it has an account changes neither the response nor its duration.

    An open invitation to the same role is renewed instead, and e-mailed again at most once a day. Refuses more than `MAX_OPEN_INVITATIONS`.
    Enqueues the outbox event of the invitation.
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
            enqueue(INVITE, invitation_id=known.pk)
        return known
    if TeamInvitation.objects.open().filter(institution=institution).count() >= MAX_OPEN_INVITATIONS:
        raise DomainError(_("Too many invitations are open. Withdraw some first."), code="too-many")
    invitation = TeamInvitation.objects.create(institution=institution, email=address, role=Role(role), invited_by=by)
    record_history(institution, transition="invite", by=by, before=institution.state, after=institution.state, data={"role": role})
    enqueue(INVITE, invitation_id=invitation.pk)
    return invitation


@transaction.atomic
def withdraw_invitation(invitation: TeamInvitation, *, by: User) -> None:
    """Withdraw an open invitation. Does nothing to one that was answered meanwhile."""
    require(can_manage_team(by, invitation.institution))
    TeamInvitation.objects.filter(pk=invitation.pk, answer="").update(answer=Answer.WITHDRAWN, answered_at=timezone.now())


@transaction.atomic
def answer_invitation(invitation: TeamInvitation, *, accept: bool, by: User) -> TeamInvitation:
    """Accept or decline an invitation to one of one's own confirmed addresses. The same answer again changes nothing; another or a late one raises StaleError.

    Accepting creates the membership and sends `membership_changed` and `access_changed`.
    """
    locked: TeamInvitation = (
        TeamInvitation.objects.select_for_update(of=("self",)).select_related("institution").get(pk=invitation.pk)
    )
    answer = Answer.ACCEPTED if accept else Answer.DECLINED
    require(by.is_active and locked.email in confirmed_addresses(by))
    if locked.answer == answer:
        return locked
    if locked.answer or locked.expires_at <= timezone.now():
        raise StaleError(_("This invitation is no longer open."))
    locked.answer = answer
    locked.answered_at = timezone.now()
    locked.save(update_fields=["answer", "answered_at"])
    if accept:
        _membership, joined = Membership.objects.get_or_create(institution=locked.institution, user=by, role=locked.role)
        if joined:
            state = locked.institution.state
            record_history(
                locked.institution, transition="join", by=by, before=state, after=state, data={"role": locked.role, "user": by.pk}
            )
            _notify_team(locked.institution, by)
    return locked


@transaction.atomic
def set_roles(institution: Institution, member: User, roles: Iterable[str], *, by: User) -> None:
    """Give a member of the team exactly these roles. Refuses a user outside the team, an empty list, and to remove the last owner.

    Sends `membership_changed` and `access_changed`.
    """
    require(can_manage_team(by, institution))
    wanted = {Role(role) for role in roles}
    if not wanted:
        raise DomainError(_("Choose at least one role, or remove this person from the team."), code="no-role")
    _change_team(institution, member, wanted, by=by, transition="roles")


@transaction.atomic
def remove_member(institution: Institution, member: User, *, by: User) -> None:
    """Remove a member from the team; members may remove themselves. Refuses to remove the last owner. Sends as `set_roles`."""
    require(can_manage_team(by, institution) or by.pk == member.pk)
    _change_team(institution, member, set(), by=by, transition="leave" if by.pk == member.pk else "remove")


def _change_team(institution: Institution, member: User, wanted: set[Role], *, by: User, transition: str) -> None:
    Institution.objects.select_for_update(of=("self",)).only("pk").get(pk=institution.pk)
    rows = Membership.objects.filter(institution=institution, user=member)
    current = {Role(role) for role in rows.values_list("role", flat=True)}
    if not current:
        raise StaleError(_("This person is not in the team any more."))
    if current == wanted:
        return
    if Role.OWNER in current - wanted and not _other_owners(institution, member):
        raise DomainError(_("A team must have at least one owner. Make somebody else an owner first."), code="last-owner")
    rows.exclude(role__in=wanted).delete()
    Membership.objects.bulk_create([Membership(institution=institution, user=member, role=role) for role in wanted - current])
    record_history(
        institution,
        transition=transition,
        by=by,
        before=institution.state,
        after=institution.state,
        data={"user": member.pk, "before": sorted(current), "after": sorted(wanted)},
    )
    _notify_team(institution, member)


def _other_owners(institution: Institution, member: User) -> bool:
    owners = Membership.objects.filter(institution=institution, role=Role.OWNER, user__is_active=True)
    return owners.exclude(user=member).exists()


def _notify_team(institution: Institution, member: User) -> None:
    forget_access(member)
    membership_changed.send(Membership, institution_id=institution.pk, user_id=member.pk)
    access_changed.send(User, user_id=member.pk)
