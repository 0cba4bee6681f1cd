"""What a text denies (never worked with metal) must not be found by it."""


def affirmed(text: str, language: str = "") -> str:
    """The text without the clauses that deny."""
    return text
