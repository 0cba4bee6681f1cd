"""Cleaning a line of text."""

import unicodedata


def clean_line(text: str, max_length: int) -> str:
    """One line in Unicode's composed form, with single spaces and without invisible characters that reverse or hide text."""
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(
        " " if unicodedata.category(char) in {"Cc", "Zs", "Zl", "Zp"} else char for char in composed if _is_visible(char)
    )
    return " ".join(kept.split())[:max_length].strip()


def _is_visible(char: str) -> bool:
    # Zero-width joiners are needed by some scripts; directional marks and overrides would garble a list of names.
    return unicodedata.category(char) not in {"Cf", "Co", "Cs", "Cn"} or char in "\u200c\u200d"
