import unicodedata
from random import Random

import pytest

from exchange.demo.names import (
    latin_of,
    name_person,
    russian_of,
    turkmen_latin,
    uzbek_cyrillic,
    uzbek_russian,
)
from profiles.domain.profiles import is_latin
from profiles.states import NameKind

COUNTRIES = ["KZ", "KG", "TJ", "TM", "UZ", "US"]


def people(country, count=400):
    return [name_person(country, Random(f"{country}:{number}")) for number in range(count)]


@pytest.mark.parametrize("country", COUNTRIES)
def test_name_person_is_the_same_for_the_same_seed(country):
    assert people(country, 20) == people(country, 20)


@pytest.mark.parametrize("country", COUNTRIES)
def test_name_person_gives_a_native_name_and_one_in_latin_letters(country):
    for _woman, spellings in people(country):
        assert spellings[0].kind == NameKind.NATIVE
        latin = [each for each in spellings if each.kind == NameKind.LATIN] or spellings[:1]
        assert is_latin(latin[0].given)
        assert is_latin(latin[0].family)
        assert len({each.kind for each in spellings}) == len(spellings)


@pytest.mark.parametrize("country", COUNTRIES)
def test_name_person_mixes_no_scripts_in_a_word(country):
    for _woman, spellings in people(country):
        for spelling in spellings:
            for part in (spelling.given, spelling.family, spelling.patronymic):
                scripts = {unicodedata.name(char).split()[0] for char in part if char.isalpha() and char not in "ʻʼ"}
                assert len(scripts) <= 1, part


@pytest.mark.parametrize(("country", "endings"), [("KZ", ("ов", "ев")), ("KG", ("ов", "ев")), ("TJ", ("ов", "ев"))])
def test_family_names_agree_with_the_person(country, endings):
    for woman, spellings in people(country):
        family = spellings[0].family
        assert not (woman and family.endswith(endings))
        assert woman or not family.endswith(tuple(f"{ending}а" for ending in endings))


@pytest.mark.parametrize(
    ("country", "women", "men"),
    [
        ("KZ", ("қызы",), ("ұлы",)),
        ("KG", ("овна", "кызы"), ("ович", "уулу")),
        ("TJ", ("овна",), ("ович",)),
        ("TM", ("owna",), ("owiç",)),
        ("UZ", ("qizi", "ovna", "қизи", "овна"), ("oʻgʻli", "ovich", "ўғли", "ович")),
    ],
)
def test_patronymics_agree_with_the_person(country, women, men):
    for woman, spellings in people(country):
        patronymic = spellings[0].patronymic
        assert not patronymic or patronymic.endswith(women if woman else men)


@pytest.mark.parametrize(
    ("spelled", "wanted"),
    [
        (latin_of("Жұмабаев", "kk"), "Zhumabayev"),
        (latin_of("Ержан", "kk"), "Yerzhan"),
        (latin_of("Чынгыз", "ky"), "Chyngyz"),
        (latin_of("Ҷӯраев", "tg"), "Jurayev"),
        (latin_of("Ғафуров", "tg"), "Ghafurov"),
        (turkmen_latin("Berdiýew"), "Berdiyew"),
        (turkmen_latin("Çary"), "Chary"),
        (russian_of("Ҷамшед"), "Джамшед"),
        (russian_of("Қасымов"), "Касымов"),
        (uzbek_cyrillic("Joʻrayev"), "Жўраев"),
        (uzbek_cyrillic("Ulugʻbek"), "Улуғбек"),
        (uzbek_cyrillic("Yoʻldoshev"), "Йўлдошев"),
        (uzbek_cyrillic("Ergashev"), "Эргашев"),
        (uzbek_russian("Joʻrayeva"), "Джураева"),
        (uzbek_russian("Shuhrat"), "Шухрат"),
        (uzbek_russian("Oʻktam"), "Уктам"),
    ],
)
def test_letters(spelled, wanted):
    assert spelled == wanted
