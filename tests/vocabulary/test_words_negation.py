"""What a text denies is left out."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocabulary.words import affirmed, tokens

DENIED = [
    ("en", "I have never worked with metal", "metal"),
    ("en", "No experience in textile conservation", "textile"),
    ("en", "She hasn't worked with carpets", "carpets"),
    ("en", "I don’t restore icons", "icons"),
    ("en", "lacks knowledge of weaving", "weaving"),
    ("en", "not familiar with glass or wood", "wood"),
    ("ru", "Никогда не работал с металлом и деревом", "металлом деревом"),
    ("ru", "С металлом не работал", "металлом"),
    ("ru", "Нет опыта реставрации тканей", "тканей"),
    ("ru", "Опыта работы со стеклом нет", "стеклом"),
    ("ru", "Вышивкой не занимаюсь", "вышивкой"),
    ("kk", "Металмен жұмыс істеген емеспін", "металмен"),
    ("kk", "Ағашпен жұмыс істемедім", "ағашпен"),
    ("kk", "Тоқыма бойынша тәжірибем жоқ", "тоқыма"),
    ("kk", "Кілем тоқымаймын", "кілем"),
    ("ky", "Металл менен иштеген эмесмин", "металл"),
    ("ky", "Жыгач менен иштебегенмин", "жыгач"),
    ("ky", "Килем токуу боюнча тажрыйбам жок", "килем"),
    ("ky", "Айнек менен иштебейм", "айнек"),
    ("uz", "Metall bilan hech qachon ishlamaganman", "metall"),
    ("uz", "Металл билан ишламаган", "металл"),
    ("uz", "Yogʻoch bilan ishlamagan", "yog'och"),
    ("uz", "Gilam boʻyicha tajribam yoʻq", "gilam"),
    ("uz", "Шиша билан ишламайман", "шиша"),
    ("uz", "Men zargar emasman", "zargar"),
    ("tg", "Бо металл кор накардаам", "металл"),
    ("tg", "Дар бофандагӣ таҷриба надорам", "бофандагӣ"),
    ("tg", "Ман бо чӯб кор намекунам", "чӯб"),
    ("tg", "Заргар нестам", "заргар"),
    ("tk", "Metal bilen işlemedim", "metal"),
    ("tk", "Halyçylykda tejribäm ýok", "halyçylykda"),
    ("tk", "Agaç bilen işlämok", "agaç"),
    ("tk", "Zergär däldirin", "zergär"),
]


@pytest.mark.parametrize(("language", "text", "words"), DENIED)
def test_what_is_denied_is_left_out(language, text, words):
    assert not set(tokens(affirmed(text, language))) & set(words.split())
    assert not set(tokens(affirmed(text))) & set(words.split())


@pytest.mark.parametrize(
    ("language", "text", "kept"),
    [
        ("en", "Restores ceramics, never worked with metal, but knows glass", "ceramics glass"),
        ("en", "I have never worked with metal and I restore glass", "glass"),
        ("ru", "Реставрирую керамику и никогда не работал с металлом, но знаю стекло", "керамику стекло"),
        ("ru", "Не работал с металлом и реставрирую керамику", "керамику"),
        ("kk", "Керамиканы реставрациялаймын және металмен жұмыс істемедім", "керамиканы"),
        ("kk", "Металмен жұмыс істеген емеспін, бірақ керамиканы білемін", "керамиканы"),
        ("ky", "Металл менен иштеген эмесмин бирок керамиканы билем", "керамиканы"),
        ("uz", "Metall bilan ishlamaganman lekin kulolman", "kulolman"),
        ("uz", "Kulolchilik qilaman va metall bilan ishlamadim", "kulolchilik"),
        ("tg", "Бо металл кор накардаам аммо кулол ҳастам", "кулол"),
        ("tk", "Metal bilen işlemedim ýöne halyçy", "halyçy"),
    ],
)
def test_the_denial_ends_with_its_clause(language, text, kept):
    assert set(kept.split()) <= set(tokens(affirmed(text, language)))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Not only ceramics but also glass"),
        ("en", "Worked without gloves on icons"),
        ("en", "No prior experience in weaving is required"),
        ("en", "Notes on nomadic knots"),
        ("ru", "Не только керамика, но и стекло"),
        ("ru", "Работа без перчаток с иконами"),
        ("ru", "Опыт работы с керамикой не требуется"),
        ("ru", "Заявки на курс керамики не позднее 5 мая"),
        ("ru", "Небо, нетканые материалы и никелирование"),
        ("kk", "Тек керамика ғана емес, шыны да"),
        ("kk", "Тоқымаға арналған шебер сыныбы"),
        ("kk", "Тоқыма тәжірибесі міндетті емес"),
        ("ky", "Керамика гана эмес, айнек да"),
        ("uz", "Nafaqat kulolchilik, balki zargarlik"),
        ("uz", "Toʻqilmagan matolar bilan ishlayman"),
        ("uz", "Tajriba talab qilinmaydi"),
        ("tg", "На танҳо сафол, балки шиша"),
        ("tg", "Навсозии намоишгоҳ ва наққошӣ"),
        ("tk", "Diňe keramika däl, aýna hem"),
    ],
)
def test_what_denies_nothing_is_kept(language, text):
    assert affirmed(text, language) == text
    assert affirmed(text) == text


@given(st.text(max_size=300))
def test_nothing_is_added(text):
    assert set(tokens(affirmed(text))) <= set(tokens(text)) | {""}


@pytest.mark.parametrize(
    "text",
    ["не и " * 25_000, "never " * 16_000, "ма" * 50_000, "maydi " * 16_000, "емес " * 20_000, "\u0301" * 100_000, ", " * 50_000],
)
def test_hostile_texts_are_read_in_bounded_time(text):
    started = time.process_time()

    affirmed(text)

    assert time.process_time() - started < 5
