"""Forms about personal data: confirming the password, removing the account, and the consent at sign-up."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User

PASSWORD = forms.PasswordInput(attrs={"autocomplete": "current-password"})


class PasswordForm(forms.Form):
    """Asks for the password again."""

    password = forms.CharField(label=gettext_lazy("Password"), strip=False, max_length=200, widget=PASSWORD)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_("This password is not right."), code="password")
        return password


class RemovalForm(forms.Form):
    """The password and the e-mail address, against mistakes; `request_removal` checks both."""

    address = forms.CharField(
        label=gettext_lazy("Write your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(label=gettext_lazy("Password"), strip=False, max_length=200, widget=PASSWORD)
