"""Forms about one's own data: the password once more, the end of the account, and the box at sign-up."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User

PASSWORD = forms.PasswordInput(attrs={"autocomplete": "current-password"})


class PasswordForm(forms.Form):
    """Asks once more who is there."""

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
    """The password, and the address written out, so that nobody does this by mistake. The action itself says whether they are right."""

    address = forms.CharField(
        label=gettext_lazy("Write your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(label=gettext_lazy("Password"), strip=False, max_length=200, widget=PASSWORD)
