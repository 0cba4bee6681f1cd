"""English: the lemma of a word, and the root that words derived from each other share, by a table of endings."""

from vocabulary.words.dictionaries import english_lemmas

MARK = "E"  # before an English root: the same letters may be a word of another language
MIN_ROOT = 4  # letters
MAX_ENDINGS = 3  # historic-al, embroid-er-er

# British and American spellings, written one way: at the end of a lemma, and anywhere.
SPELLINGS = (("isation", "ization"), ("ise", "ize"), ("our", "or"), ("tre", "ter"), ("bre", "ber"), ("ogue", "og"))
VOWELS = (("aeo", "eo"), ("oe", "e"))

# Endings of lemmas, by what they make of a root. The longest that fits is taken off, repeatedly.
ENDINGS = {
    "actions: restoration, conservation, weaving, management": "ization ation ion ing ment",
    "persons: restorer, conservator, ceramist, historian, librarian": "ator er or ist ant ian arian eer",
    "qualities: ceramic, historical, architectural": "ical ic ics al ural",
    "fields and crafts: pottery, archaeology, architecture, curatorship": "ery ary istry y ure atorship atorial orial",
    "verbs: digitize, decorate": "ize ate",
}
MIN_ROOTS = {"or": 5, "ant": 7}  # restor, histor: no persons
_BY_LENGTH = sorted(" ".join(ENDINGS.values()).split(), key=len, reverse=True)

DOUBLED = ("nn", "pp", "gg", "mm", "bb", "dd")  # spinner

_WHOLE = "party ready texture pasture career evening station statistician statement capture caption criterion"
WHOLE = frozenset(_WHOLE.split())
"""Lemmas that only look derived: of part, read, text, past, care, even, state."""

LEMMAS = {
    "leaves": "leaf",
    "dyer": "dye",
    "dyers": "dye",
    "dyeing": "dye",
    "jewelry": "jewel",
    "registrar": "register",
    "masonry": "mason",
    "carpentry": "carpenter",
}
"""Words whose lemma no dictionary gives as a reader of this field would."""
CHANGED_ROOTS = {
    "inscript": "inscrib",
    "descript": "describ",
    "jewell": "jewel",
    "theatr": "theat",
    "registr": "regist",
    "miniatur": "miniat",
    "catalogu": "catalog",
}


def roots(word: str) -> frozenset[str]:
    """The roots of all lemmas the word may have, marked."""
    word = word.removesuffix("'s").replace("'", "")
    return frozenset(MARK + root(LEMMAS.get(lemma, lemma)) for lemma in english_lemmas(LEMMAS.get(word, word)))


def root(lemma: str) -> str:
    """The lemma in one spelling, without the endings that derive it."""
    if lemma in WHOLE:
        return lemma
    for spelling, one in VOWELS:
        lemma = lemma.replace(spelling, one)
    for spelling, one in SPELLINGS:
        if lemma.endswith(spelling) and len(lemma) > len(spelling) + 1:
            lemma = lemma.removesuffix(spelling) + one
    for _again in range(MAX_ENDINGS):
        shorter = _without_ending(lemma)
        if shorter == lemma:
            break
        lemma = shorter
    if len(lemma) > MIN_ROOT:
        lemma = lemma.removesuffix("e")
    return CHANGED_ROOTS.get(lemma, lemma)


def _without_ending(lemma: str) -> str:
    for ending in _BY_LENGTH:
        if lemma.endswith(ending) and len(lemma) - len(ending) >= MIN_ROOTS.get(ending, MIN_ROOT):
            root = lemma[: -len(ending)]
            return root[:-1] if root[-2:] in DOUBLED else root
    return lemma
