"""Form fields for text, and a select with pre-rendered options."""

from collections.abc import Iterable
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from exchange.core.lines import clean_line
from exchange.core.spoken_languages import Language, language_choices, language_groups


class LinesField(forms.CharField):
    """Text in which a line break counts as one character, as in the browser's `maxlength`, though it is submitted as two."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)


class LineField(forms.CharField):
    """One line of text without invisible characters."""

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "", self.max_length or 300)


def searchable(kind: str, **limits: str) -> dict[str, Any]:
    """Attributes of a long list that make it one to type in: `kind` is the list of options it is searched in (`option_lists`).

    Put them on a select, a text input, or an element around checkboxes. Without JavaScript they change nothing.
    """
    return {"data-choices": f"/choices/{kind}/{'?' if limits else ''}{urlencode(limits, safe=',')}"}


class PrerenderedSelect(forms.Select):
    """A select with very many options, rendered once and cached: `options_html` returns all but the empty one, without a selection."""

    empty: Any = ""

    def options_html(self) -> str:
        raise NotImplementedError

    def use_required_attribute(self, initial: Any) -> bool:
        """Never, because the first choice is a group; Django would build all choices to find that out."""
        return False

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        options = self.options_html()
        if value not in (None, ""):
            chosen = format_html('<option value="{}"', value)
            options = options.replace(f"{chosen}>", f"{chosen} selected>", 1)
        built = self.build_attrs(self.attrs, attrs)
        words = format_html_join(
            "", ' {}="{}"', ((key, "" if on is True else on) for key, on in built.items() if on not in (False, None))
        )
        return format_html(
            '<select name="{}"{}><option value="">{}</option>{}</select>',
            name,
            words,
            self.empty or "—",
            mark_safe(options),  # noqa: S308 -- escaped when rendered
        )


class LanguageSelect(PrerenderedSelect):
    """A select of all languages, the likely ones first; its options are drawn once for each language of the interface."""

    def options_html(self) -> str:
        return _language_options(get_language() or "")


@cache
def _language_options(language: str) -> str:
    """`language` is the active one: the key of the cache."""
    return render_groups(language_groups())


class LanguageField(forms.ChoiceField):
    """A language of ISO 639."""

    def __init__(self, **kwargs: Any) -> None:
        select = LanguageSelect(searchable("languages"))
        select.empty = _("Choose") if kwargs.get("required", True) else "—"
        super().__init__(choices=language_choices, widget=select, **kwargs)

    def valid_value(self, value: Any) -> bool:
        return str(value) in Language.values


def render_groups(groups: Iterable[tuple[Any, Iterable[tuple[Any, Any]]]]) -> str:
    """Groups of (value, label) as HTML, for `PrerenderedSelect`.

    Options have no end tag, which HTML allows: so the list of all languages is shorter than the 32 kB in which gzip finds repetitions,
    and a page that has it several times is hardly larger than one that has it once.
    """
    drawn = ((title, format_html_join("", '<option value="{}">{}', options)) for title, options in groups)
    return str(format_html_join("", '<optgroup label="{}">{}</optgroup>', drawn))
