"""The form of a concept of the vocabulary."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exchange.core.translated import Translated, TranslatedFormField
from exchange.core.versions import VersionField
from vocabulary.domain.editing import ConceptTexts, concept_version, names_of
from vocabulary.models import Concept, Scheme

MAX_NAMES_LENGTH = 3000


class ConceptForm(forms.Form):
    """A concept: its kind and broader concept, its label and further names in each language. The slug can only be set on creation."""

    version = VersionField()
    slug = forms.SlugField(label=_("Id"), max_length=80, help_text=_("Latin letters, digits and hyphens; it never changes."))
    scheme = forms.ChoiceField(label=_("Kind"), choices=Scheme.choices)
    broader = forms.ModelChoiceField(label=_("Broader concept"), queryset=Concept.objects.order_by("slug"), required=False)
    label = TranslatedFormField(label=_("Label"), max_length=200)
    names = TranslatedFormField(label=_("Further names, one a line"), max_length=MAX_NAMES_LENGTH, multiline=True, required=False)
    note = forms.CharField(label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    reviewed = forms.BooleanField(label=_("reviewed by a native reader"), required=False)

    def __init__(self, *args: Any, concept: Concept | None = None, **kwargs: Any) -> None:
        if concept is not None:
            names = {code: "\n".join(lines) for code, lines in names_of(concept).items()}
            kept = {name: getattr(concept, name) for name in ("scheme", "label", "note", "reviewed")}
            kept |= {"broader": concept.broader_id, "names": Translated(names), "version": concept_version(concept)}
            kwargs["initial"] = kept
        super().__init__(*args, **kwargs)
        if concept is not None:
            del self.fields["slug"]
            field: Any = self.fields["broader"]
            field.queryset = field.queryset.exclude(pk=concept.pk)

    def texts(self) -> ConceptTexts:
        """The values of a valid form."""
        values = self.cleaned_data
        lines = {code: [line.strip() for line in text.splitlines() if line.strip()] for code, text in values["names"].items()}
        return ConceptTexts(
            scheme=values["scheme"],
            label=values["label"],
            broader=values["broader"],
            note=values["note"],
            names=lines,
            reviewed=values["reviewed"],
        )
