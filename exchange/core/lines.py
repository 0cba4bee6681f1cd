"""Text of one line as people type it."""

import unicodedata


def clean_line(text: str, longest: int) -> str:
    """One line as a person meant it: composed letters, single spaces, nothing invisible that could turn or hide what follows."""
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(
        " " if unicodedata.category(char) in {"Cc", "Zs", "Zl", "Zp"} else char for char in composed if _is_visible(char)
    )
    return " ".join(kept.split())[:longest].strip()


def _is_visible(char: str) -> bool:
    # Zero-width joiners shape letters of some scripts; directional marks and overrides do harm in a list of names.
    return unicodedata.category(char) not in {"Cf", "Co", "Cs", "Cn"} or char in "\u200c\u200d"
