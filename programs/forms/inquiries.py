"""The question to a host."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from exchange.core.formfields import LinesField
from messaging.domain.threads import MAX_MESSAGE_LENGTH


class InquiryForm(forms.Form):
    """The first message. The client id is created with the form: submitting the form twice posts one message."""

    words = LinesField(
        label=_("Your question"),
        max_length=MAX_MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": MAX_MESSAGE_LENGTH}),
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)
