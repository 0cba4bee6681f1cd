"""Delivery by the worker: rows, live events and e-mails of notifications; digests of unread messages."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from exchange.core.jobs.outbox import enqueue
from exchange.core.live_events import push_event
from messaging.domain.mail import compose_email, queue_emails, reading_as
from messaging.domain.my_tasks import forget_task_counts
from messaging.models import Mail, Message, Notification, NotificationPreference, Participant, Thread
from messaging.notification_types import NotificationType, notification_type, register_notification_types
from messaging.payloads import fill_text

UNREAD = NotificationType(
    "messages.unread", title=gettext_lazy("Unread messages"), label=gettext_lazy("Unread messages"), in_app=False
)
register_notification_types(UNREAD)


def deliver_notifications(*, user_ids: list[int], kind_code: str, key: str, url: str, data: dict[str, Any]) -> None:
    """Store the notification for each of these users with an active account, push it to their tabs, queue e-mails for those who want them.

    A second call changes nothing, because rows and e-mails have unique keys. Raises LookupError for an unregistered kind.
    """
    kind = notification_type(kind_code)
    people = list(User.objects.filter(pk__in=user_ids, is_active=True).order_by("pk"))
    if kind.in_app:
        Notification.objects.bulk_create(
            [
                Notification(user=person, kind=kind_code, data=data, url=url, key=_key_for(person, kind_code, key))
                for person in people
            ],
            ignore_conflicts=True,
            batch_size=500,
        )
        ids = [person.pk for person in people]
        forget_task_counts(ids)
        push_event(ids, "notification")
    if kind.mail:
        queue_emails(_emails(people, kind, key, url, data))


def _emails(people: list[User], kind: NotificationType, key: str, url: str, data: dict[str, Any]) -> Iterable[Mail]:
    """One e-mail each, rendered once for all who share a language and a time zone."""
    rendered: dict[tuple[str, str], Mail] = {}
    for person in wanting_mail(people, kind):
        manner = (person.language, person.time_zone)
        if manner not in rendered:
            with reading_as(person):
                rendered[manner] = compose_email(
                    person,
                    key="",
                    template="notification",
                    subject=fill_text(kind.title, data),
                    context={
                        "text": fill_text(kind.text, data),
                        "action_label": fill_text(kind.action, data) or _("Open in Miras"),
                        "action_url": settings.SITE_URL + url if url else "",
                        "urgent": kind.urgent,
                    },
                )
        same = rendered[manner]
        yield Mail(
            key=_key_for(person, kind.code, key),
            user=person,
            address=person.email,
            language=same.language,
            subject=same.subject,
            text=same.text,
            html=same.html,
        )


def wanting_mail(people: list[User], kind: NotificationType) -> list[User]:
    """The users who want this kind by e-mail; all of them when it is urgent."""
    if kind.urgent:
        return people
    refusing = set(
        NotificationPreference.objects.filter(user__in=people, kind=kind.code, by_mail=False).values_list("user_id", flat=True)
    )
    return [person for person in people if person.pk not in refusing]


def _key_for(person: User, kind_code: str, key: str) -> str:
    return f"{kind_code}:{key}:{person.pk}"


def send_digests(thread_id: int, *, after_pause_for: int | None = None) -> None:
    """Send one e-mail to each participant with messages that are unread and not yet announced; runs some time after each message.

    A participant who was recently sent one and has read nothing since gets the next e-mail after a pause, not one a message: a later
    event is queued for them (`after_pause_for`). Reading resets this.
    """
    thread = Thread.objects.select_for_update().filter(pk=thread_id).first()
    if thread is None:
        return
    now = timezone.now()
    behind = [
        participant
        for participant in thread.participants.filter(left_at__isnull=True, user__is_active=True).select_related("user")
        if max(participant.read_number, participant.mailed_number) < thread.head
    ]
    wanting = {user.pk for user in wanting_mail([participant.user for participant in behind], UNREAD)}
    emails = []
    for participant in behind:
        unread = list(unread_by(participant).select_related("author"))
        if participant.user_id not in wanting or not any(message.number > participant.mailed_number for message in unread):
            continue
        rest = _pause_left(participant, now)
        if rest and participant.user_id != after_pause_for:
            enqueue(
                "messaging.digest",
                key=f"digest:{thread.pk}:{participant.user_id}:{participant.mailed_number}",
                delay=rest,
                thread_id=thread.pk,
                after_pause_for=participant.user_id,
            )
            continue
        emails.append(_digest(thread, participant, unread))
        thread.participants.filter(pk=participant.pk).update(mailed_number=thread.head, mailed_at=now)
    queue_emails(emails)


def unread_by(participant: Participant) -> Any:
    """Messages of others that this participant has not read."""
    return Message.objects.filter(
        thread_id=participant.thread_id, kind=Message.Kind.TEXT, number__gt=participant.read_number, removed_at__isnull=True
    ).exclude(author_id=participant.user_id)


def _pause_left(participant: Participant, now: Any) -> timedelta | None:
    """The time until a participant who has not read since the last e-mail may get another; None when they may get one now."""
    if participant.mailed_at is None or participant.read_number >= participant.mailed_number:
        return None
    rest: timedelta = participant.mailed_at + timedelta(seconds=settings.MESSAGE_DIGEST_PAUSE) - now
    return rest if rest > timedelta() else None


def _digest(thread: Thread, participant: Participant, unread: list[Message]) -> Mail:
    """The e-mail contains no message text: only how many there are, where, and from whom."""
    with reading_as(participant.user):
        names = list(dict.fromkeys(message.author.get_full_name() for message in unread if message.author))
        words = {"count": len(unread), "title": str(thread.title)}
        return compose_email(
            participant.user,
            key=f"unread:{thread.pk}:{participant.user_id}:{unread[-1].number}",
            template="unread",
            subject=_("Unread messages in “%(title)s”: %(count)s") % words,
            context={
                "thread": thread,
                "count": len(unread),
                "names": names,
                "language": translation.get_language(),
                "action_label": _("Read and answer"),
                "action_url": settings.SITE_URL + thread.get_absolute_url(),
            },
        )
