"""What a text denies (never worked with metal) must not be found by it: the text without the clauses that deny.

English denies from the denying word to the end of the clause, Russian before it as well. In the other languages the verb is last and denies all of its clause.
Nothing is denied by "not only", and nothing that is not required (no experience in weaving is needed).
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from vocabulary.words.dictionaries import is_russian_verb
from vocabulary.words.function_words import is_function_word
from vocabulary.words.negative_verbs import ADDING, DENYING_VERBS, FINITE_VERBS, REQUIREMENTS
from vocabulary.words.tokens import tokens

CYRILLIC_LANGUAGES = ("ru", "kk", "ky", "uz", "tg")
LATIN_LANGUAGES = ("en", "uz", "tk")

_CONJUNCTIONS = "but|however|although|though|yet|whereas|while|но|однако|зато|хотя|а|бірақ|алайда|ал|бирок|лекин|аммо|бироқ|вале|ýöne|emma|lekin|ammo|biroq"
_BOUNDARY = re.compile(rf"([.!?;:,()\[\]«»“”\"…\n\r\t|•—–]+|\s-+\s|\b(?:{_CONJUNCTIONS})\b)", re.IGNORECASE)
_WORD = re.compile(r"[^\W_](?:[^\W_]|['’‘`](?=[^\W_]))*")  # ʻ and ʼ are letters

# English: the words that deny; after some of them other words take the denial back.
_ENGLISH = re.compile(
    r"\b(?:never|nor|neither|cannot|\w{1,40}n['’]t|not(?! (?:only|just|merely|necessarily|limited|least|later|more|less|fewer)\b)"
    r"|no (?=(?:\w{1,40} ){0,2}(?:experiences?|knowledge|skills?|training|practice|background|qualifications?|education|idea|interest)\b)"
    r"|lack(?:s|ing)?|unfamiliar|inexperienced)\b",
    re.IGNORECASE,
)
_ENGLISH_END = re.compile(r"\b(?:and|or) (?=(?:i|we|he|she|they|am|is|are|have|has|now)\b)", re.IGNORECASE)

_RUSSIAN_DENIALS = frozenset({"не", "нет", "никогда", "ни"})
# не позднее, не только: a limit or an addition
_LIMITS = """
только просто лишь менее более меньше больше позднее позже ранее раньше старше моложе выше ниже обязательно обязателен обязательна важно
столько всегда исключено
"""
_RUSSIAN_LIMITS = frozenset(_LIMITS.split())


class _Piece(NamedTuple):
    """A word of a clause, and its place."""

    word: str
    start: int
    end: int


Span = tuple[int, int]


def affirmed(text: str, language: str = "") -> str:
    """The text without the clauses that deny. A clause ends at punctuation or at a conjunction such as but, но, лекин, бірақ, ýöne.

    `language` "": all languages of the clause's script.
    """
    kept = []
    for place, clause in enumerate(_BOUNDARY.split(text)):
        kept.append(clause if place % 2 else _without_denial(clause, language))
    return "".join(kept)


def _without_denial(clause: str, language: str) -> str:
    small = clause.lower()
    for code in _languages(small, language):
        span = _DENIED[code](clause, small)
        if span:
            return f"{clause[: span[0]]} {clause[span[1] :]}"
    return clause


def _languages(clause: str, language: str) -> Sequence[str]:
    if language in _DENIED:
        return (language,)
    return CYRILLIC_LANGUAGES if any("\u0400" <= letter < "\u0530" for letter in clause) else LATIN_LANGUAGES


def _english(clause: str, small: str) -> Span | None:
    denial = _ENGLISH.search(clause)
    if not denial or REQUIREMENTS["en"].search(small, denial.start()):
        return None
    end = _ENGLISH_END.search(clause, denial.end())
    return denial.start(), end.start() if end else len(clause)


def _russian(clause: str, small: str) -> Span | None:
    if not any(word in small for word in _RUSSIAN_DENIALS) or REQUIREMENTS["ru"].search(small):
        return None
    pieces = _pieces(small)
    denial = next((place for place in range(len(pieces)) if _denies(pieces, place)), None)
    if denial is None:
        return None
    start, end = 0, len(pieces)
    for place, piece in enumerate(pieces):
        if piece.word not in {"и", "или", "также"}:
            continue
        if place < denial and any(map(_is_verb, pieces[start:place])):
            start = place + 1  # реставрирую керамику и | не работал с металлом
        elif place > denial and end == len(pieces) and _is_verb_next(pieces, place):
            end = place  # не работал с металлом | и реставрирую керамику
    return pieces[start].start, pieces[end - 1].end


def _denies(pieces: Sequence[_Piece], place: int) -> bool:
    following = pieces[place + 1].word if place + 1 < len(pieces) else ""
    return pieces[place].word in _RUSSIAN_DENIALS and following not in _RUSSIAN_LIMITS


def _is_verb(piece: _Piece) -> bool:
    return is_russian_verb(piece.word)


def _is_verb_next(pieces: Sequence[_Piece], place: int) -> bool:
    """Whether a clause of its own begins here: a verb soon after, without a denial before it."""
    following = pieces[place + 1 : place + 4]
    for piece in following:
        if piece.word in _RUSSIAN_DENIALS:
            return False
        if _is_verb(piece):
            return True
    return False


def _verb_last(code: str) -> Callable[[str, str], Span | None]:
    """The rule of a language whose verb is last: a denying verb there denies everything since the verb before."""

    def denied(clause: str, small: str) -> Span | None:
        if not DENYING_VERBS[code].search(small) or REQUIREMENTS[code].search(small) or ADDING[code].search(small):
            return None
        pieces = _pieces(small)
        last = len(pieces) - 1
        while last > 0 and is_function_word(pieces[last].word) and not DENYING_VERBS[code].fullmatch(pieces[last].word):
            last -= 1
        if last < 0 or not DENYING_VERBS[code].fullmatch(pieces[last].word):
            return None
        before = (
            place + 1
            for place in range(last - 1, -1, -1)
            if pieces[place + 1].word in _AND and FINITE_VERBS[code].fullmatch(pieces[place].word)
        )
        return pieces[next(before, 0)].start, pieces[-1].end

    return denied


_AND = frozenset({"және", "жана", "va", "hamda", "ва", "ҳамда", "we", "hem"})

_DENIED: dict[str, Callable[[str, str], Span | None]] = {
    "en": _english,
    "ru": _russian,
    **{code: _verb_last(code) for code in ("kk", "ky", "uz", "tg", "tk")},
}


def _pieces(clause: str) -> list[_Piece]:
    return [_Piece("".join(tokens(found.group())), found.start(), found.end()) for found in _WORD.finditer(clause)]
