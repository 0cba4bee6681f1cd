"""Names of the six countries: in their own script, in Latin and in Russian letters, with gender forms.

The lists hold common given and family names; combinations do not refer to real people.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from profiles.states import NameKind


@dataclass(frozen=True)
class Spelling:
    """One spelling of a name, as its parts."""

    kind: str
    language: str
    given: str
    family: str
    patronymic: str = ""

    @property
    def short(self) -> str:
        return f"{self.given} {self.family}"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# ---- lists ----------------------------------------------------------------------------------------------------------

KK_MEN = _words(
    "Нұрлан Ерлан Арман Данияр Бауыржан Асқар Серік Қанат Айдар Тимур Ержан Мұрат Сәкен Дәурен Жандос Алмас Бекзат Олжас Рүстем "
    "Ғалым Самат Марат Талғат Әлихан Ілияс Еркін Абай Нұржан Айбек Қайрат Санжар Мейрам"
)
KK_WOMEN = _words(
    "Айгүл Гүлнар Әсел Динара Жанар Мәдина Сәуле Алия Айжан Бақытгүл Ләззат Назгүл Раушан Салтанат Шолпан Индира Ақмарал Меруерт "
    "Зәуре Қарлығаш Дана Гүлмира Жұлдыз Перизат Әйгерім Аружан Майра Ботагөз Зарина Ұлжан Қамар Сая"
)
KK_FAMILIES = _words(
    "Жұмабаев Нұрпейісов Ахметов Сейтқалиев Қасымов Омаров Смағұлов Әбдірахманов Байжанов Оспанов Төлегенов Есенов Мұқанов Тоқтаров "
    "Сүлейменов Ибраев Жақсыбеков Бекмұхамбетов Ысқақов Кенжебаев Рахымжанов Шәкіров Құсайынов Аманжолов Жүнісов Қалиев Мамытов "
    "Бекенов Серғазин Дүйсенов Нұрғалиев Жанұзақов Орынбаев Тілеубердиев Сағындықов Әлімбетов"
)
KK_FAMILIES_ALIKE = _words("Қуаныш Елубай Тұрсын Мұхтар Ерболат Асқарбек Құрман Бейсен")
KY_MEN = _words(
    "Азамат Бакыт Нурбек Эркин Талант Улан Мирлан Айбек Бекболот Чынгыз Жаныбек Кубат Темирлан Нурлан Канат Марат Алмаз Болот "
    "Тынчтык Данияр Максат Рыскул Өмүрбек Сыймык Акжол Эрмек Кайрат Уланбек Адилет"
)
KY_WOMEN = _words(
    "Айгүл Нургүл Жылдыз Чынара Айпери Бермет Гүлзат Жаңыл Каныкей Мээрим Нуриза Роза Самара Таалайкүл Элмира Айзада Бүбүсара Венера "
    "Гүлмира Жазгүл Салтанат Айчүрөк Мунара Асел Назира Рахат Толгонай Үмүт Гүлнара Анара"
)
KY_FAMILIES = _words(
    "Асанов Абдыкадыров Бекташев Жумабеков Исаков Кадыров Мамытов Орозбаев Осмонов Сыдыков Усубалиев Чотбаев Эсенгулов Алымкулов "
    "Турдубаев Кожоев Мамбетов Абдраимов Ибраимов Касымалиев Курманов Дүйшеев Турсунов Садыров Акматов Өмүралиев Жакыпов Бообеков "
    "Нурманбетов Тойчубеков Сарыгулов Калыков Эшимбеков Жапаров Матисаков Токтобаев"
)
TG_MEN = _words(
    "Рустам Фарҳод Далер Сӯҳроб Комрон Фирдавс Ҷамшед Парвиз Баҳром Муҳаммад Абдулло Саид Хуршед Манучеҳр Исмоил Зафар Шерзод Темур "
    "Алишер Ҳусейн Маҳмуд Насим Ғафур Қурбон Ҷаҳонгир Умед Фаррух Некрӯз Сомон Бахтиёр"
)
TG_WOMEN = _words(
    "Зарина Мадина Нигора Парвина Шаҳноза Манижа Фарзона Гулчеҳра Лола Мавҷуда Ситора Таҳмина Зулфия Дилором Муҳаббат Нилуфар Ҳафиза "
    "Саодат Рухшона Ойша Фотима Шаҳло Гулнора Меҳрангез Озода Ҷамила Моҳира Сабоҳат Мастура Наргис"
)
TG_FAMILIES = _words(
    "Раҳимов Саидов Назаров Шарипов Каримов Қурбонов Мирзоев Ҳакимов Юсупов Холов Давлатов Ғафуров Бобоев Алиев Исоев Ятимов Маҳмадов "
    "Сафаров Ҷӯраев Одинаев Гулов Шоев Ашӯров Раҷабов Неъматов Зоиров Пӯлодов Иброҳимов Азизов Икромов Тоҳиров Бобохонов"
)
TG_FAMILIES_ALIKE = _words("Раҳимзода Саидзода Шарифзода Қодирзода Ҳакимзода Мирзозода Назарзода Ҷӯразода Сафарзода Одиназода")
UZ_MEN = _words(
    "Shuhrat Jasur Otabek Bekzod Sardor Rustam Sherzod Ulugʻbek Farrux Akmal Dilshod Bobur Nodir Anvar Jahongir Aziz Botir Doniyor "
    "Eldor Gʻayrat Ilhom Javohir Komil Murod Oʻktam Ravshan Temur Zafar Sanjar Husan Bahodir Islom"
)
UZ_WOMEN = _words(
    "Dilnoza Gulnora Nilufar Shahnoza Zulfiya Malika Feruza Lola Madina Nargiza Barno Dildora Gulchehra Iroda Kamola Mohira Nodira "
    "Oydin Raʼno Sevara Umida Yulduz Zebo Saodat Mavluda Maftuna Charos Hulkar Oʻgʻiloy Munisa Shoira Robiya"
)
UZ_FAMILIES = _words(
    "Karimov Rahimov Yusupov Toshmatov Abdullayev Ergashev Mirzayev Xolmatov Sobirov Qodirov Nazarov Ismoilov Joʻrayev Tursunov Saidov "
    "Usmonov Hakimov Nurmatov Olimov Rasulov Sattorov Toʻxtayev Umarov Valiyev Xudoyberdiyev Yoʻldoshev Zokirov Gʻaniyev Haydarov "
    "Boboyev Mahmudov Normurodov Qosimov Shodiyev Eshonqulov Otaboyev"
)
TK_MEN = _words(
    "Myrat Serdar Döwlet Batyr Kerim Merdan Maksat Rahym Atamyrat Baýram Begenç Gurban Hemra Orazmyrat Perhat Resul Şöhrat Töre Wepa "
    "Ýazmyrat Ýusup Çary Nury Amanmyrat Allaberdi Guwanç Işan Eziz Kakajan"
)
TK_WOMEN = _words(
    "Ogulgerek Aýna Maral Gözel Jeren Bahar Aýgül Selbi Mähri Ogulbike Enejan Läle Sona Tawus Zöhre Akgül Bibi Çynar Gülşat Güljan Leýla "
    "Mahym Oguljan Şemşat Aýjemal Gunça Arzuw Ogulsapar Nurjemal"
)
TK_FAMILIES = _words(
    "Berdiýew Annaýew Ataýew Myradow Gurbanow Nuryýew Orazow Hojaýew Amanow Rejepow Garajaýew Durdyýew Meredow Saparow Jumaýew Kakajanow "
    "Baýramow Ýazow Çaryýew Öwezow Hallyýew Esenow Garryýew Rahymow Begliýew Taganow Döwletow Allaberdiýew Töräýew Amannazarow "
    "Hudaýberdiýew Nepesow Gylyjow Pirliýew"
)
EN_MEN = _words(
    "James Michael Daniel David Thomas Andrew Matthew Joseph Christopher Robert Samuel Benjamin Peter Luis Carlos Kenji Omar Nathan Paul "
    "Eric Marcus Henry Victor Adam Julian Isaac Rafael George Stephen Martin"
)
EN_WOMEN = _words(
    "Sarah Emily Anna Laura Rachel Margaret Katherine Elizabeth Maria Jessica Hannah Rebecca Julia Christine Grace Amy Naomi Teresa Claire "
    "Alice Mei Priya Sofia Ruth Diane Helen Nora Leila Joanna Miriam"
)
EN_FAMILIES = _words(
    "Anderson Bennett Brooks Carter Chen Collins Cooper Diaz Edwards Fisher Foster Garcia Gray Hayes Hughes Jensen Johnson Kim Lawrence Lee "
    "Lopez Martin Mitchell Morgan Murphy Nelson Nguyen Parker Patel Peterson Price Reed Rivera Robinson Ross Schneider Shaw Stewart Sullivan "
    "Taylor Thompson Torres Turner Walker Ward Weber White Wilson Wright Young"
)

# ---- letters --------------------------------------------------------------------------------------------------------

_RUSSIAN_LATIN = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюя",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "zh",
            "z",
            "i",
            "i",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
            "",
            "y",
            "",
            "e",
            "yu",
            "ya",
        ],
        strict=True,
    )
) | {"ё": "yo"}
LATIN_OF = {
    "kk": _RUSSIAN_LATIN | {"ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "і": "i"},
    "ky": _RUSSIAN_LATIN | {"ң": "n", "ө": "o", "ү": "u"},
    "tg": _RUSSIAN_LATIN | {"ғ": "gh", "ӣ": "i", "қ": "q", "ӯ": "u", "ҳ": "h", "ҷ": "j", "й": "y"},
}
RUSSIAN_OF = {
    "ә": "а",
    "ғ": "г",
    "қ": "к",
    "ң": "н",
    "ө": "о",
    "ұ": "у",
    "ү": "у",
    "һ": "х",
    "і": "и",
    "ӣ": "и",
    "ӯ": "у",
    "ҳ": "х",
    "ҷ": "дж",
    "ў": "у",
}
UZBEK_CYRILLIC = (
    *(
        ("oʻ", "ў"),
        ("gʻ", "ғ"),
        ("sh", "ш"),
        ("ch", "ч"),
        ("yў", "йў"),
        ("ya", "я"),
        ("yo", "ё"),
        ("yu", "ю"),
        ("ye", "е"),
        ("ʼ", "ъ"),
    ),
    *zip("abdefghijklmnopqrstuvxyz", "абдефгҳижклмнопқрстувхйз", strict=True),
)
TURKMEN_LATIN = {"ä": "a", "ç": "ch", "ň": "n", "ö": "o", "ş": "sh", "ü": "u", "ý": "y", "ž": "zh"}
VOWELS = "аәеёиіоөуұүыэюяӣӯў"


def latin_of(text: str, language: str) -> str:
    """A Kazakh, Kyrgyz or Tajik name in Latin letters, much as passports write it."""
    letters = LATIN_OF[language]
    result = ""
    before = ""
    for letter in text.lower():
        opens = not before or before in VOWELS
        result += "ye" if letter == "е" and opens and (before or language == "kk") else letters.get(letter, letter)
        before = letter
    return _capital(result)


def turkmen_latin(text: str) -> str:
    """A Turkmen name without the letters that only Turkmen has."""
    return _capital("".join(TURKMEN_LATIN.get(letter, letter) for letter in text.lower()))


def russian_of(text: str) -> str:
    """A Cyrillic name without the letters that Russian lacks."""
    return _capital("".join(RUSSIAN_OF.get(letter, letter) for letter in text.lower()))


def uzbek_cyrillic(text: str) -> str:
    """An Uzbek name in the older script, which many still write."""
    lowered = text.lower()
    if lowered.startswith("e"):
        lowered = "э" + lowered[1:]
    for latin, cyrillic in UZBEK_CYRILLIC:
        lowered = lowered.replace(latin, cyrillic)
    return _capital(lowered)


def uzbek_russian(text: str) -> str:
    """An Uzbek name as Russian documents have it."""
    cyrillic = uzbek_cyrillic(text).lower().replace("ъ", "").replace("ж", "дж")
    return russian_of(cyrillic)


def uzbek_plain(text: str) -> str:
    """An Uzbek name in letters that every keyboard has."""
    return text.replace("ʻ", "").replace("ʼ", "")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# ---- people ---------------------------------------------------------------------------------------------------------


def name_person(country: str, random: Random) -> tuple[bool, list[Spelling]]:
    """Whether it is a woman, and the spellings of her or his name: the native one first, and one in Latin letters."""
    woman = random.random() < 0.55
    return woman, MAKERS[country](random, woman)


def _spelled(language: str, parts: tuple[str, str, str], latin: Callable[[str], str]) -> list[Spelling]:
    given, family, patronymic = parts
    return [
        Spelling(NameKind.NATIVE, language, given, family, patronymic),
        Spelling(NameKind.LATIN, "en", latin(given), latin(family), latin(patronymic)),
    ]


def _with_russian(
    spellings: list[Spelling], random: Random, share: float, spell: Callable[[str], str] = russian_of
) -> list[Spelling]:
    if random.random() < share:
        native = spellings[0]
        russian = (spell(native.given), spell(native.family), spell(native.patronymic))
        spellings.append(Spelling(NameKind.RUSSIAN, "ru", *russian))
    return spellings


def _kazakh(random: Random, woman: bool) -> list[Spelling]:
    given = random.choice(KK_WOMEN if woman else KK_MEN)
    alike = random.random() < 0.15
    family = random.choice(KK_FAMILIES_ALIKE if alike else KK_FAMILIES) + ("а" if woman and not alike else "")
    father = random.choice(KK_MEN)
    patronymic = father + ("қызы" if woman else "ұлы") if random.random() < 0.75 else ""
    return _with_russian(_spelled("kk", (given, family, patronymic), lambda text: latin_of(text, "kk")), random, 0.5)


def _kyrgyz(random: Random, woman: bool) -> list[Spelling]:
    given = random.choice(KY_WOMEN if woman else KY_MEN)
    family = random.choice(KY_FAMILIES) + ("а" if woman else "")
    father = random.choice(KY_MEN)
    style = random.random()
    patronymic = (
        father + ("овна" if woman else "ович") if style < 0.6 else father + (" кызы" if woman else " уулу") if style < 0.75 else ""
    )
    return _with_russian(_spelled("ky", (given, family, patronymic), lambda text: latin_of(text, "ky")), random, 0.5)


def _tajik(random: Random, woman: bool) -> list[Spelling]:
    given = random.choice(TG_WOMEN if woman else TG_MEN)
    alike = random.random() < 0.3
    family = random.choice(TG_FAMILIES_ALIKE if alike else TG_FAMILIES) + ("а" if woman and not alike else "")
    father = random.choice([name for name in TG_MEN if name[-1] not in "оӣи"])
    patronymic = father + ("овна" if woman else "ович") if not alike and random.random() < 0.7 else ""
    return _with_russian(_spelled("tg", (given, family, patronymic), lambda text: latin_of(text, "tg")), random, 0.4)


def _uzbek(random: Random, woman: bool) -> list[Spelling]:
    given = random.choice(UZ_WOMEN if woman else UZ_MEN)
    family = random.choice(UZ_FAMILIES) + ("a" if woman else "")
    father = random.choice(UZ_MEN)
    style = random.random()
    patronymic = (
        father + (" qizi" if woman else " oʻgʻli")
        if style < 0.5
        else father + ("ovna" if woman else "ovich")
        if style < 0.85
        else ""
    )
    if random.random() < 0.35:  # those who learned to write before the Latin script came back
        cyrillic = (uzbek_cyrillic(given), uzbek_cyrillic(family), uzbek_cyrillic(patronymic))
        native = Spelling(NameKind.NATIVE, "uz", *cyrillic)
        return [native, Spelling(NameKind.LATIN, "uz", given, family, patronymic)]
    native = Spelling(NameKind.NATIVE, "uz", given, family, patronymic)
    latin = Spelling(NameKind.LATIN, "en", uzbek_plain(given), uzbek_plain(family), uzbek_plain(patronymic))
    spellings = [native, latin]
    if random.random() < 0.5:
        russian = (uzbek_russian(given), uzbek_russian(family), uzbek_russian(patronymic))
        spellings.append(Spelling(NameKind.RUSSIAN, "ru", *russian))
    return spellings


def _turkmen(random: Random, woman: bool) -> list[Spelling]:
    given = random.choice(TK_WOMEN if woman else TK_MEN)
    family = random.choice(TK_FAMILIES) + ("a" if woman else "")
    fathers = [name for name in TK_MEN if name[-1] not in "aeiyýçä" and not name.endswith(("t", "ry"))]
    patronymic = random.choice(fathers) + ("owna" if woman else "owiç") if random.random() < 0.7 else ""
    return _spelled("tk", (given, family, patronymic), turkmen_latin)


def _american(random: Random, woman: bool) -> list[Spelling]:
    given = random.choice(EN_WOMEN if woman else EN_MEN)
    return [Spelling(NameKind.NATIVE, "en", given, random.choice(EN_FAMILIES))]


MAKERS: dict[str, Callable[[Random, bool], list[Spelling]]] = {
    "KZ": _kazakh,
    "KG": _kyrgyz,
    "TJ": _tajik,
    "TM": _turkmen,
    "UZ": _uzbek,
    "US": _american,
}
