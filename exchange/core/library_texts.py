"""Texts of Django and allauth that their own message files lack, or get wrong, in an interface language.

Nothing calls this module: `collect_messages` finds the texts here and adds them to our message files, which take precedence.
"""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def library_texts(number: int) -> list[str]:
    """All these texts; those with plural forms for this number."""
    return [
        _("Enter a valid email address."),
        _("This password is too common."),
        _("This password is entirely numeric."),
        _("The password is too similar to the %(verbose_name)s."),
        _("You must type the same password each time."),
        _("This field is required."),
        _("Enter a valid URL."),
        _("Enter a whole number."),
        _("Enter a valid time."),
        _("The submitted file is empty."),
        _("Select a valid choice. %(value)s is not one of the available choices."),
        _(", "),  # between two durations
        ngettext(
            "This password is too short. It must contain at least %d character.",
            "This password is too short. It must contain at least %d characters.",
            number,
        ),
        ngettext(
            "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
            "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).",
            number,
        ),
        ngettext(
            "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
            "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
            number,
        ),
        ngettext("%(num)d minute", "%(num)d minutes", number),
        ngettext("%(num)d hour", "%(num)d hours", number),
        ngettext("%(num)d day", "%(num)d days", number),
        ngettext("%(num)d week", "%(num)d weeks", number),
        ngettext("%(num)d month", "%(num)d months", number),
        ngettext("%(num)d year", "%(num)d years", number),
        ngettext("%(size)d byte", "%(size)d bytes", number),
    ]
