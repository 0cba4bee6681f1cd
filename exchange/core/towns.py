"""Names of towns in the interface languages: a town may be typed in any spelling and is shown in the reader's language.

A town that is not in the table is shown as it was typed. The first line of the table names the languages of its columns. For an empty
cell, or a language without a column, the name in `town_names` of that language is used (`interface_languages.py`).
"""

import functools
import unicodedata
from collections.abc import Mapping

from django.utils.translation import get_language

from exchange.core.interface_languages import BY_CODE, SOURCE_LANGUAGE
from exchange.core.text import normalise_text

TABLE = """
en             | ru           | kk         | ky          | uz            | tg           | tk
Almaty         | Алматы       | Алматы     | Алматы      | Olmaota       | Алмаато      | Almaty
Astana         | Астана       | Астана     | Астана      | Ostona        | Остона       | Astana
Turkistan      | Туркестан    | Түркістан  | Түркистан   | Turkiston     | Туркистон    | Türküstan
Shymkent       | Шымкент      | Шымкент    | Чымкент     | Chimkent      | Чимкент      | Çimkent
Semey          | Семей        | Семей      | Семей       | Semey         | Семей        | Semeý
Karaganda      | Караганда    | Қарағанды  | Караганды   | Qaragʻanda    | Қарағанда    | Karaganda
Taraz          | Тараз        | Тараз      | Тараз       | Taroz         | Тароз        | Taraz
Aktobe         | Актобе       | Ақтөбе     | Актөбө      | Oqtoʻba       |              | Aktöbe
Aktau          | Актау        | Ақтау      | Актау       | Oqtov         |              | Aktau
Pavlodar       | Павлодар     | Павлодар   | Павлодар    | Pavlodar      | Павлодар     | Pawlodar
Esik           | Есик         | Есік       | Эсик        |               |              |
Berel          | Берель       | Берел      |             |               |              |
Karabastau     | Карабастау   | Қарабастау |             |               |              |
Shauildir      | Шаульдер     | Шәуілдір   |             |               |              |
Bishkek        | Бишкек       | Бішкек     | Бишкек      | Bishkek       | Бишкек       | Bişkek
Osh            | Ош           | Ош         | Ош          | Oʻsh          | Ӯш           | Oş
Talas          | Талас        | Талас      | Талас       | Talas         | Талас        | Talas
Tokmok         | Токмок       | Тоқмақ     | Токмок      | Toʻqmoq       |              | Tokmak
Uzgen          | Узген        | Өзген      | Өзгөн       | Oʻzgan        | Ӯзган        | Özgen
Cholpon-Ata    | Чолпон-Ата   | Шолпан-Ата | Чолпон-Ата  | Choʻlponota   |              | Çolpon-Ata
Karakol        | Каракол      | Қаракөл    | Каракол     | Qorakoʻl      |              |
Naryn          | Нарын        | Нарын      | Нарын       | Norin         | Норин        | Naryn
Dushanbe       | Душанбе      | Душанбе    | Дүйшөмбү    | Dushanbe      | Душанбе      | Duşenbe
Khujand        | Худжанд      | Хужанд     | Кожент      | Xoʻjand       | Хуҷанд       | Hojant
Hisor          | Гиссар       |            |             | Hisor         | Ҳисор        | Hisar
Istaravshan    | Истаравшан   |            |             | Istaravshan   | Истаравшан   | Istarawşan
Khorog         | Хорог        |            |             | Xorugʻ        | Хоруғ        | Horog
Panjakent      | Пенджикент   |            |             | Panjakent     | Панҷакент    | Penjikent
Kulob          | Куляб        |            |             | Koʻlob        | Кӯлоб        | Kulýap
Bokhtar        | Бохтар       |            |             | Boxtar        | Бохтар       | Bohtar
Vose           | Восе         |            |             |               | Восеъ        |
Ashgabat       | Ашхабад      | Ашғабат    | Ашхабад     | Ashxobod      | Ашқобод      | Aşgabat
Mary           | Мары         | Мары       | Мары        | Mari          | Марӣ         | Mary
Turkmenabat    | Туркменабад  |            |             | Turkmanobod   | Туркманобод  | Türkmenabat
Dashoguz       | Дашогуз      |            |             | Toshhovuz     | Дашоғуз      | Daşoguz
Balkanabat     | Балканабад   |            |             | Bolqonobod    |              | Balkanabat
Turkmenbashi   | Туркменбаши  |            |             | Turkmanboshi  | Туркманбошӣ  | Türkmenbaşy
Koneurgench    | Кёнеургенч   |            |             | Koʻhna Urganch| Кӯҳна Урганҷ | Köneürgenç
Anau           | Аннау        |            |             |               |              | Änew
Bagyr          | Багир        |            |             |               |              | Bagyr
Bayramaly      | Байрамали    |            |             |               |              | Baýramaly
Tashkent       | Ташкент      | Ташкент    | Ташкент     | Toshkent      | Тошканд      | Daşkent
Samarkand      | Самарканд    | Самарқанд  | Самарканд   | Samarqand     | Самарқанд    | Samarkant
Bukhara        | Бухара       | Бұқара     | Бухара      | Buxoro        | Бухоро       | Buhara
Khiva          | Хива         | Хиуа       | Хива        | Xiva          | Хева         | Hywa
Kokand         | Коканд       | Қоқан      | Кокон       | Qoʻqon        | Хӯқанд       | Kokant
Nukus          | Нукус        | Нөкіс      | Нукус       | Nukus         | Нукус        | Nukus
Termez         | Термез       | Термез     | Термез      | Termiz        | Тирмиз       | Termez
Shahrisabz     | Шахрисабз    |            |             | Shahrisabz    | Шаҳрисабз    | Şahrisebz
Fergana        | Фергана      | Ферғана    | Фергана     | Fargʻona      | Фарғона      | Fergana
Margilan       | Маргилан     |            |             | Margʻilon     | Марғелон     | Margilan
Andijan        | Андижан      | Әндіжан    | Анжиян      | Andijon       | Андиҷон      | Andijan
Namangan       | Наманган     | Наманган   | Наманган    | Namangan      | Намангон     | Namangan
Urgench        | Ургенч       | Үргеніш    | Үргөнч      | Urganch       | Урганҷ       | Ürgenç
Karshi         | Карши        | Қаршы      | Карши       | Qarshi        | Қаршӣ        | Garşy
Alexandria     | Александрия  |            |             |               |              |
Andover        | Андовер      |            |             |               |              |
Bloomington    | Блумингтон   |            |             |               |              |
Boston         | Бостон       |            |             | Boston        |              | Boston
Buffalo        | Буффало      |            |             |               |              |
Cambridge      | Кембридж     |            |             |               |              |
Chicago        | Чикаго       |            |             | Chikago       |              | Çikago
Cooperstown    | Куперстаун   |            |             |               |              |
Los Angeles    | Лос-Анджелес |            | Лос-Анжелес | Los-Anjeles   | Лос-Анҷелес  | Los-Anjeles
Martinsville   | Мартинсвилл  |            |             |               |              |
Natchitoches   | Накитош      |            |             |               |              |
New Haven      | Нью-Хейвен   |            |             |               |              |
New York       | Нью-Йорк     |            |             | Nyu-York      | Ню-Йорк      | Nýu-Ýork
Philadelphia   | Филадельфия  |            |             | Filadelfiya   | Филаделфия   | Filadelfiýa
San Francisco  | Сан-Франциско|            |             | San-Fransisko | Сан-Франсиско| San-Fransisko
Santa Fe       | Санта-Фе     |            |             |               |              |
St. Louis      | Сент-Луис    |            |             |               |              |
Suitland       | Сутленд      |            |             |               |              |
Washington, DC | Вашингтон    |            |             | Vashington    |              | Waşington
Winterthur     | Винтертур    |            |             |               |              |
"""


def town(name: str, language: str | None = None) -> str:
    """The town's name in `language` (the reader's when not given); `name` itself for an unknown town."""
    names = _by_spelling().get(_folded(name))
    if names is None:
        return name
    code = (language or get_language() or SOURCE_LANGUAGE).split("-")[0]
    known = BY_CODE.get(code, BY_CODE[SOURCE_LANGUAGE])
    return names.get(code) or names.get(known.town_names) or names[SOURCE_LANGUAGE]


def town_key(name: str) -> str:
    """A key that is the same for all spellings of a town, for filters and counts."""
    return normalise_text(town(name, "en"))


def town_of_key(key: str) -> str:
    """The name of a town, by its key, in the reader's language."""
    names = _by_key().get(key)
    return town(names) if names else key.title()


@functools.cache
def _by_key() -> Mapping[str, str]:
    return {normalise_text(names["en"]): names["en"] for names in _by_spelling().values()}


def spellings(name: str) -> list[str]:
    """Every name of this town, the typed one first: what the search index holds."""
    return list(dict.fromkeys([name, *_by_spelling().get(_folded(name), {}).values()]))


@functools.cache
def _by_spelling() -> Mapping[str, Mapping[str, str]]:
    found: dict[str, Mapping[str, str]] = {}
    languages, *rows = ([cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines())
    for cells in rows:
        names = {language: cell for language, cell in zip(languages, cells, strict=True) if cell}
        for spelling in names.values():
            found.setdefault(_folded(spelling), names)
    return found


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold().replace("ё", "е").replace("'", "ʻ").replace("’", "ʻ").strip()
