"""E-mails: each stored once, sent at most once, with its delivery state."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Mail(models.Model):
    """An e-mail to one person. `key` is unique, so that an event creates it once; SENDING is committed before the mail server is contacted.

    An e-mail whose sending was interrupted becomes UNCLEAR and is never sent again automatically.
    """

    class State(models.TextChoices):
        QUEUED = "queued", pgettext_lazy("mail", "queued")
        SENDING = "sending", pgettext_lazy("mail", "being sent")
        SENT = "sent", pgettext_lazy("mail", "sent")
        FAILED = "failed", pgettext_lazy("mail", "refused by the mail server")
        UNCLEAR = "unclear", pgettext_lazy("mail", "interrupted; may have gone out")

    key = models.CharField(max_length=200, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="mails")
    address = models.EmailField()
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField(blank=True)
    unsubscribe_url = models.CharField(
        max_length=300, blank=True, help_text=_("Address at which one click stops e-mails of this type.")
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mails")
        indexes = [
            models.Index(fields=["not_before", "id"], condition=models.Q(state="queued"), name="mail_queued"),
            models.Index(fields=["claimed_at"], condition=models.Q(state="sending"), name="mail_sending"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} -> {self.address}"
