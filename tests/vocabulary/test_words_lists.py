"""Words that do not count, words that count little, and texts typed on another keyboard layout."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocabulary.words import is_function_word, is_general_word, looks_like_other_layout, other_layout


@pytest.mark.parametrize(
    "word",
    [
        "the",
        "of",
        "with",
        "from",
        "and",
        "в",
        "на",
        "для",
        "или",
        "который",
        "және",
        "үшін",
        "менен",
        "үчүн",
        "va",
        "bilan",
        "учун",
        "boʻyicha",
        "дар",
        "барои",
        "бо",
        "we",
        "üçin",
        "hakynda",
        "it’s",
        "Для",
    ],
)
def test_function_words(word):
    assert is_function_word(word)


@pytest.mark.parametrize("word", ["carpet", "ковёр", "қобыз", "gilam", "заргар", "haly", "музей", "art", "", "…", "2024"])
def test_other_words_count(word):
    assert not is_function_word(word)
    assert not is_general_word(word)


@pytest.mark.parametrize(
    "word",
    [
        "course",
        "courses",
        "looking",
        "how",
        "training",
        "specialists",
        "программа",
        "программы",
        "обучение",
        "обучения",
        "курсов",
        "нужен",
        "нужны",
        "ищу",
        "специалистов",
        "мастера",
        "мамандар",
        "керек",
        "бағдарламалар",
        "курсы",
        "курстар",
        "жұмыстар",
        "адистер",
        "программалар",
        "издейм",
        "kurs",
        "kurslari",
        "mutaxassislar",
        "kerak",
        "oʻrganish",
        "dasturlar",
        "курслари",
        "керак",
        "мутахассислар",
        "курсҳо",
        "барномаҳои",
        "мутахассисон",
        "лозим",
        "омӯзиш",
        "maksatnamalar",
        "hünärmenler",
        "kurslar",
        "gerek",
    ],
)
def test_general_words_in_any_form(word):
    assert is_general_word(word)


@pytest.mark.parametrize(
    "query", ["looking for course", "мамандар керек", "boʻyicha kurs", "how to", "курсы обучения", "ustalar kerak"]
)
def test_a_query_that_says_nothing(query):
    assert all(is_general_word(word) or is_function_word(word) for word in query.split())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("veptq", "музей"),
        ("htcnfdhfwbz rjdhjd", "реставрация ковров"),
        ("gthtgk`n", "переплёт"),
        (",evfuf", "бумага"),
        ("5fksv", "ғалым"),
        ("0j,sp", "қобыз"),
        ("oeyfh", "ҳунар"),
        ("uekkfh", "гуллар"),
        ("-p,tr", "өзбек"),
        ("ьгыугь", "museum"),
        ("сфкзуеы", "carpets"),
    ],
)
def test_the_same_keys_on_another_layout(typed, meant):
    assert meant in other_layout(typed)


@pytest.mark.parametrize("text", ["", "123", "…", "музей museum", "музей " * 200])
def test_texts_without_another_layout(text):
    assert other_layout(text) == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("veptq", "музей"),
        ("htcnfdhfwbz rjdhjd", "реставрация ковров"),
        ("rehc gj rthfvbrt", "курс по керамике"),
        ("ьгыугь", "museum"),
        ("сфкзуеы", "carpets"),
    ],
)
def test_a_text_on_the_wrong_layout_is_recognised(typed, meant):
    assert looks_like_other_layout(typed) == meant


@pytest.mark.parametrize(
    "text", ["museum", "музей", "gilam", "zargar", "кулол", "сепил", "toʻqima", "veptq museum", "qobyz", "haly", "xyzzy", "", "щ"]
)
def test_a_text_as_meant_is_left_alone(text):
    assert looks_like_other_layout(text) == ""


@given(st.text(max_size=100))
def test_any_text_is_converted(text):
    assert all(isinstance(one, str) and one != text for one in other_layout(text))
    assert isinstance(looks_like_other_layout(text), str)
