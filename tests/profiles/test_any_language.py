"""Any language of ISO 639: in the profile form, in imported tables, in what programmes ask for, in the labels of filters."""

import pytest
from django.urls import reverse
from django.utils import translation

from exchange.core.csv_reader import CellError
from exchange.core.spoken_languages import LIKELY, Language, language_codes_of, language_groups
from importing.domain.cells import LabelLookup
from profiles.domain.profiles import own_profile
from tests.helpers.forms import rows

pytestmark = pytest.mark.django_db


def test_every_two_letter_code_and_the_languages_of_the_region_are_there():
    assert {"uk", "ar", "kaa", "ug", "ko", "dng", "sgh", "wbl", "yai", "prs", "ii", "za"} <= set(Language.values)
    assert len(Language.values) > 600
    assert not {"mul", "und", "zxx"} & set(Language.values)
    assert Language.values[: len(LIKELY)] == list(LIKELY)


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["Ukrainian", "Chinese", "Bashkir"]),
        ("ru", ["Украинский", "Китайский", "Башкирский"]),
        ("kk", ["Украин тілі", "Қытай тілі", "Башқұрт тілі"]),
        ("ky", ["Украинче", "Кытайча", "Башкырча"]),
        ("uz", ["Ukrain", "Xitoy", "Boshqird"]),
        ("tg", ["Украинӣ", "Хитоӣ", "Бошқирдӣ"]),
        ("tk", ["Ukrain dili", "Hytaý dili", "Başgyrt dili"]),
    ],
)
def test_names_are_those_of_the_readers_language(language, names):
    with translation.override(language):
        found = [str(Language(code).label) for code in ("uk", "zh", "ba")]
        likely, others = language_groups()
    assert [name.casefold().split()[0] for name in found] == [name.casefold().split()[0] for name in names]
    assert [code for code, _name in likely[1]][:3] == ["en", "ru", "kk"]
    assert {code for code, _name in (*likely[1], *others[1])} == set(Language.values)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("kaa", {"kaa"}),
        ("RUS", {"ru"}),
        ("kaz", {"kk"}),
        ("украинский", {"uk"}),
        ("Karakalpak", {"kaa"}),
        ("xx", set()),
        ("", set()),
    ],
)
def test_a_language_is_known_by_codes_and_names(text, codes):
    assert language_codes_of(text) == codes


def test_cells_of_tables_take_codes_and_names():
    read = LabelLookup.languages
    assert read("kaa:native ru:C1, en:B2:teaches") == [("kaa", 7, False), ("ru", 5, False), ("en", 4, True)]
    assert read("Украинский: C1; арабский = b1 : teaches; ug:A2 ko:A1") == [
        ("uk", 5, False),
        ("ar", 3, True),
        ("ug", 2, False),
        ("ko", 1, False),
    ]
    for cell in (
        "Klingonisch: C1",
        "ru",
        "ru:C1:well",
        ": C1",
        "ru:C1 rus:B1",
        ";".join(f"{code}:A1" for code in Language.values[:41]),
    ):
        with pytest.raises(CellError):
            read(cell)


def test_the_profile_form_takes_any_language_and_offers_likely_ones_first(client, profile):
    client.force_login(profile.user)
    url = reverse("profile_languages")
    page = client.get(url).content.decode()
    assert page.index('value="kaa"') < page.index('value="zu"')

    client.post(url, rows("r", {"language": "kaa", "level": "7"}, {"language": "zu", "level": "2"}) | version(page))
    assert {skill.language for skill in own_profile(profile.user).languages.all()} == {"kaa", "zu"}
    assert "Zulu" in client.get(profile.get_absolute_url()).content.decode()
    assert (
        client.post(url, rows("r", {"language": "xx", "level": "7"}) | version(client.get(url).content.decode())).status_code == 422
    )


def version(page):
    start = page.index('name="version"')
    return {"version": page[start:].split('value="', 1)[1].split('"', 1)[0]}
