"""Words that say nothing in a search for programmes, people and institutions: they count little. Base forms; inflected ones are recognised."""

from functools import cache, lru_cache

from vocabulary.words.dictionaries import english_lemmas, russian_lemmas
from vocabulary.words.forms import CACHED, MORPHOLOGIES, is_cyrillic, possible_languages
from vocabulary.words.morphology import stems
from vocabulary.words.tokens import tokens

ENGLISH = """
course class lesson training program programme project event activity look search find seek need want wish require help let give get make take
how where best good great free new near like please show tell want learn study teach work job experience opportunity option offer possibility
specialist expert professional person people someone participant master maker skill participate join apply application speak know
information info detail list kind type sort way thing topic subject field area available interested interest relate various different
"""

RUSSIAN = """
курс занятие урок обучение учеба учёба учить учиться обучать обучаться научиться изучать изучение программа проект мероприятие
искать ищу поиск найти нужный нужно нуждаться надо требоваться хотеть хотеться желать помочь помощь подсказать можно возможно
лучший хороший бесплатный новый интересный интересовать интересоваться интерес доступный
специалист эксперт профессионал мастер человек люди участник участие участвовать подать заявка говорить говорящий владеть знать
работа работать опыт возможность вариант предложение информация сведение подробность список вид тип способ область сфера тема направление различный разный
"""

KAZAKH = """
курс сабақ дәріс оқу оқыту үйрену үйрету бағдарлама жоба шара іздеу іздеймін іздеп керек қажет қалау қалаймын көмек табу тап
жақсы үздік тегін жаңа қызықты маман сарапшы шебер кәсіпқой адам қатысушы қатысу өтінім өтініш жұмыс тәжірибе мүмкіндік ұсыныс
ақпарат мәлімет тізім түр тәсіл сала тақырып бағыт әртүрлі
"""

KYRGYZ = """
курс сабак окуу окутуу үйрөнүү үйрөтүү программа долбоор иш-чара издөө издейм издеп керек зарыл каалоо каалайм жардам табуу
жакшы мыкты акысыз жаңы кызыктуу адис эксперт уста адам катышуучу катышуу өтүнмө жумуш тажрыйба мүмкүнчүлүк сунуш
маалымат тизме түр ыкма тармак тема багыт ар-түрдүү
"""

UZBEK = """
kurs dars saboq oʻqish oʻqitish oʻrganish oʻrgatish dastur loyiha tadbir izlash izlayapman qidirish qidiryapman qidiraman kerak zarur lozim istayman xohlayman yordam topish
yaxshi bepul yangi qiziqarli mutaxassis ekspert usta odam kishi ishtirokchi ishtirok ariza ish tajriba imkoniyat taklif
maʼlumot roʻyxat tur usul soha mavzu yoʻnalish turli
курс дарс сабоқ ўқиш ўқитиш ўрганиш ўргатиш дастур лойиҳа тадбир излаш излаяпман қидириш қидиряпман керак зарур лозим истайман хоҳлайман ёрдам топиш
яхши бепул янги қизиқарли мутахассис эксперт уста одам киши иштирокчи иштирок ариза иш тажриба имконият таклиф
маълумот рўйхат тур усул соҳа мавзу йўналиш турли
"""

TAJIK = """
курс дарс таълим омӯзиш омӯхтан омӯзонидан барнома лоиҳа чорабинӣ ҷустуҷӯ меҷӯям кофтан лозим даркор зарур мехоҳам хоҳиш кӯмак ёрӣ ёфтан
хуб беҳтарин ройгон нав ҷолиб мутахассис коршинос усто одам шахс иштирокчӣ иштирок ариза дархост кор таҷриба имконият пешниҳод
маълумот рӯйхат навъ намуд усул соҳа мавзӯъ самт гуногун
"""

TURKMEN = """
kurs sapak okuw okatmak öwrenmek öwretmek maksatnama programma taslama çäre gözlemek gözleýärin gerek zerur isleýärin islemek kömek tapmak
gowy mugt täze gyzykly hünärmen bilermen ussa adam gatnaşyjy gatnaşmak arza iş tejribe mümkinçilik teklip
maglumat sanaw görnüş usul ugur tema dürli
"""

_CENTRAL_ASIAN = {"kk": KAZAKH, "ky": KYRGYZ, "uz": UZBEK, "tg": TAJIK, "tk": TURKMEN}


@lru_cache(CACHED)
def is_general_word(word: str) -> bool:
    """Words that say nothing in a search here, in any of the seven languages, inflected or not: they count little."""
    found = tokens(word)
    if not found:
        return False
    lemmas, of_language = _listed()
    word = found[0]
    if not lemmas.isdisjoint((word, *(russian_lemmas(word) if is_cyrillic(word) else english_lemmas(word)))):
        return True
    return any(
        not of_language[code].isdisjoint(stems(word, MORPHOLOGIES[code], derived=False)) for code in possible_languages(word)
    )


@cache
def _listed() -> tuple[frozenset[str], dict[str, frozenset[str]]]:
    """The lemmas of the Russian and English words, and the stems of the others by language."""
    words = tokens(ENGLISH) + tokens(RUSSIAN)
    lemmas = {lemma for word in words for lemma in (russian_lemmas(word) if is_cyrillic(word) else english_lemmas(word))}
    stem_lists = {
        code: frozenset(stems(word, MORPHOLOGIES[code], derived=False)[-1] for word in tokens(listed))
        for code, listed in _CENTRAL_ASIAN.items()
    }
    return frozenset(words) | lemmas, stem_lists
