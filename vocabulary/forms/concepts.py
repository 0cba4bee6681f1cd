"""Form field and select for concepts, grouped by their broadest concept."""

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from exchange.core.formfields import PrerenderedSelect, render_groups, searchable
from vocabulary.domain.vocabulary import vocabulary
from vocabulary.models import Scheme

FIELD_SCHEMES = (Scheme.FIELD, Scheme.SPECIALISM)
TECHNIQUE_SCHEMES = (Scheme.TECHNIQUE, Scheme.SKILL)
COMPETENCE_SCHEMES = (*TECHNIQUE_SCHEMES, Scheme.SPECIALISM)
"""What a competence may name besides a material and an object."""
MATERIAL_SCHEMES = (Scheme.MATERIAL,)
OBJECT_SCHEMES = (Scheme.OBJECT_TYPE, Scheme.SITE_TYPE)

_drawn: dict[tuple[tuple[str, ...], str, int], str] = {}


def render_options(schemes: tuple[str, ...]) -> str:
    """The options as HTML, cached for each language: a page with twelve rows has some two thousand of them."""
    words = vocabulary()
    key = (schemes, get_language() or "", words.serial)
    if key not in _drawn:
        if len(_drawn) > 60:
            _drawn.clear()
        _drawn[key] = render_groups(words.choices(*schemes))
    return _drawn[key]


class ConceptSelect(PrerenderedSelect):
    """A select of the concepts of some schemes."""

    def __init__(self, schemes: tuple[str, ...], attrs: dict[str, Any] | None = None, empty: Any = "") -> None:
        self.schemes = tuple(str(scheme) for scheme in schemes)
        super().__init__(searchable("concepts", schemes=",".join(self.schemes)) | (attrs or {}))
        self.empty = empty

    def options_html(self) -> str:
        return render_options(self.schemes)


class ConceptField(forms.TypedChoiceField):
    """A concept of some schemes; cleans to its id, or None."""

    def __init__(self, schemes: tuple[str, ...], **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        names = tuple(str(scheme) for scheme in schemes)
        super().__init__(
            coerce=int,
            empty_value=None,
            choices=lambda: vocabulary().choices(*names),
            widget=ConceptSelect(names, empty=lazy(str, str)(_("Choose"))),
            **kwargs,
        )

    def valid_value(self, value: Any) -> bool:
        text = str(value)
        known = vocabulary()
        return text.isdecimal() and int(text) in known and known.concept(int(text)).scheme in self.widget.schemes  # type: ignore[attr-defined]
