from django.utils.translation import override

from exchange.core.towns import spellings, town


def test_town_is_shown_in_the_readers_language_whatever_was_typed():
    for typed in ("Bukhara", "Бухара", "BUXORO", " buhara "):
        assert town(typed, "uz") == "Buxoro"
    assert town("Qo'qon", "tg") == "Хӯқанд"


def test_town_follows_the_active_language():
    with override("ru"):
        assert town("Washington, DC") == "Вашингтон"


def test_town_without_a_name_of_its_own_is_read_as_the_press_writes_it():
    assert town("Andover", "kk") == "Андовер"
    assert town("Andover", "uz") == "Andover"


def test_a_town_of_the_press_has_its_name_in_uzbek_and_turkmen():
    assert [town("Washington, DC", language) for language in ("uz", "tk")] == ["Vashington", "Waşington"]
    assert [town("New York", language) for language in ("uz", "tg", "tk")] == ["Nyu-York", "Ню-Йорк", "Nýu-Ýork"]


def test_unknown_town_stays_as_it_was_typed():
    assert town("Кызыл-Кия", "en") == "Кызыл-Кия"
    assert spellings("Кызыл-Кия") == ["Кызыл-Кия"]


def test_spellings_name_a_town_in_every_script():
    assert {"Tashkent", "Ташкент", "Toshkent", "Тошканд", "Daşkent"} <= set(spellings("Toshkent"))
