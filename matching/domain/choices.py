"""What experts and hosts decide about proposals: saving, dismissing, undoing; and what an expert wants of matching."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import access_of
from accounts.models import User
from exchange.core.access import require
from exchange.core.errors import DomainError
from matching.domain.jobs import match_soon
from matching.domain.mailing import mark_known, next_weekly
from matching.domain.queries import people_for_program
from matching.models import MatchSettings, PersonChoice, ProgramChoice
from matching.states import Choice, DismissReason
from profiles.models import ExpertProfile
from programs.models import Program

# ---- an expert about programmes --------------------------------------------------------------------------------------


def save_program(program: Program, *, by: User) -> ProgramChoice:
    """Keep a programme in the expert's list of saved ones; a dismissed one is no longer dismissed. Refuses accounts without a profile."""
    return _choose(program, by, Choice.SAVED, "")


def dismiss_program(program: Program, *, by: User, reason: str) -> ProgramChoice:
    """Take a programme out of the expert's list. The reasons "field", "kind" and "country" also lower similar programmes there, in no other list.

    Refuses accounts without a profile, and raises DomainError for an unknown reason.
    """
    if reason not in DismissReason.values:
        raise DomainError(_("Choose one of the reasons."), code="reason")
    return _choose(program, by, Choice.DISMISSED, reason)


@transaction.atomic
def _choose(program: Program, by: User, choice: str, reason: str) -> ProgramChoice:
    made, _new = ProgramChoice.objects.update_or_create(
        expert_id=_own_expert(by), program=program, defaults={"choice": choice, "reason": reason, "created_at": timezone.now()}
    )
    match_soon(made.expert_id, with_needs=False)
    return made  # type: ignore[no-any-return]


@transaction.atomic
def undo_choice(program: Program, *, by: User) -> None:
    """Forget what the expert decided about a programme, and what it changed in the list. A second time changes nothing."""
    deleted, _rows = ProgramChoice.objects.filter(expert_id=_own_expert(by), program=program).delete()
    if deleted:
        match_soon(_own_expert(by), with_needs=False)


def _own_expert(user: User) -> int:
    expert_id = access_of(user).expert_id
    require(expert_id is not None, _("Create your profile first."))
    return expert_id  # type: ignore[return-value]


def chosen_programs(user: Any, choice: str) -> "QuerySet[ProgramChoice]":
    """The programmes this expert saved or dismissed and may still see, the latest first."""
    rows: QuerySet[ProgramChoice] = ProgramChoice.objects.visible_to(user)
    return rows.filter(choice=choice, program__in=Program.objects.visible_to(user)).select_related(
        "program", "program__institution"
    )


# ---- a host about people ---------------------------------------------------------------------------------------------


@transaction.atomic
def choose_person(expert: ExpertProfile, program: Program, *, by: User, choice: str) -> PersonChoice:
    """Save a person to the programme's shortlist, or dismiss them from its list. The person is not told.

    Refuses users who may not edit the host's programmes; raises DomainError (404) for people who are not proposed for this programme.
    """
    require_host(program, by)
    if choice not in Choice.values:
        raise DomainError(_("Save or dismiss."), code="choice")
    if not people_for_program(program, by).filter(expert=expert).exists():
        raise DomainError(_("This person is not proposed for this programme."), code="not-proposed", status=404)
    made, _new = PersonChoice.objects.update_or_create(
        program=program, expert=expert, defaults={"choice": choice, "by": by, "created_at": timezone.now()}
    )
    match_soon(expert.pk, with_needs=False)
    return made  # type: ignore[no-any-return]


@transaction.atomic
def undo_person_choice(expert: ExpertProfile, program: Program, *, by: User) -> None:
    """Forget the host's choice about a person. Refuses as `choose_person`; a second time changes nothing."""
    require_host(program, by)
    deleted, _rows = PersonChoice.objects.filter(program=program, expert=expert).delete()
    if deleted:
        match_soon(expert.pk, with_needs=False)


def require_host(program: Program, user: Any) -> None:
    """Raises Refusal unless the user may edit the programmes of this host."""
    require(program.institution_id in access_of(user).edited_institutions, _("Only the host's editors may see and choose people."))


# ---- what an expert wants --------------------------------------------------------------------------------------------


def settings_of(user: Any) -> MatchSettings:
    """What this expert wants, with the defaults where nothing was chosen; not saved. Refuses accounts without a profile."""
    expert_id = _own_expert(user)
    return MatchSettings.objects.filter(expert_id=expert_id).first() or MatchSettings(expert_id=expert_id)


@transaction.atomic
def save_settings(*, by: User, proposed: bool, weekly_mail: bool) -> MatchSettings:
    """Set whether the expert is proposed to hosts, at once, and whether a weekly e-mail is sent.

    When the e-mail is switched on, the good matches of today count as known: the first e-mail has what is new since.
    """
    wanted, _new = MatchSettings.objects.select_for_update().get_or_create(expert_id=_own_expert(by))
    if weekly_mail and not wanted.weekly_mail:
        mark_known(wanted.expert_id, by)
        wanted.next_at = next_weekly(by)
    changed = wanted.proposed != proposed
    wanted.proposed, wanted.weekly_mail = proposed, weekly_mail
    wanted.next_at = wanted.next_at if weekly_mail else None
    wanted.save()
    if changed:
        match_soon(wanted.expert_id)
    return wanted
