"""allauth's forms with our labels: its own are missing in half of the interface languages and do not follow our glossary."""

from typing import Any

from django import template
from django.forms import BaseForm
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

register = template.Library()

LABELS: dict[str, Any] = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "password": _("Password"),
    "oldpassword": _("Current password"),
    "password1": _("New password"),
    "password2": _("Repeat the password"),
    "remember": _("Stay logged in on this device"),
    "code": _("Code"),
    "name": pgettext_lazy("name of a passkey or security key", "Name of the key"),
    "passwordless": _("Allow log-in with this key and no password"),
}

HELP: dict[str, Any] = {
    "oldpassword": "",
    "password1": _("At least 10 characters; not digits alone, not a well-known password, not your own name."),
    "name": "",
    "passwordless": "",
}


@register.simple_tag
def account_form(form: BaseForm, **labels: str) -> str:
    """The whole form, errors first, with our labels and without placeholders. `name=label` sets another label."""
    for name, label in {**LABELS, **labels}.items():
        if name not in form.fields:
            continue
        form.fields[name].widget.attrs.pop("placeholder", None)
        form.fields[name].label = form[name].label = label
    if "password" in form.fields and form.fields["password"].help_text:
        link = format_html('<a href="{}">{}</a>', reverse("account_reset_password"), _("Forgot password?"))
        form.fields["password"].help_text = form["password"].help_text = link
    for name, words in HELP.items():
        if name in form.fields:
            form.fields[name].help_text = form[name].help_text = words
    return form.render()
