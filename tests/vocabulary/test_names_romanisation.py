"""One table for each way a name is written: every spelling of a row must be recognised as the same name."""

import pytest

from vocabulary.names import likeness, query_clauses, skeletons, stored_keys
from vocabulary.names.keys import STEM
from vocabulary.names.phonemes import readings
from vocabulary.names.tokens import normalise_name

SAME = 1.2  # the similarity from which no fuzzy match is tried

SYSTEMS = {
    "kazakh, BGN": [("Қанат Жұмабаев", "Qanat Zhumabayev"), ("Ғабит", "Ghabit"), ("Шыңғыс", "Shynghys")],
    "kazakh, 2017": [("Ғафу Қайырбеков", "G'afu Qai'yrbekov"), ("Мұхтар Шаханов", "Muhtar S'ahanov")],
    "kazakh, 2018": [("Мұхтар Әуезов", "Muhtar Áýezov"), ("Ақтау", "Aqtaý"), ("Дәулет", "Dáýlet"), ("Шыңғыс", "Shyńǵys")],
    "kazakh, 2019": [("Ғабит Мүсірепов", "Ğabit Müsirepov"), ("Шыңғыс", "Şyñğys")],
    "kazakh, 2021": [("Ахмет Байтұрсынұлы", "Ahmet Baitūrsynūly"), ("Жамбыл Жабаев", "Jambyl Jabaev"), ("Шәкәрім", "Şäkärım")],
    "kazakh, Russian passport": [("Жамбыл Жабаев", "Джамбул Джабаев"), ("Қонаев", "Кунаев"), ("Уәлиханов", "Валиханов")],
    "uzbek, 1995": [("Ўткир Ҳошимов", "Oʻtkir Hoshimov"), ("Ғафур Ғулом", "Gʻafur Gʻulom"), ("Чўлпон", "Choʻlpon")],
    "uzbek, 2019": [("Ўткир Ҳошимов", "Ötkir Hoşimov"), ("Чўлпон", "Çölpon"), ("Ғафур Ғулом", "Ğafur Ğulom")],
    "uzbek, 2023": [("Ўткир Ҳошимов", "Õtkir Hoşimov"), ("Чўлпон", "Cõlpon"), ("Ғафур Ғулом", "Ğafur Ğulom")],
    "uzbek, Russian": [("Gʻafur Gʻulom", "Гафур Гулям"), ("Oybek", "Айбек"), ("Toʻxtasin Jalolov", "Тухтасин Джалалов")],
    "turkmen": [("Сапармурат Ниязов", "Saparmyrat Nyýazow"), ("Курбангулы", "Gurbanguly"), ("Ровшан", "Röwşan")],
    "turkmen, Russian": [("Aşgabat", "Ашхабад"), ("Magtymguly Pyragy", "Махтумкули Фраги"), ("Garagum", "Каракумы")],
    "tajik, BGN": [("Садриддин Айнӣ", "Sadriddin Aynī"), ("Хуҷанд", "Khujand"), ("Қӯрғонтеппа", "Qūrghonteppa")],
    "tajik, Persian": [("Абулқосим Фирдавсӣ", "Abolqasem Ferdowsi"), ("Рӯдакӣ", "Roudaki"), ("Хусрав", "Khosrow")],
    "tajik, Russian": [("Хуҷанд", "Худжанд"), ("Ҳисор", "Гиссар"), ("Бобоҷон Ғафуров", "Бободжан Гафуров")],
    "kyrgyz": [("Чыңгыз Айтматов", "Chyngyz Aitmatov"), ("Жеңиш", "Jengish"), ("Токтогул Сатылганов", "Toktogul Satylganov")],
    "russian, GOST 7.79 A, ISO 9": [("Чернышевский", "Černyševskij"), ("Цветаева", "Cvetaeva"), ("Ющенко", "Ûŝenko")],
    "russian, GOST 7.79 B, ICAO": [("Хрущёв", "Khrushchev"), ("Юрий Гагарин", "Iurii Gagarin"), ("Жуков", "Zhukov")],
    "russian, scholarly": [("Достоевский", "Dostojevskij"), ("Чехов", "Čexov"), ("Жуковский", "Žukovskij")],
    "russian, German": [("Чехов", "Tschechow"), ("Хрущёв", "Chruschtschow"), ("Щукин", "Schtschukin"), ("Джафар", "Dschafar")],
    "russian, French": [("Чехов", "Tchekhov"), ("Пушкин", "Pouchkine"), ("Геннадий", "Guennadi")],
    "turkish": [("Джангир", "Cangir"), ("Шевкет", "Şevket"), ("Чингиз", "Çingiz")],
    "arabic articles": [
        ("Аль-Фараби", "Farabi"),
        ("Баһауддин Нақшбанд", "Baha ud-Din Naqshband"),
        ("Абдуррахман", "Abd al-Rahman"),
    ],
    "surname words": [
        ("Темир Асан уулу", "Temir Asan"),
        ("Анвар Карим ўғли", "Anvar Karim o'g'li"),
        ("Ахмад Дониш зода", "Ahmad Donish"),
    ],
    "kipchak j": [("Жүсіп", "Юсуп"), ("Жүніс", "Юнус"), ("Жақып", "Якуб")],
    "h and g": [("Гейдар Алиев", "Heydar Aliyev"), ("Ибрагим", "Ibrahim"), ("Герат", "Herat")],
}
ROWS = [(system, *pair) for system, pairs in SYSTEMS.items() for pair in pairs]


@pytest.mark.parametrize(("system", "one", "other"), ROWS, ids=[f"{row[0]}: {row[2]}" for row in ROWS])
def test_a_system_of_writing_is_recognised(system, one, other):
    assert stored_keys(one) & {key for clause in query_clauses(other) for key, _weight in clause}
    assert max(likeness(one, other), likeness(other, one)) >= 0.7, (skeletons(one), skeletons(other))


# Spellings that must share a reading, not only resemble each other.
ALIKE = {
    "ң with ғ or г": ["Шыңғыс", "Шингис", "Shynghys", "Shynggys", "Shyngys", "Şyñğys", "Şıñğıs", "Shyńǵys", "S'yn'g'ys"],
    "ң with ғ, Uzbek": ["Манғит", "Mangʻit", "Manğit", "Мангит", "Manghit"],
    "у, BGN": ["Қаратау", "Qarataū"],
    "у at the beginning, BGN and French": ["Уәлиханов", "Ūälīkhanov", "Oualikhanov"],
    "у, 2019": ["Дулат", "Dwlat"],
    "у at the end, 2019 and French": ["Ақсу", "Aqsw", "Aksou"],
    "ū of 2021 is a vowel": ["Тұрсын", "Tūrsyn"],
    "w of German stays": ["Владимир", "Wladimir"],
    "тж": ["Ахметжан", "Akhmetzhan", "Ahmetjan"],
    "sch for ж": ["Жуков", "Schukow"],
    "sch for ш": ["Шымкент", "Schymkent"],
    "joined with хан": ["Шыңғысхан", "Shynggyshan"],
    "sh before an": ["Рошан", "Roshan"],
    "я ю at the beginning": ["Ясауи", "Iasaui", "Yasaui"],
}


@pytest.mark.parametrize("spellings", ALIKE.values(), ids=ALIKE)
def test_spellings_share_a_reading(spellings):
    first, *others = (set(readings(normalise_name(spelling))) for spelling in spellings)

    for spelling, other in zip(spellings[1:], others, strict=True):
        assert first & other, (spelling, first, other)


@pytest.mark.parametrize(
    ("kazakh", "russian"),
    [("Ақтөбе", "Актюбинск"), ("Арал", "Аральск"), ("Қазалы", "Казалинск"), ("Петропавл", "Петропавловск")],
)
def test_a_russian_town_name_has_the_stem_of_the_kazakh_one(kazakh, russian):
    for stored, asked in ((kazakh, russian), (russian, kazakh)):
        assert stored_keys(stored) & {key for clause in query_clauses(asked) for key, weight in clause if weight >= STEM}


@pytest.mark.parametrize(("one", "other"), [("Шу", "Чу"), ("Shu", "Чу"), ("Şw", "Tschu")])
def test_a_name_of_two_sounds_is_found_by_the_class_of_its_consonant(one, other):
    assert stored_keys(one) & {key for clause in query_clauses(other) for key, _weight in clause}


@pytest.mark.parametrize(
    ("word", "sounds"),
    [
        ("шоқан", ("xokan",)),
        ("уәлиханов", ("valihanov",)),
        ("ўқтам", ("oktam",)),
        ("ғафур", ("gafur",)),
        ("джамбул", ("jambul",)),
        ("щукин", ("xukin",)),
        ("schtschukin", ("xukin",)),
        ("is'hoq", ("ishok", "ixok")),
        ("fathulla", ("fatula", "fathula")),
        ("жүсіп", ("jusip", "usip")),
        ("nusaý", ("nusa", "nusav")),
        ("ənvər", ("anvar",)),
        ("ŝ", ("x",)),
        ("ḥ", ("h",)),
        ("2024", ("2024",)),
        ("ьъ", ()),
    ],
)
def test_a_word_is_read_aloud(word, sounds):
    assert readings(word) == sounds


@pytest.mark.parametrize(
    ("native", "latin"),
    [("محمد", "Muhammad"), ("Խաչատրյան", "Khachatryan"), ("თბილისი", "Tbilisi")],
)
def test_other_scripts_are_read_through_ascii(native, latin):
    assert stored_keys(native) & stored_keys(latin)


def test_initials_find_the_full_name():
    assert likeness("А. Байтурсынов", "Ахмет Байтурсынов") > likeness("А. Байтурсынов", "Мырзакан Байтурсынов")
    assert likeness("Дж. Садыков", "Джамал Садыков") > 0.9


def test_an_initial_is_known_by_its_dot_or_its_single_letter():
    from vocabulary.names.tokens import words

    assert [word.initial for word in words("Sh. Rashidov, A B.Karimov Li")] == [True, False, True, True, False, False]


def test_a_father_s_name_more_or_less_changes_little():
    with_father = likeness("Чокан Валиханов", "Чокан Чингисович Валиханов")

    assert with_father > 1.2
    assert with_father > likeness("Чокан Валиханов", "Чокан Валиханович Сейдалин")
