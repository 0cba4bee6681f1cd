"""The labels of the vocabulary, and the ways people mistype them: other script, lazy typing, one typo, inflected."""

import csv
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from bench.names_lab import with_typo

VOCABULARY = Path(__file__).resolve().parent.parent / "exchange" / "reference" / "data" / "vocabulary.csv"
LANGUAGES = ("kk", "ky", "uz", "tg", "tk", "ru", "en")


class Term(NamedTuple):
    """A label as a query, and the concept it must find."""

    text: str
    language: str
    concept: str


def rows() -> list[tuple[str, str, str]]:
    """All labels as `Labels.build` takes them: the label to be shown first, then synonyms."""
    found = []
    with VOCABULARY.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found += [(row["id"], language, row[language]) for language in LANGUAGES if row[language]]
            for language, column in (("en", "alt_en"), ("ru", "alt_ru"), ("", "alt_other")):
                found += [(row["id"], language, text.strip()) for text in row[column].split(";") if text.strip()]
            tagged = (label.partition(":") for label in row["hidden"].split(";") if label.strip())
            found += [(row["id"], language.strip(), text.strip()) for language, _colon, text in tagged]
    return found


def terms() -> list[Term]:
    """The preferred labels, in seven languages."""
    with VOCABULARY.open(encoding="utf-8", newline="") as file:
        return [Term(row[code], code, row["id"]) for row in csv.DictReader(file) for code in LANGUAGES if row[code]]


# -- other script: a romanisation or a Cyrillic spelling that is not among the labels' own
_CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch | y | e yu ya".replace("|", "").split(" "),
        strict=True,
    )
)
_ROMAN = {
    "ru": _CYRILLIC,
    "kk": _CYRILLIC | {"ә": "a", "ғ": "gh", "қ": "q", "ң": "ng", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "і": "i"},  # BGN
    "ky": _CYRILLIC | {"ж": "j", "ң": "ng", "ө": "o", "ү": "u"},
    "tg": _CYRILLIC | {"ғ": "gh", "ӣ": "i", "қ": "q", "ӯ": "u", "ҳ": "h", "ҷ": "j"},
}
_UZBEK = {
    "o'": "ў", "g'": "ғ", "sh": "ш", "ch": "ч", "ya": "я", "yo": "ё", "yu": "ю", "ye": "е", "ts": "ц", "'": "ъ",
    **dict(zip("abdefghijklmnopqrstuvxyz", "абдефгҳижклмнопқрстувхйз", strict=True)),
}  # fmt: skip
_TURKMEN = {
    "ä": "ә", "ç": "ч", "ş": "ш", "ž": "ж", "ň": "ң", "ö": "ө", "ü": "ү", "ý": "й", "ýa": "я", "ýu": "ю", "ýo": "ё",
    **dict(zip("abdefghijklmnoprstuwyz", "абдефгхиҗклмнопрстувыз", strict=True)),
}  # fmt: skip
_ENGLISH = {
    "sh": "ш", "ch": "ч", "ph": "ф", "th": "т", "ck": "к", "x": "кс", "q": "к", "w": "в", "c": "к", "j": "дж", "y": "и",
    **dict(zip("abdefghiklmnoprstuvz", "абдефгхиклмнопрстувз", strict=True)),
}  # fmt: skip


def _spelt(text: str, table: dict[str, str]) -> str:
    text = text.lower().replace("ʻ", "'").replace("ʼ", "'")
    pattern = "|".join(map(re.escape, sorted(table, key=len, reverse=True)))
    return re.sub(pattern, lambda found: table[found.group()], text)


def other_script(term: Term) -> str:
    return _spelt(term.text, {"uz": _UZBEK, "tk": _TURKMEN, "en": _ENGLISH, **_ROMAN}[term.language])


# -- lazy typing: the letters of a Russian or English keyboard
_LAZY = {
    "ru": str.maketrans("ё", "е"),
    "kk": str.maketrans("әғқңөұүһі", "агкноуухи"),
    "ky": str.maketrans("ңөү", "ноу"),
    "tg": str.maketrans("ғӣқӯҳҷ", "гикухч"),
    "uz": str.maketrans("", "", "ʻʼ'"),
    "tk": str.maketrans("äçşžňöüý", "acsznouy"),
    "en": str.maketrans("", "", "-'"),
}


def lazy(term: Term) -> str:
    return term.text.lower().translate(_LAZY[term.language])


def inflected(term: Term) -> str:
    """A plural or a case on the last word; in Russian, on every word its ending changed."""
    chance = random.Random(term.text)
    if term.language == "ru":
        return " ".join(_russian(word, chance) for word in term.text.split(" "))
    endings = {
        "kk": ("лар", "ның", "ды", "да"),
        "ky": ("лар", "нын", "ды", "да"),
        "uz": ("lar", "ning", "ni", "da"),
        "tg": ("ҳо", "ро", "ҳои"),
        "tk": ("lar", "yň", "y", "da"),
        "en": ("s", "'s"),
    }
    return term.text + chance.choice(endings[term.language])


def _russian(word: str, chance: random.Random) -> str:
    for ending, others in (
        ("ые", ("ых", "ым")), ("ие", ("ии", "ию")), ("ая", ("ой", "ую")), ("ый", ("ого", "ому")), ("ий", ("ого", "ому")),
        ("ия", ("ии", "ию")), ("ое", ("ого", "ому")), ("а", ("у", "ы", "ой")), ("я", ("и", "ю")), ("ь", ("и", "ью")),
        ("о", ("а", "у")), ("ы", ("ов", "ам")),
    ):  # fmt: skip
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word.removesuffix(ending) + chance.choice(others)
    return word + chance.choice(("а", "у", "ом", "ы")) if word[-1:].isalpha() and len(word) > 2 else word


def typo(term: Term) -> str:
    return with_typo(term.text, random.Random(term.text))


DISTORTIONS: dict[str, Callable[[Term], str]] = {
    "as written": lambda term: term.text,
    "other script": other_script,
    "lazy typing": lazy,
    "one typo": typo,
    "inflected": inflected,
}


def distorted(name: str) -> Iterator[tuple[str, Term]]:
    for term in terms():
        yield DISTORTIONS[name](term), term
