"""Forms of placements."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from placements.models import Placement


class RevisionForm(forms.Form):
    """A revised placement: the dates, within the programme's, and a note on what was revised."""

    starts = forms.DateField(
        label=pgettext_lazy("first day of a stay", "From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends = forms.DateField(
        label=pgettext_lazy("last day of a stay", "To"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = forms.CharField(
        label=_("What was revised"),
        help_text=_("The coordinators of both countries, the expert and the host read it."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, placement: Placement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"starts": placement.starts, "ends": placement.ends}
        program = placement.program
        for name in ("starts", "ends"):
            self.fields[name].widget.attrs |= {"min": program.starts.isoformat(), "max": program.ends.isoformat()}
