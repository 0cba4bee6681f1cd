"""`require`: turns the result of a permission rule into a 403."""

from exchange.core.errors import Refusal, Text

Verdict = bool | Text | None


def require(verdict: Verdict, reason: Text = "") -> None:
    """Pass when the verdict is True or None. Otherwise raises Refusal (403); a text is its reason."""
    if verdict is True or verdict is None:
        return
    raise Refusal(str(verdict) if verdict else str(reason))
