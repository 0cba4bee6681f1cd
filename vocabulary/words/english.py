"""English: the lemma of a word, and the root that words derived from each other share, by a table of endings."""

from vocabulary.words.dictionaries import english_lemmas

MARK = "E"  # before an English root: the same letters may be a word of another language
LEAST_ROOT = 4  # letters

# British and American spellings, written one way.
SPELLINGS = (("isation", "ization"), ("ise", "ize"), ("our", "or"), ("aeo", "eo"), ("lle", "le"), ("tre", "ter"))

# Endings of lemmas, by what they make of a root. The longest that fits is taken off, once.
ENDINGS = {
    "actions: restoration, conservation, weaving, management": "ization ational ation ition ion ing ment",
    "persons: restorer, conservator, ceramist, archaeologist, historian": "ator itor er or ist ologist ographer ician ian eer",
    "qualities: ceramic, historical, archaeological, architectural": "ical ological ographic ic ics al ural ory ative",
    "fields and crafts: pottery, archaeology, photography, architecture, curatorship": "ery ry y ology ography ure atorship atorial orial",
    "verbs: digitize, decorate": "ize ate",
}
_BY_LENGTH = sorted(" ".join(ENDINGS.values()).split(), key=len, reverse=True)


def roots(word: str) -> frozenset[str]:
    """The roots of all lemmas the word may have, marked."""
    return frozenset(MARK + root(lemma) for lemma in english_lemmas(word.removesuffix("'s")))


def root(lemma: str) -> str:
    """The lemma without the ending that derives it."""
    for spelling, one in SPELLINGS:
        if lemma.endswith(spelling) and len(lemma) > len(spelling) + 2:
            lemma = lemma.removesuffix(spelling) + one
    for ending in _BY_LENGTH:
        if lemma.endswith(ending) and len(lemma) - len(ending) >= LEAST_ROOT:
            return lemma[: -len(ending)]
    return lemma.removesuffix("e") if len(lemma) > LEAST_ROOT else lemma
