"""Threads, participants, messages and attachments. Messages are numbered within their thread."""

import uuid
from pathlib import PurePath
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exchange.core.translated import TranslatedField


class ThreadQuerySet(models.QuerySet["Thread"]):
    def visible_to(self, user: Any) -> "ThreadQuerySet":
        """Threads in which this user participates now, which is the only permission needed."""
        if user is None or not user.is_authenticated or not user.is_active:
            return self.none()
        mine = Participant.objects.filter(thread=models.OuterRef("pk"), user_id=user.pk, left_at__isnull=True)
        return self.filter(models.Exists(mine))


class Thread(models.Model):
    """A thread. `head` is the number of its last message; it is raised under this row's lock, so numbers have no gaps."""

    class Kind(models.TextChoices):
        APPLICATION = "application", _("about an application")
        DIRECT = "direct", _("between people")
        PROGRAM = "program", _("about a programme")

    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.APPLICATION)
    title: Any = TranslatedField(_("title"), max_length=250)
    about_url = models.CharField(max_length=200, blank=True)
    head = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0, db_default=0)
    """Raised with every change of a stored message, which then carries this number: who knows one revision can ask for what changed since."""
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_at = models.DateTimeField(default=timezone.now, db_index=True)

    messages: Any
    participants: Any
    objects: ClassVar[Any] = ThreadQuerySet.as_manager()
    read_by_others: int = 0
    """The highest number that another participant has read, where a query has set it."""

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return reverse("thread", args=[self.pk])


class Participant(models.Model):
    """A participant of a thread with their capacity and the last number read. Leaving sets `left_at`; the row is kept."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="participants")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="participations")
    capacity = models.CharField(max_length=20, blank=True, help_text=_("expert, host, coordinator, asker"))
    read_number = models.PositiveIntegerField(default=0)
    mailed_number = models.PositiveIntegerField(default=0, help_text=_("The last message included in a digest to this person."))
    mailed_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [models.UniqueConstraint(fields=["thread", "user"], name="participant_once")]
        indexes = [models.Index(fields=["user", "thread"], condition=Q(left_at__isnull=True), name="participant_current")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.thread_id}"


class Message(models.Model):
    """A text message or an event line (`kind` event: `body` is then a code, `data` its values).

    `data` of a text message says what else belongs to it, so that a message without any of it needs no further query: the number of
    its `files`, the number of the message it is a `reply` to, the number of earlier `versions`, and the `reactions` as counts by sign.
    """

    class Kind(models.TextChoices):
        TEXT = "text", _("message")
        EVENT = "event", _("event")

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="messages")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.TEXT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    body = models.TextField(max_length=8000)
    data = models.JSONField(default=dict, blank=True)
    client_id = models.UUIDField(default=uuid.uuid4)
    created_at = models.DateTimeField(default=timezone.now)
    revision = models.PositiveIntegerField(default=0, db_default=0)
    """The thread's revision at its last change; 0 as long as it is as it was sent."""
    edited_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    """Set when its author deleted it: the row and its number stay, text and files are gone."""

    attachments: Any
    versions: Any
    reactions: Any
    quoted: "Message | None" = None
    """The message it answers, where a query has set it."""

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["thread_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["thread", "number"], name="message_number_once"),
            models.UniqueConstraint(fields=["thread", "author", "client_id"], name="message_client_id_once"),
        ]
        indexes = [models.Index(fields=["thread", "revision"], condition=Q(revision__gt=0), name="message_changed")]

    def __str__(self) -> str:
        return f"{self.thread_id}#{self.number}"


class MessageVersion(models.Model):
    """An earlier text of a message, which its readers can look up."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="versions")
    body = models.TextField()
    replaced_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("earlier text of a message")
        verbose_name_plural = _("earlier texts of messages")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.message_id} until {self.replaced_at:%Y-%m-%d %H:%M}"


class Reaction(models.Model):
    """A sign that a participant put under a message."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="reactions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    sign = models.CharField(max_length=8)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("reaction")
        verbose_name_plural = _("reactions")
        constraints = [models.UniqueConstraint(fields=["message", "user", "sign"], name="reaction_once")]

    def __str__(self) -> str:
        return f"{self.sign} {self.message_id}"


def storage_path(name: str) -> str:
    """The storage path of a file: an unguessable name with the original extension."""
    return f"messages/{uuid.uuid4().hex}{PurePath(name).suffix.lower()}"


def attachment_path(attachment: "Attachment", name: str) -> str:
    return storage_path(name)


class Attachment(models.Model):
    """A file sent with a message."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="attachments")
    file = models.FileField(upload_to=attachment_path)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self) -> str:
        return self.name
