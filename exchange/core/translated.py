"""Content in several languages: one JSON object per field, shown in the reader's language or in a fallback."""

from functools import lru_cache
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from exchange.core.formfields import LinesField
from exchange.core.interface_languages import BY_CODE, CENTRAL_ASIAN


def language_chain(language: str) -> list[str]:
    """Languages to try for a reader of `language`, best first; ends with all other interface languages."""
    return list(_chain(language))


@lru_cache(maxsize=64)
def _chain(language: str) -> tuple[str, ...]:
    known = BY_CODE.get(language)
    return tuple(dict.fromkeys([language, *(known.fallbacks if known else CENTRAL_ASIAN), *BY_CODE]))


class Translated(dict[str, str]):
    """Texts by language code. As a string it is the text for the active language, or the nearest that exists."""

    def __str__(self) -> str:
        return self.in_language(get_language() or settings.LANGUAGE_CODE)

    def __html__(self) -> str:
        from django.utils.html import escape

        return escape(str(self))

    def __bool__(self) -> bool:
        return any(self.values())

    def in_language(self, language: str) -> str:
        """The text for a reader of `language`, falling back along `language_chain`; empty when there is none."""
        return self.get(self.shown_language(language), "")

    def shown_language(self, language: str | None = None) -> str:
        """The code of the language that would be shown, for `lang` attributes; empty when there is no text."""
        wanted = language or get_language() or settings.LANGUAGE_CODE
        if self.get(wanted):
            return wanted
        return next((code for code in _chain(wanted) if self.get(code)), "")

    @property
    def lang(self) -> str:
        return self.shown_language()


class TranslatedField(models.JSONField):
    """A JSON object of texts by language code; blank texts and unknown languages are dropped when it is set."""

    def __init__(self, *args: Any, max_length: int | None = None, widget: str = "input", **kwargs: Any) -> None:
        self.text_max_length = max_length
        self.text_widget = widget
        kwargs.setdefault("default", Translated)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return clean_translations(super().from_db_value(value, expression, connection))

    def to_python(self, value: Any) -> Any:
        return clean_translations(value)

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(dict(clean_translations(value)) if isinstance(value, dict | str) else value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = clean_translations(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return value

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        if self.text_max_length and any(len(text) > self.text_max_length for text in value.values()):
            params = {"field": self.verbose_name, "most": self.text_max_length}
            raise ValidationError(_("%(field)s: at most %(most)s characters in each language."), code="max_length", params=params)

    def formfield(self, **kwargs: Any) -> Any:
        return TranslatedFormField(
            label=kwargs.get("label", capfirst(self.verbose_name)),
            help_text=kwargs.get("help_text", self.help_text),
            required=kwargs.get("required", not self.blank),
            max_length=self.text_max_length,
            multiline=self.text_widget == "textarea",
        )


def clean_translations(value: Any) -> Translated:
    """Any stored or given value as Translated: a bare string counts as the active language; blank texts are dropped."""
    if isinstance(value, Translated) and all(value.values()):
        return value
    if isinstance(value, str):
        value = {get_language() or settings.LANGUAGE_CODE: value}
    known = dict(settings.LANGUAGES)
    return Translated(
        {code: text.strip() for code, text in (value or {}).items() if code in known and isinstance(text, str) and text.strip()}
    )


class TranslatedWidget(forms.MultiWidget):
    """One input a language; the user's language and filled ones are open, the others collapsed."""

    template_name = "components/translated_widget.html"

    def __init__(self, *, multiline: bool = False, attrs: dict[str, Any] | None = None) -> None:
        self.codes = [code for code, _name in settings.LANGUAGES]
        widget = forms.Textarea if multiline else forms.TextInput
        widgets: dict[str, forms.Widget | type[forms.Widget]] = {
            code: widget(attrs={"lang": code, **({"rows": 5} if multiline else {})}) for code in self.codes
        }
        super().__init__(widgets, attrs)

    def decompress(self, value: Any) -> list[str]:
        texts = clean_translations(value)
        return [texts.get(code, "") for code in self.codes]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        names = dict(settings.LANGUAGES)
        active = get_language()
        for code, sub in zip(self.codes, context["widget"]["subwidgets"], strict=True):
            sub["code"], sub["label"] = code, names[code]
            sub["open"] = bool(sub["value"]) or code == active
        return context


class TranslatedFormField(forms.MultiValueField):
    """The form field of TranslatedField: at least one language when required, each text within `max_length`."""

    def __init__(self, *, max_length: int | None = None, multiline: bool = False, **kwargs: Any) -> None:
        self.codes = [code for code, _name in settings.LANGUAGES]
        fields = [LinesField(required=False, max_length=max_length) for _code in self.codes]
        super().__init__(fields, require_all_fields=False, widget=TranslatedWidget(multiline=multiline), **kwargs)

    def validate(self, value: Any) -> None:
        """Blank in every language counts as empty; the parent class only checks the single fields, of which none is required."""
        if self.required and not value:
            raise ValidationError(self.error_messages["required"], code="required")

    def compress(self, data_list: list[str]) -> Translated:
        return clean_translations(dict(zip(self.codes, data_list or [], strict=False)))
