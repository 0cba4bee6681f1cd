"""The glossary and the message files agree: a term is translated by one word throughout."""

import csv
import re
from functools import cache

import pytest
from django.conf import settings

from exchange.core.interface_languages import TRANSLATED_LANGUAGES
from exchange.core.message_files import read_message_file
from exchange.reference.glossary import GLOSSARY, Glossary

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")
SHORT = "short menu"
"""The context of words that must fit eight letters; the glossary's words may be longer."""

TERMS = {
    # what a message says in English: the glossary's term, and how its translations begin, for all their endings
    r"placements?": ("placement", "направлен жолдама жолдомо yoʻllanma таъинот ýollanma"),
    r"appointments?": ("appointment", "назначен тағайында дайындоо tayinlov ваколат belleme"),
    r"desks?": ("desk", "кабинет кабинет кабинет kabinet кабинет otag"),
    r"approv\w*": ("Approve", "соглас мақұлда жактыр maʼqulla маъқул makulla"),
    r"programmes?": ("programme", "программ бағдарлам программ dastur барнома maksatnama"),
    r"applications?": ("application", "заяв өтінім табыштама ariza дархост arza"),
    r"experts?": ("expert", "эксперт сарапшы эксперт ekspert коршинос bilermen"),
    r"coordinators?": ("national coordinator", "координатор үйлестіруші координатор koordinator ҳамоҳангсоз utgaşdyryj"),
    r"agreements?": ("agreement", "соглашени келісім келишим bitim созишнома ylalaşy"),
    r"invitation letters?": ("invitation letter", "пригласительн хат кат xat даъватнома çakylyk"),
    r"waitlist": ("waitlist", "ожидани күту күтүү kutish интизорӣ garaşýanlar"),
    r"shortlist": ("shortlist", "коротк қысқа кыска qisqa кӯтоҳ gysga"),
    r"quotas?": ("quota", "квот квота квота kvota квота kwota"),
    r"conversations?": ("conversation", "бесед әңгіме маек suhbat суҳбат söhbetdeşli"),
    r"notifications?": ("notification", "уведомлени хабарландыру билдирме bildirishnoma огоҳинома bildiriş"),
    r"publications?": ("publications", "публикаци жариялан жарыялан nashr интишор -"),
    r"accounts?": ("account", "аккаунт аккаунт аккаунт hisob ҳисоб hasa"),
    r"passwords?": ("password", "парол сөз сырсөз parol рамз parol"),
    r"passkeys?": ("passkey", "ключ кілт ачкыч kalit калид açar"),
    r"profiles?": ("profile", "профил профил профил profil профил profil"),
    r"drafts?": ("Draft", "черновик қаралама каралама qoralama сиёҳнавис garalama"),
}

SAID_OTHERWISE = {
    ("ru", "Application progress"): "«Ход рассмотрения»: the heading stands on the application",
    (
        "ru",
        "Applicants rely on the published deadline: it can be moved to a later moment only. To stop earlier, close the programme.",
    ): "one closes the call, «приём»",
    ("ru", "View past and future programmes, or come back soon."): "the page names programmes just above",
    (
        "tg",
        (
            "All places of this programme that this country may take are confirmed. Nothing was changed: return or reject this one, "
            "or ask the host for more places."
        ),
    ): "“this one” is a placement",
}
"""Messages that rightly do without the term, and why."""


@cache
def messages(language):
    return [
        entry for folder in settings.LOCALE_PATHS for entry in read_message_file(folder / language / "LC_MESSAGES" / "django.po")
    ]


def glossary_rows():
    with GLOSSARY.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("language", TRANSLATED_LANGUAGES)
def test_a_message_that_is_a_term_has_the_translation_of_the_glossary(language):
    glossary = Glossary()
    ours = read_message_file(settings.LOCALE_PATHS[0] / language / "LC_MESSAGES" / "django.po")
    plain = [entry for entry in ours if not entry.msgid_plural and SHORT not in (entry.msgctxt or "")]

    agreed = {(entry.msgctxt, entry.msgid): glossary.translate(entry.msgid, language, entry.msgctxt) for entry in plain}

    assert sum(map(bool, agreed.values())) > 80
    differing = {entry.msgid: entry.msgstr for entry in plain if agreed[entry.msgctxt, entry.msgid] not in ("", entry.msgstr)}
    assert differing == {}


@pytest.mark.parametrize("english", TERMS)
def test_beginnings_of_words_are_those_of_the_glossary(english):
    term, stems = TERMS[english]
    (row,) = [row for row in glossary_rows() if row["en"] == term]

    for language, stem in zip(TRANSLATED_LANGUAGES, stems.split(), strict=True):
        assert stem == "-" or any(word.startswith(stem) for word in row[language].casefold().split()), (language, row[language])


@pytest.mark.parametrize("language", TRANSLATED_LANGUAGES)
@pytest.mark.parametrize("english", TERMS)
def test_a_term_is_translated_by_one_word_throughout(english, language):
    stem = TERMS[english][1].split()[TRANSLATED_LANGUAGES.index(language)]
    if stem == "-":
        return
    speaking = [
        entry
        for entry in messages(language)
        if re.search(rf"\b{english}\b", PLACEHOLDER.sub("", f"{entry.msgid} {entry.msgid_plural}"), re.IGNORECASE)
    ]

    other = {
        entry.msgid: text
        for entry in speaking
        for text in (entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr])
        if stem not in text.casefold() and (language, entry.msgid) not in SAID_OTHERWISE
    }

    assert speaking
    assert other == {}


def test_tajik_keeps_placements_and_appointments_apart():
    said = {entry.msgid: entry.msgstr.casefold() for entry in messages("tg") if not entry.msgid_plural}

    mixed = [
        text
        for text, tajik in said.items()
        if ("таъинот" in tajik and "placement" not in text.casefold() and ("tg", text) not in SAID_OTHERWISE)
        or ("ваколат" in tajik and re.search(r"\bplacement", text))
    ]
    assert mixed == []


def test_a_desk_is_no_piece_of_furniture():
    """Calques of the desk of a computer."""
    calques = {"ru": "рабоч\\w+ стол", "kk": "үстел", "ky": "столу", "uz": "ish stoli", "tg": "\\bмизи", "tk": "iş stoly"}

    found = [
        entry.msgstr
        for language, words in calques.items()
        for entry in messages(language)
        if re.search(words, entry.msgstr.casefold())
    ]

    assert found == []
