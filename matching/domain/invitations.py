"""Inviting an expert to apply."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import access_of
from accounts.models import User
from exchange.core.access import require
from exchange.core.errors import DomainError
from matching.domain.jobs import match_soon
from matching.domain.queries import received
from matching.models import Invitation, Match, MatchSettings
from messaging.domain.notifications import notify
from profiles.models import ExpertProfile
from programs.models import Program

MAX_MESSAGE_LENGTH = 2000


def why_not_invited(expert: ExpertProfile, program: Program) -> DomainError | None:
    """Why this person cannot be invited to this programme, or None: no account, an application that was sent, requirements that are not met.

    Requirements are those of the stored match, by what hosts may know: a hidden part refuses nobody, and without a match nothing is known.
    """
    if expert.user_id is None:
        return DomainError(_("This person has no account yet and cannot be invited."), code="no-account")
    if received(program=program, expert=expert).exists():
        return DomainError(_("This person has applied to the programme already."), code="has-applied")
    if Match.objects.filter(program=program, expert=expert, host_eligible=False).exists():
        return DomainError(_("This person cannot apply to the programme: its requirements are not met."), code="not-eligible")
    return None


@transaction.atomic
def invite_expert(expert: ExpertProfile, program: Program, *, by: User, words: str) -> Invitation:
    """Invite a person to an open programme, with a message, sent as a notification and an e-mail in their language.

    Raises Refusal for a user who may not edit the host's programmes; DomainError when the programme is not open, the profile has no account,
    the person has applied already or, as far as hosts may know, does not meet the requirements, the message is empty or too long, and (404, as for
    somebody unknown) when the person does not want to be proposed to hosts. A second invitation to the same programme changes and sends nothing.
    """
    require(program.institution_id in access_of(by).edited_institutions, _("Only the host's editors can invite people."))
    words = words.strip()
    if MatchSettings.objects.filter(expert=expert, proposed=False).exists():
        raise DomainError(_("This person cannot be invited."), code="not-proposed", status=404)
    if not program.is_open:
        raise DomainError(_("This programme does not accept applications now."), code="closed")
    if not words or len(words) > MAX_MESSAGE_LENGTH:
        raise DomainError(_("Write a short message of at most 2,000 characters."), code="words")
    refusal = why_not_invited(expert, program)
    if refusal is not None:
        raise refusal
    assert expert.user_id is not None  # noqa: S101 -- refused above otherwise
    invitation, made = Invitation.objects.get_or_create(expert=expert, program=program, defaults={"by": by, "words": words})
    if made:
        match_soon(expert.pk, with_needs=False)
        notify(
            [expert.user_id],
            "invitation",
            key=f"invitation:{invitation.pk}",
            url=program.get_absolute_url(),
            program=dict(program.title),
            host=dict(program.institution.name),
            words=words,
        )
    return invitation


def open_invitation(invitation: Invitation) -> None:
    """Note that the invited person has opened the programme. A second time changes nothing."""
    if invitation.opened_at is None:
        Invitation.objects.filter(pk=invitation.pk, opened_at=None).update(opened_at=timezone.now())


def decline_invitation(program: Program, *, by: User) -> None:
    """Decline the invitation to this programme; its host sees that. Raises DomainError (404) for a user who was not invited.

    A second time changes nothing. Applying is still possible.
    """
    mine = Invitation.objects.filter(program=program, expert_id=access_of(by).expert_id or 0)
    if not mine.exists():
        raise DomainError(_("You were not invited to this programme."), code="not-invited", status=404)
    mine.filter(declined_at=None).update(declined_at=timezone.now())
