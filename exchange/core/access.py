"""`require`: the one way to turn a rule's answer into a 403."""

from exchange.core.errors import Refusal, Text

Verdict = bool | Text | None


def require(verdict: Verdict, reason: Text = "") -> None:
    """Pass when the verdict is True or None (no objection); a text is the reason of the refusal. Raises Refusal (403)."""
    if verdict is True or verdict is None:
        return
    raise Refusal(str(verdict) if verdict else str(reason))
