"""Offers: made, accepted, declined, expired, released; and the waitlist that moves up when a place becomes free.

Every function here that counts places takes the programme's row lock first, so that only one transaction counts at a time.
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from applications.domain.locks import is_duplicate_request, lock_with_program, require_not_blocked, require_reason
from applications.domain.notifications import notify_expert, notify_host, post_thread_event, store_decision_note
from applications.domain.seats import places_for, taken_by_country
from applications.models import Application
from applications.rules import MAX_NOTE_LENGTH, tidy
from applications.signals import acceptance_taken_back, application_decided, offer_accepted, offer_closed
from applications.states import ApplicationState
from exchange.core.errors import DomainError, StaleError
from exchange.core.history import history_of
from exchange.core.transitions import apply_transition
from programs.domain.seats import lock_program, seat_plan
from programs.models import Program
from programs.rules import places_left
from programs.states import PLACING_STATES

logger = logging.getLogger(__name__)


@transaction.atomic
def select_application(application: Application, *, by: User, note: str = "") -> Application:
    """Offer a place, to be answered within the programme's `offer_days`; the place is reserved meanwhile. Notifies the expert.

    Refuses with DomainError `no-places` when none is left for the country, StaleError when somebody decided first.
    """
    lock_with_program(application)
    if is_duplicate_request(application, "select", by):
        return application
    require_not_blocked(application, "select", by)
    if application.state in application.transitions["select"].sources and places_for(application.program, application.country) < 1:
        raise DomainError(
            _("No place is left for this country: another offer has to be declined or to expire first."), code="no-places"
        )
    _offer(application, "select", by=by, note=note)
    notify_expert(application, "offer_made", date=application.offer_expires_at)
    application_decided.send(Application, application=application, transition="select")
    return application


@transaction.atomic
def accept_offer(application: Application, *, by: User) -> Application:
    """Accept the offer; placements creates the placement in the same transaction. Notifies the host.

    Accepted applications alone may never exceed the places or a country's quota, whatever was offered: DomainError `no-places`.
    """
    lock_with_program(application)
    if is_duplicate_request(application, "accept", by):
        return application
    require_not_blocked(application, "accept", by)
    if application.state == ApplicationState.OFFERED and places_for(application.program, application.country, _ACCEPTED) < 1:
        raise DomainError(
            _("All places were taken before you answered: the host made more offers than there are places. Write to the host."),
            code="no-places",
        )
    apply_transition(application, "accept", by=by, locked=True)
    post_thread_event(application, "accept")
    notify_host(application, "offer_accepted")
    offer_accepted.send(Application, application=application, by=by)
    return application


_ACCEPTED = (ApplicationState.ACCEPTED,)


@transaction.atomic
def decline_offer(application: Application, *, by: User, reason: str = "", note: str = "") -> Application:
    """Decline the offer, with an optional reason: the place is offered to the first on the waitlist who may take it. Notifies the host."""
    if reason:
        require_reason(application, "decline", reason)
    lock_with_program(application)
    if is_duplicate_request(application, "decline", by):
        return application
    require_not_blocked(application, "decline", by)
    apply_transition(application, "decline", by=by, locked=True, reason=reason, note=tidy(note.strip(), MAX_NOTE_LENGTH))
    post_thread_event(application, "decline")
    notify_host(application, "offer_declined")
    offer_closed.send(Application, application=application)
    promote_from_waitlist(application.program)
    return application


@transaction.atomic
def take_back_offer(application: Application, *, by: User) -> Application:
    """Take an offer back that the applicant has not answered: the state before it returns, and a place on the waitlist. Notifies the applicant.

    Raises StaleError when it was answered, DomainError `too-late` after TAKE_BACK. The free place is not offered to the waitlist by itself.
    """
    lock_with_program(application)
    if is_duplicate_request(application, "take_back_offer", by):
        return application
    require_not_blocked(application, "take_back_offer", by)
    queued = history_of(application).filter(transition="waitlist").values_list("at", flat=True).last()
    apply_transition(application, "take_back_offer", by=by, locked=True, offer_expires_at=None)
    if application.state == ApplicationState.WAITLISTED:
        application.waitlisted_at = queued or timezone.now()
        application.save(update_fields=["waitlisted_at"])
    store_decision_note(application, "", "")
    post_thread_event(application, "take_back_offer")
    notify_expert(application, "taken_back", what=application.transitions["take_back_offer"].done)
    offer_closed.send(Application, application=application)
    return application


@transaction.atomic
def take_back_acceptance(application: Application, *, by: User) -> Application:
    """Take the acceptance of an offer back while no country has decided: the offer is open again until its time runs out. Notifies the host.

    placements closes the placement in the same transaction, or refuses with DomainError `acted-on`. Raises DomainError `too-late` after TAKE_BACK.
    """
    lock_with_program(application)
    if is_duplicate_request(application, "take_back_acceptance", by):
        return application
    require_not_blocked(application, "take_back_acceptance", by)
    if application.state == ApplicationState.ACCEPTED:
        acceptance_taken_back.send(Application, application=application, by=by)
    apply_transition(application, "take_back_acceptance", by=by, locked=True)
    post_thread_event(application, "take_back_acceptance")
    notify_host(application, "taken_back", what=application.transitions["take_back_acceptance"].done)
    return application


@transaction.atomic
def restore_place(application: Application) -> Application:
    """Give a released place back to its application, because the cancellation of its placement is taken back. Made by the system.

    Raises DomainError `no-places` when the place was offered to somebody else meanwhile, `program-over` when the programme has ended.
    """
    lock_with_program(application)
    if application.program.state not in PLACING_STATES:
        raise DomainError(_("This programme has ended or was cancelled: nothing can be decided any more."), code="program-over")
    if places_for(application.program, application.country) < 1:
        raise DomainError(_("The place has been offered to somebody else meanwhile."), code="no-places", status=409)
    apply_transition(application, "restore", by=None, locked=True)
    return application


@transaction.atomic
def release_place(application: Application, *, note: str = "") -> Application:
    """Free an accepted place because its placement was rejected or cancelled, and offer it to the waitlist. Made by the system.

    A caller that holds other locks must have taken the programme's lock first.
    """
    lock_with_program(application)
    apply_transition(application, "release", by=None, locked=True, note=note)
    post_thread_event(application, "release")
    offer_closed.send(Application, application=application)
    promote_from_waitlist(application.program)
    return application


@transaction.atomic
def promote_from_waitlist(program: Program) -> Application | None:
    """Offer the place that became free to the first on the waitlist whose country may take it, and notify expert and host.

    One call, one place. Nobody is promoted into a programme that has ended, was cancelled or has started.
    """
    program = lock_program(program.pk)
    if program.state not in PLACING_STATES or program.starts <= timezone.now().date():
        return None
    taken, quotas = taken_by_country(program.pk), seat_plan(program)
    waiting = (
        Application.objects.select_for_update(of=("self",))
        .select_related("program__institution", "expert", "thread")
        .filter(program_id=program.pk, state=ApplicationState.WAITLISTED)
        .order_by("waitlisted_at", "pk")
    )
    for application in waiting:
        if places_left(application.country, seats=program.seats, taken=taken, quotas=quotas) > 0:
            _offer(application, "promote", by=None)
            notify_expert(application, "offer_promoted", date=application.offer_expires_at)
            notify_host(application, "applicant_promoted", date=application.offer_expires_at)
            application_decided.send(Application, application=application, transition="promote")
            return application
    return None


def expire_offers() -> int:
    """Expire every offer that was not answered in time, each in its own transaction, and offer its place to the waitlist. Returns how many."""
    due = Application.objects.filter(state=ApplicationState.OFFERED, offer_expires_at__lte=timezone.now())
    ended = 0
    for application in due.order_by("offer_expires_at"):
        try:
            _expire(application)
        except StaleError:
            logger.info("offer %s was answered while it expired", application.pk)
        else:
            ended += 1
    return ended


@transaction.atomic
def _expire(application: Application) -> None:
    lock_with_program(application)
    if not application.has_lapsed:
        raise StaleError
    apply_transition(application, "expire", by=None, locked=True)
    post_thread_event(application, "expire")
    notify_expert(application, "my_offer_expired")
    notify_host(application, "offer_expired")
    offer_closed.send(Application, application=application)
    promote_from_waitlist(application.program)


def _offer(application: Application, transition: str, *, by: User | None, note: str = "") -> None:
    expires = timezone.now() + timedelta(days=application.program.offer_days)
    note = tidy(note.strip(), MAX_NOTE_LENGTH)
    apply_transition(application, transition, by=by, locked=True, note=note, offer_expires_at=expires, waitlisted_at=None)
    store_decision_note(application, "", note)
    post_thread_event(application, transition)
