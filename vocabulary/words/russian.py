"""Russian: the lemma of a word, and the root that words derived from each other share, by a table of endings."""

from vocabulary.words.dictionaries import russian_lemmas

LEAST_ROOT = 4  # letters
LEAST_STEM = 3  # letters of a noun without its ending

# Endings of lemmas, by what they make of a root; the root is what remains. The longest that fits is taken off, once.
ENDINGS = {
    "actions: реставрация, реставрировать": "ация ировать ировка ирование изация изировать ование овать евать",
    "persons and their fields: реставратор, керамист, археология": "атор ист истка ология олог оведение овед",
    "persons and tools: переплётчик, ковровщик, вышивальщица": (
        "чик чица щик щица овщик овщица льщик льщица альщик альщица ник ница тель тельница"
    ),
    "qualities of those: реставрационный, археологический": "ационный изационный аторский ологический оведческий тельский",
    "qualities: ковровый, керамический, каменный, стеклянный": (
        "ический ичный овый евый овский ский нный ный ной овой яной яный анный енный"
    ),
    "crafts: гончарство, ковроткачество, стеклоделие": "ство ество ничество арство откачество оделие ерство",
    "things and persons: керамика, живописец": "ика ец ок ка",
}
_BY_LENGTH = sorted(" ".join(ENDINGS.values()).split(), key=len, reverse=True)

# Roots that change within: the root of the lemma, and the one that all its words get.
CHANGED_ROOTS = {
    "ковер": "ковр", "стекол": "стекл", "стекля": "стекл", "стекло": "стекл", "бумаж": "бумаг", "книж": "книг", "войлоч": "войлок",
    "рукопис": "рукопись", "живопис": "живопись", "роспис": "роспись", "музей": "музе", "дерев": "дерево", "деревя": "дерево",
}  # fmt: skip
_NOUN_ENDINGS = "аяоеёиыьйю"


def roots(word: str) -> frozenset[str]:
    """The roots of all lemmas the word may have."""
    return frozenset(root(lemma) for lemma in russian_lemmas(word))


def root(lemma: str) -> str:
    """The lemma without its ending and the ending that derives it, ё written е."""
    lemma = lemma.replace("ё", "е")
    for ending in _BY_LENGTH:
        if lemma.endswith(ending) and len(lemma) - len(ending) >= LEAST_ROOT:
            lemma = lemma[: -len(ending)]
            break
    if lemma[-1:] in _NOUN_ENDINGS and len(lemma) > LEAST_STEM:
        lemma = lemma[:-1]
    return CHANGED_ROOTS.get(lemma, lemma)
