"""Russian: the lemma of a word, and the root that words derived from each other share, by a table of endings."""

from vocabulary.words.dictionaries import russian_lemmas

MIN_ROOT = 4  # letters
MIN_STEM = 3  # letters of a noun without its ending

# Endings of lemmas, by what they make of a root; the root is what remains. The longest that fits is taken off, once.
ENDINGS = {
    "actions: реставрация, реставрировать, вышивать": (
        "ация ировать ировка ирование изация изировать ование овать овка евать ление ение ание лять ать ять ить"
    ),
    "persons and their fields: реставратор, керамист, археолог": "атор ист истка ик ант ия",
    "persons and tools: переплётчик, ковровщик, вышивальщица": (
        "чик чица щик щица овщик овщица льщик льщица альщик альщица ник ница тель тельница"
    ),
    "qualities of those: реставрационный, преподавательский": "ационный изационный аторский тельский",
    "qualities: ковровый, керамический, войлочный, стеклянный, золотой": (
        "ический ковый овый евый овский ский ственный альный очный ечный ный ной овой яной яный янный ой ый ий"
    ),
    "crafts: гончарство, ковроткачество, стеклоделие": "ство ество ничество откачество оделие",
    "things and persons: керамика, живописец": "ика ец ок ка",
}
MIN_ROOTS = dict.fromkeys(("ный", "ной", "овый", "овой"), 3)  # медный, лаковый
_BY_LENGTH = sorted(" ".join(ENDINGS.values()).split(), key=len, reverse=True)
_NOUN_ENDINGS = "аяоеёиыьйю"

# Lemmas that only look derived: of краска, поле, раз, право, среда, графика.
_WHOLE = "красный полный разный правый средство станок черновой график оператор дать дата строка"
WHOLE = frozenset(_WHOLE.split())

# Roots that change within their words, and the one that all of these get.
_CHANGED = """
ковер:ковр стекол:стекл бумаж:бумаг книж:книг кожа:кож кожев:кож мозаич:моза живописн:живопис камн:камен
скульптор:скульптур архитектор:архитектур гравер:грав гравюр:грав музы:музык танцор:танец танц:танец библиотекар:библиот
ткат:ткач ткацк:ткач рез:резьб резат:резьб резч:резьб
"""
CHANGED_ROOTS = dict(pair.split(":") for pair in _CHANGED.split())


def roots(word: str) -> frozenset[str]:
    """The roots of all lemmas the word may have."""
    return frozenset(root(lemma) for lemma in russian_lemmas(word))


def root(lemma: str) -> str:
    """The lemma without its ending and the ending that derives it, ё written е."""
    lemma, derived = lemma.replace("ё", "е"), False
    if lemma in WHOLE:
        return lemma
    for ending in _BY_LENGTH:
        if lemma.endswith(ending) and len(lemma) - len(ending) >= MIN_ROOTS.get(ending, MIN_ROOT):
            lemma, derived = lemma[: -len(ending)], True
            break
    if lemma[-1:] in _NOUN_ENDINGS and len(lemma) > (MIN_ROOT if derived else MIN_STEM):
        lemma = lemma[:-1]
    return CHANGED_ROOTS.get(lemma, lemma)
