"""What the worker does with news: rows, bells and letters for each person; and digests of messages nobody opened."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from exchange.core.bells import ring
from exchange.core.jobs.outbox import emit
from messaging.domain.mail import queue_letters, reading_as, write_letter
from messaging.domain.waiting import forget_waiting_counts
from messaging.kinds import NotificationKind, kind_of, register_kinds
from messaging.models import Mail, Message, Notification, NotificationPreference, Participant, Thread
from messaging.values import fill_words

UNREAD = NotificationKind(
    "messages.unread", title=gettext_lazy("Unread messages"), label=gettext_lazy("Unread messages"), bell=False
)
register_kinds(UNREAD)


def deliver_news(*, user_ids: list[int], news: str, key: str, url: str, data: dict[str, Any]) -> None:
    """Write the news for each of these people who still has an account, ring their tabs, queue letters for those who want them.

    Carried out twice it changes nothing: rows and letters have keys. Raises LookupError while no room declares the kind.
    """
    kind = kind_of(news)
    people = list(User.objects.filter(pk__in=user_ids, is_active=True).order_by("pk"))
    if kind.bell:
        Notification.objects.bulk_create(
            [Notification(user=person, kind=news, data=data, url=url, key=_key_for(person, news, key)) for person in people],
            ignore_conflicts=True,
            batch_size=500,
        )
        ids = [person.pk for person in people]
        forget_waiting_counts(ids)
        ring(ids, "news")
    if kind.mail:
        queue_letters(_letters(people, kind, key, url, data))


def _letters(people: list[User], kind: NotificationKind, key: str, url: str, data: dict[str, Any]) -> Iterable[Mail]:
    """One letter each; its words are rendered once for all who share a language and a clock."""
    rendered: dict[tuple[str, str], Mail] = {}
    for person in wanting_mail(people, kind):
        manner = (person.language, person.time_zone)
        if manner not in rendered:
            with reading_as(person):
                rendered[manner] = write_letter(
                    person,
                    key="",
                    template="news",
                    subject=fill_words(kind.title, data),
                    context={
                        "text": fill_words(kind.text, data),
                        "action_label": fill_words(kind.action, data) or _("Open in Miras"),
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


def wanting_mail(people: list[User], kind: NotificationKind) -> list[User]:
    """Those who want this kind by mail; everybody, when it is urgent."""
    if kind.urgent:
        return people
    refusing = set(
        NotificationPreference.objects.filter(user__in=people, kind=kind.code, by_mail=False).values_list("user_id", flat=True)
    )
    return [person for person in people if person.pk not in refusing]


def _key_for(person: User, news: str, key: str) -> str:
    return f"{news}:{key}:{person.pk}"


def send_digests(thread_id: int, *, after_pause_for: int | None = None) -> None:
    """One letter to each participant with messages they have neither read nor been told of; runs a while after each message.

    Somebody told lately who has still not looked gets the next letter when the pause is over, not one a message: a later event
    comes back for them (`after_pause_for`). Who reads in between starts anew.
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
    letters = []
    for participant in behind:
        unread = list(unread_by(participant).select_related("author"))
        if participant.user_id not in wanting or not any(message.number > participant.mailed_number for message in unread):
            continue
        rest = _pause_left(participant, now)
        if rest and participant.user_id != after_pause_for:
            emit(
                "messaging.digest",
                key=f"digest:{thread.pk}:{participant.user_id}:{participant.mailed_number}",
                delay=rest,
                thread_id=thread.pk,
                after_pause_for=participant.user_id,
            )
            continue
        letters.append(_digest(thread, participant, unread))
        thread.participants.filter(pk=participant.pk).update(mailed_number=thread.head, mailed_at=now)
    queue_letters(letters)


def unread_by(participant: Participant) -> Any:
    """What others said that this participant has not read."""
    return Message.objects.filter(
        thread_id=participant.thread_id, kind=Message.Kind.TEXT, number__gt=participant.read_number
    ).exclude(author_id=participant.user_id)


def _pause_left(participant: Participant, now: Any) -> timedelta | None:
    """How long a person who was told and has not looked since is left alone; None when they may be told now."""
    if participant.mailed_at is None or participant.read_number >= participant.mailed_number:
        return None
    rest: timedelta = participant.mailed_at + timedelta(seconds=settings.MESSAGE_DIGEST_PAUSE) - now
    return rest if rest > timedelta() else None


def _digest(thread: Thread, participant: Participant, unread: list[Message]) -> Mail:
    """The words stay on the site: a letter says how many there are, where, and from whom."""
    with reading_as(participant.user):
        names = list(dict.fromkeys(message.author.get_full_name() for message in unread if message.author))
        words = {"count": len(unread), "title": str(thread.title)}
        return write_letter(
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
