"""Inviting somebody to apply."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from exchange.core.access import require
from exchange.core.errors import DomainError
from matching.models import Invitation
from messaging.domain.notifications import notify
from profiles.access import access_of
from profiles.models import ExpertProfile, User
from programs.models import Program

LONGEST = 2000


@transaction.atomic
def invite_expert(expert: ExpertProfile, program: Program, *, by: User, words: str) -> Invitation:
    """Invite a person to an open programme, with a few words that reach them by notification and mail in their language.

    Refused (Refusal) to whoever does not post for the host; DomainError when the programme is not open, the profile has no account,
    the words are empty or too long. A second invitation to the same programme changes and sends nothing.
    """
    require(program.institution_id in access_of(by).edited_institutions, _("Only the host's editors invite people."))
    words = words.strip()
    if not program.is_open:
        raise DomainError(_("This programme takes no applications now."), code="closed")
    if not words or len(words) > LONGEST:
        raise DomainError(_("Write a few words, at most 2,000 characters."), code="words")
    if expert.user_id is None:
        raise DomainError(_("This person has no account yet and cannot be invited."), code="no-account")
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
