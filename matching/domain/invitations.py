"""Inviting an expert to apply."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import access_of
from accounts.models import User
from exchange.core.access import require
from exchange.core.errors import DomainError
from matching.domain.queries import received
from matching.models import Invitation
from messaging.domain.notifications import notify
from profiles.models import ExpertProfile
from programs.domain.eligibility import check_eligibility
from programs.models import Program

MAX_MESSAGE_LENGTH = 2000


def why_not_invited(expert: ExpertProfile, program: Program) -> DomainError | None:
    """Why this person cannot be invited to this programme, or None: no account, an application that was sent, requirements that are not met."""
    if expert.user_id is None:
        return DomainError(_("This person has no account yet and cannot be invited."), code="no-account")
    if received(program=program, expert=expert).exists():
        return DomainError(_("This person has applied to the programme already."), code="has-applied")
    if not check_eligibility(program, expert).eligible:
        return DomainError(_("This person cannot apply to the programme: its requirements are not met."), code="not-eligible")
    return None


@transaction.atomic
def invite_expert(expert: ExpertProfile, program: Program, *, by: User, words: str) -> Invitation:
    """Invite a person to an open programme, with a message, sent as a notification and an e-mail in their language.

    Raises Refusal for a user who may not edit the host's programmes; DomainError when the programme is not open, the profile has no account,
    the person has applied already or does not meet the requirements, the message is empty or too long. A second invitation to the same programme changes and sends nothing.
    """
    require(program.institution_id in access_of(by).edited_institutions, _("Only the host's editors can invite people."))
    words = words.strip()
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
