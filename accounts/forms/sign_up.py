"""Additional fields of the sign-up form."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.domain.consents import record_sign_up
from accounts.models import User


class SignupForm(forms.Form):
    """Fields that are added to allauth's sign-up form."""

    field_order = ("email", "password1", "password2", "agree")
    agree = forms.BooleanField(
        label=gettext_lazy("I agree to the terms of use and have read the privacy notice"),
        error_messages={"required": gettext_lazy("Without this we cannot keep an account for you.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        link = '<a href="{}" target="_blank" rel="noopener">{}</a>'
        pages = [(reverse("terms"), _("Terms of use")), (reverse("privacy"), _("Privacy"))]
        self.fields["agree"].help_text = format_html_join(" · ", link, pages)

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called after the account is created, in the same transaction."""
        record_sign_up(user)
