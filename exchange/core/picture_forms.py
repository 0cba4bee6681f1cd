"""Forms of pictures: the file, what can be seen on it, whose it is."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exchange.core.formfields import LineField
from exchange.core.pictures import RIGHTS, Licence, NewPicture, OnePicture, version_of_picture
from exchange.core.uploads import PHOTOGRAPH, UploadField
from exchange.core.versions import VersionField


class RightsForm(forms.Form):
    """What can be seen, and the rights."""

    alt = LineField(
        label=_("What can be seen"),
        max_length=250,
        help_text=_("For readers who do not see pictures: one sentence about what is in it."),
    )
    holder = LineField(label=_("Rights holder"), max_length=200, help_text=_("The photographer, the museum, or you."))
    licence = forms.ChoiceField(label=_("Licence"), choices=Licence.choices, initial=Licence.RESERVED)


def picture_field(**options: Any) -> UploadField:
    """The field of the file."""
    return UploadField(
        upload_kind=PHOTOGRAPH,
        label=_("Picture"),
        widget=forms.FileInput,
        help_text=_("Smaller copies of it are made here; where and when it was taken is removed from them."),
        **options,
    )


class OnePictureForm(RightsForm):
    """The one picture of a subject: a file is needed for the first, later the texts can be changed alone."""

    picture = picture_field()
    version = VersionField()
    field_order = ("version", "picture", "alt", "holder", "licence")

    def __init__(self, *args: Any, picture: OnePicture | None, **options: Any) -> None:
        options.setdefault("initial", {"version": version_of_picture(picture), **(picture.edited_texts if picture else {})})
        super().__init__(*args, **options)
        if picture is not None:
            self.fields["picture"].required = False
            self.fields["picture"].label = _("Another picture")

    @property
    def new_picture(self) -> NewPicture:
        """The cleaned data as the actions take them."""
        texts = {name: str(self.cleaned_data[name]) for name in RIGHTS}
        return NewPicture(texts, self.cleaned_data["picture"], self.cleaned_data["version"] or None)
