"""Concepts named by the forms of the words of their labels; letters alone name one only with a typo or in another script."""

import pytest

from vocabulary.subjects import Labels

ROWS = [
    ("carpet", "ru", "ковёр"),
    ("carpet", "uz", "gilam"),
    ("carpet-conservation", "ru", "реставрация ковров"),
    ("glass", "ru", "стекло"),
    ("wall-painting", "ru", "роспись"),
    ("bookbinding", "ru", "переплётное дело"),
    ("bookbinding", "ru", "переплётчик"),
    ("jewellery", "ru", "ювелир"),
    ("jewellery", "uz", "zargarlik"),
    ("jewellery", "tg", "заргарӣ"),
    ("jewellery", "kk", "зергерлік"),
    ("pottery", "ru", "гончарство"),
    ("pottery", "uz", "kulolchilik"),
    ("photograph", "en", "photo"),
    ("ceramics", "en", "ceramics"),
    ("ceramics", "uz", "sopol"),
    ("ceramics", "kk", "керамика"),
    ("restoration", "kk", "қалпына келтіру"),
    ("restoration", "ru", "реставрация"),
    ("textile", "uz", "toʻqima"),
    ("weaving", "tg", "бофанда"),
    ("blacksmithing", "uz", "temirchilik"),
    ("gold-embroidery", "ru", "золотное шитьё"),
    ("painting-conservation", "en", "conservation of paintings"),
    ("museology", "ru", "музееведение"),
]


@pytest.fixture(scope="module")
def labels():
    return Labels.build(ROWS)


def named(labels, query):
    return [span.concept_id for span in labels.resolve(query).spans]


@pytest.mark.parametrize(
    ("query", "concepts"),
    [
        ("ковёр", ["carpet"]),
        ("ковры", ["carpet"]),
        ("ковер", ["carpet"]),
        ("стекло", ["glass"]),
        ("стёкла", ["glass"]),
        ("роспись", ["wall-painting"]),
        ("росписи", ["wall-painting"]),
        ("переплёт", ["bookbinding"]),
        ("переплетное дело", ["bookbinding"]),
        ("ювелир", ["jewellery"]),
        ("ювелиры", ["jewellery"]),
        ("гончар", ["pottery"]),
        ("фото", ["photograph"]),
        ("реставрация ковров", ["carpet-conservation"]),
        ("реставрацией ковра", ["carpet-conservation"]),
        ("ковры реставрация", ["carpet-conservation"]),
        ("gilam", ["carpet"]),
        ("gilamlarni", ["carpet"]),
        ("гиламлар", ["carpet"]),
        ("zargar", ["jewellery"]),
        ("kulol", ["pottery"]),
        ("toʻqimachilik", ["textile"]),
        ("toqimachilik", ["textile"]),
        ("бофандагӣ", ["weaving"]),
        ("заргар", ["jewellery"]),
        ("зергер", ["jewellery"]),
        ("керамиканы қалпына келтіру", ["ceramics", "restoration"]),
        ("керамиканың реставрациясы", ["ceramics", "restoration"]),
        ("шитьё золотом", ["gold-embroidery"]),
        ("painting conservation", ["painting-conservation"]),
        ("conserving a painting", ["painting-conservation"]),
    ],
)
def test_words_name_a_concept_in_any_form(labels, query, concepts):
    assert named(labels, query) == concepts


@pytest.mark.parametrize("query", ["сепил", "temir yoʻl", "музей", "шитьё", "переплывать", "стук", "рос", "зар", "фот", "кол"])
def test_a_fragment_names_nothing(labels, query):
    assert not {"ceramics", "museology", "gold-embroidery", "bookbinding", "glass", "wall-painting"} & set(named(labels, query))


@pytest.mark.parametrize(
    ("query", "concept"),
    [
        ("реставрация ковроф", "carpet-conservation"),
        ("золотное шитё", "gold-embroidery"),
        ("blacksmithing", None),
        ("gilom", None),
        ("temirchlik", "blacksmithing"),
        ("perepletchik", "bookbinding"),
        ("zolotnoe shityo", "gold-embroidery"),
    ],
)
def test_a_typo_and_another_script_are_forgiven(labels, query, concept):
    assert named(labels, query) == ([concept] if concept else [])


def test_a_label_met_by_its_forms_comes_before_a_similar_one(labels):
    assert labels.rank("toʻqimachilik", 1)[0].concept_id == "textile"
    assert [match.named for match in labels.rank("toʻqimachilik", 2)] == [True, False]
