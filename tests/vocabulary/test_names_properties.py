"""Properties that hold for every text, tested with generated ones."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vocabulary.names import best_possible, grams, likeness, query_clauses, skeletons, stored_keys, word_keys
from vocabulary.names.keys import MAX_KEYS
from vocabulary.names.name_similarity import BEST, aligned
from vocabulary.names.tokens import MAX_WORDS, words
from vocabulary.names.trigrams import sets_of_name, similarity, tri3, trigrams

LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюяәғқңөұүһіўҳӣӯҷabcdefghijklmnopqrstuvwxyzäöüşçğžňýāīūóúń"
names = st.text(alphabet=LETTERS + "АҚШЖÖŞ '-.ʻ", min_size=1, max_size=40)
anything = st.text(max_size=300)
HOSTILE = [
    "",
    " ",
    "'" * 10_000,
    "a" * 10_000,
    "cj" * 5_000,
    "ch ou j c x " * 1_000,
    "\u0301" * 10_000,
    "a\u0301\u0302\u0303" * 3_000,
    "\u202e" + "محمد علي " * 1_000,
    "👩‍👩‍👧‍👦" * 1_000,
    "\x00\x01\x02\ufffe\uffff",
    "а.б." * 3_000,
    "﷽" * 2_000,
    "İ" * 5_000,
    "1234567890 " * 1_000,
    "'; DROP TABLE name_key; --",
    '{"query": {"match_all": {}}}',
    "Ἀριστοτέλης 孔子 서울 ไทย",
    "\ud800",
]


@given(anything)
@settings(max_examples=80, deadline=None)
def test_any_text_is_answered_within_bounds(text):
    keys = stored_keys(text)

    assert len(keys) <= MAX_KEYS
    assert all(len(key) <= 50 for key in keys)
    assert len(words(text)) <= MAX_WORDS
    assert 0 <= likeness(text, text[::-1]) <= BEST
    assert isinstance(word_keys(text), tuple)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_answered_within_bounds(text):
    keys, clauses = stored_keys(text), query_clauses(text)

    assert len(keys) <= MAX_KEYS
    assert sum(map(len, clauses)) <= MAX_KEYS * 2
    assert best_possible(clauses) < 2**24
    assert 0 <= likeness(text, "Ахмет Байтұрсынұлы") <= BEST
    assert 0 <= likeness("Ахмет Байтұрсынұлы", text) <= BEST
    assert len(grams(text)) < 2_000
    assert len(word_keys(text)) <= 5_000


@given(st.one_of(names, anything))
@settings(max_examples=100, deadline=None)
def test_a_stored_name_reaches_the_best_possible_score_of_its_own_clauses(text):
    keys, clauses = stored_keys(text), query_clauses(text)

    reached = sum(max((weight for key, weight in clause if key in keys), default=0) for clause in clauses)

    assert reached == best_possible(clauses)


@given(names)
@settings(max_examples=80, deadline=None)
def test_composed_and_decomposed_letters_are_one(text):
    assert stored_keys(unicodedata.normalize("NFD", text)) == stored_keys(text)
    assert skeletons(unicodedata.normalize("NFD", text)) == skeletons(unicodedata.normalize("NFC", text))


@given(names)
@settings(max_examples=80, deadline=None)
def test_case_is_one(text):
    assert stored_keys(text.title()) == stored_keys(text.title().lower())


@pytest.mark.parametrize("mark", "'`´ʹʻʼʽʾʿˈ‘’′＇")
@pytest.mark.parametrize("name", ["Oʻtkir Hoshimov", "Gʻafur Gʻulom", "Isʼhoq", "Saʼdulla", "Qoʻqon", "a' g'"])
def test_every_apostrophe_is_one(name, mark):
    spelt = "".join(mark if letter in "'ʻʼ" else letter for letter in name)

    assert stored_keys(spelt) == stored_keys(name)
    assert likeness(spelt, name) == BEST


@pytest.mark.parametrize("name", ["Oʻtkir Hoshimov", "Gʻafur Gʻulom", "Qoʻqon", "Margʻilon"])
def test_the_apostrophe_of_o_and_g_may_be_missing(name):
    assert likeness(name.replace("ʻ", ""), name) == BEST


@given(names)
@settings(max_examples=100, deadline=None)
def test_equal_names_have_the_best_likeness(text):
    expected = BEST if words(text) and skeletons(text).strict else 0.0

    assert likeness(text, text) == expected


@given(names, names)
@settings(max_examples=80, deadline=None)
def test_likeness_stays_within_its_bounds_and_trigrams_are_symmetric(one, other):
    assert 0 <= likeness(one, other) <= BEST
    left, right = sets_of_name(one), sets_of_name(other)
    assert tri3(left, right) == tri3(right, left)
    assert 0 <= tri3(left, right) <= 1


@given(names, names)
@settings(max_examples=100, deadline=None)
def test_words_alone_align_the_same_both_ways(one, other):
    from vocabulary.names.parts import parts

    left, right = parts(one)[:1], parts(other)[:1]
    if left and right and not left[0].initial and not right[0].initial:
        similar, reverse = aligned(left, right), aligned(right, left)

        assert 0 <= similar <= 1
        if left[0].patronymic == right[0].patronymic:
            assert similar == reverse


@given(names)
@settings(max_examples=100, deadline=None)
def test_sounds_are_spelt_in_the_alphabet_of_sounds(text):
    assert set(skeletons(text).strict) <= set("abdefghijklmnopqrstuvxyz 0123456789")


@given(names)
@settings(max_examples=50, deadline=None)
def test_clauses_are_sorted_and_weighed_in_whole_numbers(text):
    for clause in query_clauses(text):
        assert list(clause) == sorted(clause)
        assert all(isinstance(weight, int) and weight > 0 for _key, weight in clause)


def test_trigrams_are_those_of_postgresql():
    assert trigrams("cat") == {"  c", " ca", "cat", "at "}
    assert similarity(trigrams("word"), trigrams("two words")) == pytest.approx(4 / 11)


def test_the_grams_of_the_fuzzy_match_are_those_of_the_medium_and_loose_skeleton():
    strings = skeletons("Абай")

    assert grams("Абай") == trigrams(f"{strings.medium} {strings.loose}")


def test_a_text_of_many_words_gives_the_sounds_of_each():
    assert word_keys("Реставрация, керамика 2024!") == (
        frozenset({"restavratsia"}),
        frozenset({"keramika"}),
        frozenset({"2024"}),
    )
    assert word_keys("Ceramics") != ()
