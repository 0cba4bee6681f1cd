"""Names in Latin letters for letters in English, by the table of ICAO Doc 9303, part 3, section 6 B (machine readable travel documents).

The letters that only Kazakh, Kyrgyz, Uzbek and Tajik have are not in that table; they are written by the romanisation of BGN/PCGN without marks.
"""

ICAO = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "i", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts",
    "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "ie", "ы": "y", "ь": "", "э": "e", "ю": "iu", "я": "ia",
}  # fmt: skip
BGN = {
    "ә": "a", "ғ": "gh", "қ": "q", "ң": "ng", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "і": "i",
    "ў": "o", "ҳ": "h", "ӣ": "i", "ӯ": "u", "ҷ": "j",
}  # fmt: skip
LETTERS = ICAO | BGN


def in_latin(name: str) -> str:
    """The name in Latin letters; letters that are not Cyrillic stay, a capital stays one ("Щёголев": "Shchegolev")."""
    return "".join(_letter(letter) for letter in name)


def _letter(letter: str) -> str:
    found = LETTERS.get(letter.lower())
    if found is None:
        return letter
    return found if letter.islower() else found.capitalize()
