"""Form fields that the browser's view of things and ours agree on."""

from typing import Any

from django import forms

from exchange.core.lines import clean_line


class LinesField(forms.CharField):
    """Text in which a line break counts as one character, as it does in the browser's own counter; it arrives as two."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)


class LineField(forms.CharField):
    """One line, cleaned of what cannot be seen."""

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "", self.max_length or 300)
