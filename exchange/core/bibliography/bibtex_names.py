"""Names in BibTeX: lists of people, and a person's name as “Family, Given”. Braces keep what belongs together. Linear in the length."""

ET_AL = "et al."


def split_names(text: str) -> list[str]:
    """The names between “and”, still with their braces; `others` becomes “et al.”."""
    names: list[list[str]] = [[]]
    for word in _words(text):
        if word.lower() == "and":
            names.append([])
        else:
            names[-1].append(word)
    found = [" ".join(words) for words in names if words]
    return [ET_AL if name.lower() == "others" else name for name in found]


def author_name(name: str) -> str:
    """The name as “Family, Given” from any order of BibTeX: “First von Last”, “von Last, First” or “von Last, Jr, First”.

    Returned unchanged: a name of one word, and one in braces, such as that of an institution. “Jr” follows the given name.
    """
    words = _words(name)
    if name == ET_AL or len(words) < 2:
        return " ".join(words).rstrip(", ")
    parts = _between_commas(words)
    if len(parts) == 3:
        family, junior, given = parts
        return ", ".join(filter(None, [family, given, junior]))
    if len(parts) > 1:
        return ", ".join(filter(None, [parts[0], " ".join(parts[1:])]))
    # "van der Berg": the family name begins with the first lower-case word; otherwise it is the last word
    begin = next((n for n, word in enumerate(words[1:-1], 1) if word[:1].islower()), len(words) - 1)
    return f"{' '.join(words[begin:])}, {' '.join(words[:begin])}"


def _words(text: str) -> list[str]:
    """The words; what stands in braces belongs to one word."""
    words: list[list[str]] = []
    depth = 0
    for word in text.split():
        if depth > 0:
            words[-1].append(word)
        else:
            words.append([word])
        depth = max(0, depth + word.count("{") - word.count("}"))
    return [" ".join(pieces) for pieces in words]


def _between_commas(words: list[str]) -> list[str]:
    """The parts between commas that stand outside braces."""
    parts: list[list[str]] = [[]]
    for word in words:
        if "{" in word:
            parts[-1].append(word.removesuffix(","))
            if word.endswith(","):
                parts.append([])
            continue
        first, *rest = word.split(",")
        parts[-1].append(first)
        parts += [[each] for each in rest]
    return [" ".join(filter(None, part)) for part in parts]
