"""Form fields that the browser's view of things and ours agree on."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from exchange.core.lines import clean_line


class LinesField(forms.CharField):
    """Text in which a line break counts as one character, as it does in the browser's own counter; it arrives as two."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)


class LineField(forms.CharField):
    """One line, cleaned of what cannot be seen."""

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "", self.max_length or 300)


class DrawnSelect(forms.Select):
    """A select of so many options that they are drawn once and kept: `options_html` gives all but the empty one, without a selection."""

    empty: Any = ""

    def options_html(self) -> str:
        raise NotImplementedError

    def use_required_attribute(self, initial: Any) -> bool:
        """Never, as what stands first is a group; Django would make all choices to find that out."""
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
            mark_safe(options),  # noqa: S308 -- escaped when drawn
        )


def draw_groups(groups: Iterable[tuple[Any, Iterable[tuple[Any, Any]]]]) -> str:
    """Groups of (value, label) as HTML, for `DrawnSelect`."""
    drawn = ((title, format_html_join("", '<option value="{}">{}</option>', options)) for title, options in groups)
    return str(format_html_join("", '<optgroup label="{}">{}</optgroup>', drawn))
