"""What this app holds of a person, and the e-mails about archives and deleted accounts, which the app below cannot write itself."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from exchange.core.date_format import write_date
from exchange.core.privacy import (
    Piece,
    StoredFile,
    Table,
    delete_batch,
    delete_with_files,
    gdpr_erase,
    gdpr_export,
    retention_rule,
    row_of,
)
from messaging.domain.mail import compose_email_to, queue_emails, reading_as
from messaging.domain.notifications import notify
from messaging.domain.queries import notification_row
from messaging.models import Attachment, Mail, Message, Notification, NotificationPreference, Participant
from messaging.notification_types import NotificationType, event_line, known_notification_type, register_notification_type
from messaging.payloads import fill_text
from profiles.domain.consents import names_details
from profiles.models import AccountRemoval, DataExport, User
from profiles.privacy import claims_tables
from profiles.signals import export_state_changed, removal_state_changed
from profiles.states import ConsentKind

CHUNK = 500
LOOK = pgettext_lazy("button in a letter", "Look at my data")

for _kind in (
    NotificationType(
        "data_export_ready",
        label=gettext_lazy("The archive of my data is ready"),
        title=gettext_lazy("The archive of your data is ready"),
        text=gettext_lazy("It can be downloaded until %(date)s, by you alone. After that it is deleted."),
        action=LOOK,
        urgent=True,
    ),
    NotificationType(
        "data_export_failed",
        label=gettext_lazy("The archive of my data could not be made"),
        title=gettext_lazy("The archive of your data could not be made"),
        text=gettext_lazy("Ask for it again. If that does not help, write to the coordinator of your country."),
        action=LOOK,
        urgent=True,
    ),
):
    register_notification_type(_kind)


def name_of_notification(code: str) -> str:
    kind = known_notification_type(code)
    return kind.name if kind else code


names_details(ConsentKind.MAIL, name_of_notification)
claims_tables(
    "messaging.Participant", "messaging.Notification", "messaging.NotificationPreference", "messaging.Mail", "messaging.Message"
)


# ---- e-mails ---------------------------------------------------------------------------------------------------------


@receiver(export_state_changed)
def on_export_state_changed(export_id: int, transition: str, **kwargs: Any) -> None:
    export = DataExport.objects.get(pk=export_id)
    url = reverse("my_data")
    if transition == "finish" and export.expires_at is not None:
        notify([export.user_id], "data_export_ready", key=str(export.key), url=url, date=export.expires_at.date())
    else:
        notify([export.user_id], "data_export_failed", key=str(export.key), url=url)


@receiver(removal_state_changed)
def on_removal_state_changed(removal_id: int, transition: str, **kwargs: Any) -> None:
    """Straight into the mail: the account is closed, so that notifications do not reach it; and the last e-mail has to know the address."""
    removal = AccountRemoval.objects.select_related("user").get(pk=removal_id)
    user = removal.user
    with reading_as(user):
        subject, text, button, address = _words(removal, transition)
        email = compose_email_to(
            user.email,
            key=f"account-removal:{removal.pk}:{transition}",
            template="account",
            subject=subject,
            context={"text": text, "action_label": button, "action_url": settings.SITE_URL + address},
        )
    email.user = None if transition == "carry_out" else user
    queue_emails([email])


def _words(removal: AccountRemoval, transition: str) -> tuple[str, str, str, str]:
    if transition == "ask":
        date = write_date(timezone.localtime(removal.due_at).date())
        text = _(
            "Your account is closed and your profile is hidden. On %(date)s everything is erased.\n\n"
            "Did you change your mind, or was it not you? Log in before that day and choose “Keep my account”. "
            "If it was not you, change your password then."
        ) % {"date": date}
        return _("Your account will be deleted"), text, pgettext("button in a letter", "Log in"), reverse("account_login")
    if transition == "take_back":
        text = _("Everything is as it was. API tokens and sessions ended for good: make new ones where you need them.")
        return _("Your account stays"), text, pgettext("button in a letter", "Open Miras"), reverse("home")
    text = _(
        "Your profile, your files, your drafts and your settings are erased. What others rest on stays without your name: decisions, "
        "approvals, the history, and what you wrote in conversations with others.\n\nThis is the last letter to this address."
    )
    return _("Your account is deleted"), text, pgettext("button in a letter", "What is kept, and why"), reverse("privacy")


# ---- handing out -----------------------------------------------------------------------------------------------------


@gdpr_export("messages", order=60)
def export_messages(user: User) -> Iterator[Piece]:
    """Conversations as their person reads them: all of those they are in now; of those they left, their own words alone.

    Others appear by the name that is shown; of the files only those the person sent are handed out.
    """
    rows = Participant.objects.filter(user=user).select_related("thread").order_by("thread_id")
    yield Table(
        "conversations",
        (
            row_of(row, "capacity", "joined_at", "left_at", conversation=row.thread_id, title=row.thread.title)
            for row in rows.iterator(chunk_size=CHUNK)
        ),
    )
    inside = Participant.objects.filter(thread=OuterRef("thread_id"), user=user, left_at__isnull=True)
    messages = Message.objects.filter(Q(author=user) | Exists(inside)).select_related("author").prefetch_related("attachments")
    ordered = messages.order_by("thread_id", "number")
    yield Table("messages", (_said(message, user) for message in ordered.iterator(chunk_size=CHUNK)))
    sent = Attachment.objects.filter(message__author=user).order_by("pk")
    for attachment in sent.iterator(chunk_size=CHUNK):
        yield StoredFile(str(attachment.file.name), attachment.name)


def _said(message: Message, user: User) -> dict[str, Any]:
    files = [attachment.name for attachment in message.attachments.all()]
    said = {"conversation": message.thread_id, "number": message.number, "at": message.created_at.isoformat()}
    if message.kind == Message.Kind.EVENT:
        line = event_line(message.body)
        return said | {"event": fill_text(line.text, message.data) if line else message.body}
    author = "me" if message.author_id == user.pk else message.author.get_full_name() if message.author else ""
    return said | {"author": author, "text": message.body} | ({"files": files} if files else {})


@gdpr_export("notifications", order=65)
def export_notifications(user: User) -> Iterator[Piece]:
    rows = Notification.objects.filter(user=user).order_by("pk")
    yield Table("notifications", (_told(row) for row in rows.iterator(chunk_size=CHUNK)))
    emails = Mail.objects.filter(user=user).order_by("pk")
    yield Table(
        "letters",
        (row_of(row, "address", "subject", "text", "state", "created_at", "sent_at") for row in emails.iterator(chunk_size=CHUNK)),
    )
    wishes = NotificationPreference.objects.filter(user=user).order_by("kind")
    yield Table("wishes", (row_of(row, "by_mail", entry=name_of_notification(row.kind)) for row in wishes))


def _told(notification: Notification) -> dict[str, Any]:
    entry = notification_row(notification)
    return row_of(notification, "created_at", "read_at", "url", title=entry.title, text=entry.text)


# ---- erasing ---------------------------------------------------------------------------------------------------------


@gdpr_erase("messaging", order=60, keeps=["messaging.Participant"])
def erase_messages(user: User) -> None:
    """What was said stays with those it was said to, under a deleted account; files that were sent go, and so does the person."""
    delete_with_files(Attachment.objects.filter(message__author=user))
    for message in Message.objects.filter(author=user, data__has_key="files").select_for_update():
        message.data = {"files_removed": message.data["files"]}
        message.save(update_fields=["data"])
    Participant.objects.filter(user=user, left_at__isnull=True).update(left_at=timezone.now())
    Participant.objects.filter(user=user).update(mailed_at=None)
    delete_with_files(Notification.objects.filter(user=user))
    delete_with_files(Mail.objects.filter(user=user))


# ---- keeping no longer than needed -----------------------------------------------------------------------------------


@retention_rule("mail")
def end_mail(before: datetime.datetime, most: int) -> int:
    settled = Q(state=Mail.State.SENT, sent_at__lt=before) | Q(
        state__in=[Mail.State.FAILED, Mail.State.UNCLEAR], created_at__lt=before
    )
    return delete_batch(Mail.objects.filter(settled), most)


@retention_rule("notifications_read")
def end_read_notifications(before: datetime.datetime, most: int) -> int:
    return delete_batch(Notification.objects.filter(created_at__lt=before, read_at__isnull=False), most)


@retention_rule("notifications")
def end_notifications(before: datetime.datetime, most: int) -> int:
    return delete_batch(Notification.objects.filter(created_at__lt=before), most)
