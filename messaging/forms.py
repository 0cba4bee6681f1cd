"""Forms of messages."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exchange.core.uploads import DOCUMENT
from messaging.domain.threads import MAX_MESSAGE_LENGTH

MAX_NUMBER = 2_147_483_647
"""The largest number of a message that the database holds."""


class SeveralFiles(forms.ClearableFileInput):
    """A file input for several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; they are validated by `post_message`, for forms and the API alike."""

    kinds = tuple(ending[1:] for ending in DOCUMENT.endings)
    max_bytes = DOCUMENT.max_bytes

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=SeveralFiles(attrs={"accept": DOCUMENT.accept}), max_length=None, allow_empty_file=True, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(upload, initial) for upload in files if upload]


class MessageForm(forms.Form):
    """A message. The client id is created with the form: submitting the form twice posts one message."""

    body = forms.CharField(
        label=_("Message"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": MAX_MESSAGE_LENGTH, "placeholder": _("Write a message…")}),
    )
    attachments = FilesField(label=_("Attach file"), required=False)
    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)
    reply = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MAX_NUMBER, required=False)


class EditForm(forms.Form):
    """A new text for a message."""

    body = forms.CharField(
        label=_("Message"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 5, "maxlength": MAX_MESSAGE_LENGTH})
    )


class ReadForm(forms.Form):
    """The number of the last message read."""

    number = forms.IntegerField(min_value=0, max_value=MAX_NUMBER)
