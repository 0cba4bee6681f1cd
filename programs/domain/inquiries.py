"""Asking a host about a programme before applying: one conversation for each person and programme, answered by the host's editors."""

import datetime
import uuid
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import access_of
from accounts.models import User
from accounts.states import EDITING_ROLES
from exchange.core.access import require
from exchange.core.errors import DomainError
from institutions.domain.queries import team_ids
from messaging.domain.membership import join_threads, leave_threads
from messaging.domain.my_tasks import forget_task_counts
from messaging.domain.notifications import notify
from messaging.domain.threads import open_thread, post_message
from messaging.models import Message, Thread
from programs.models import Inquiry, Program
from programs.notification_types import ASKED
from programs.states import ProgramState

MAX_PER_DAY = 5
"""Conversations that one person may begin in 24 hours."""
DAY = datetime.timedelta(days=1)
ASKER, HOST = "asker", "host"


@transaction.atomic
def ask_host(program: Program, *, by: User, words: str, client_id: uuid.UUID | str | None = None) -> Inquiry:
    """Open the conversation of this person about a programme with a first message, and notify the host's owners and editors.

    Where they have one already, the message is added to it; the same `client_id` is the same message. Raises Refusal for the host's own
    team; DomainError for a programme that is not published, a host without a team, an empty or too long message, and for more than
    MAX_PER_DAY new conversations in 24 hours. `program` comes from `visible_to`.
    """
    require(program.institution_id not in access_of(by).institutions, _("You are in the team of this host."))
    # The person's row is locked, so that two requests at once open one conversation and cannot pass the limit together.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    found: Inquiry | None = Inquiry.objects.filter(program=program, person=by).select_related("thread").first()
    if found is not None:
        post_message(found.thread, by=by, body=words, client_id=client_id)
        return found
    if program.state != ProgramState.PUBLISHED:
        raise DomainError(_("Questions can be asked while applications are accepted."), code="closed")
    if Inquiry.objects.filter(person=by, created_at__gt=timezone.now() - DAY).count() >= MAX_PER_DAY:
        raise DomainError(_("You have asked several hosts today. Please ask again tomorrow."), code="too-many", status=429)
    team = team_ids(program.institution_id, EDITING_ROLES)
    if not team:
        raise DomainError(_("Nobody answers for this host yet."), code="no-team")
    thread = open_thread(
        title=program.title,
        about_url=program.get_absolute_url(),
        kind=Thread.Kind.PROGRAM,
        people={HOST: team, ASKER: [by.pk]},
        line="program.asked",
    )
    inquiry: Inquiry = Inquiry.objects.create(program=program, person=by, thread=thread)
    post_message(thread, by=by, body=words, client_id=client_id)
    notify(
        team,
        ASKED.code,
        key=f"inquiry:{inquiry.pk}",
        url=thread.get_absolute_url(),
        program=dict(program.title),
        name=by.get_full_name(),
    )
    transaction.on_commit(lambda: forget_task_counts(team))
    return inquiry


def inquiry_about(program: Program, user: Any) -> Inquiry | None:
    """The conversation of this user about the programme, as the one who asks."""
    inquiry: Inquiry | None = Inquiry.objects.visible_to(user).filter(program=program, person_id=user.pk).first()
    return inquiry


def unanswered_inquiries(user: Any) -> "QuerySet[Inquiry]":
    """Conversations about the programmes of the user's institutions in which the person who asks wrote last; the longest waiting first."""
    last = Message.objects.filter(thread=OuterRef("thread"), kind=Message.Kind.TEXT).order_by("-number").values("author_id")[:1]
    rows: QuerySet[Inquiry] = (
        Inquiry.objects.filter(
            program__institution_id__in=access_of(user).edited_institutions, program__state=ProgramState.PUBLISHED
        )
        .annotate(last_author=Subquery(last))
        .filter(last_author=F("person_id"), person__is_active=True)
        .exclude(person_id=user.pk)
        .select_related("program", "person", "thread")
        .order_by("thread__last_at", "pk")
    )
    return rows


def follow_team(institution_id: int, user_id: int) -> None:
    """Add the user to, or remove from, the conversations about the institution's programmes, as their roles require."""
    threads = Thread.objects.filter(inquiry__program__institution_id=institution_id).exclude(inquiry__person_id=user_id)
    if user_id in team_ids(institution_id, EDITING_ROLES):
        join_threads(threads, user_id, capacity=HOST)
    else:
        leave_threads(threads, user_id, capacity=HOST)
