import os
from gettext import GNUTranslations

import polib
import pytest

from exchange.core.message_files import compile_catalogues, read_catalogue, write_catalogue
from exchange.reference.glossary import Glossary, fill_catalogue

PLAIN = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Language: ru\\n"

msgid "Draft"
msgstr "Черновик"

#, fuzzy
msgid "Guess"
msgstr "Догадка"

msgctxt "button"
msgid "Close"
msgstr "Закрыть"
"""


@pytest.fixture
def locale(tmp_path):
    folder = tmp_path / "ru" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(PLAIN, encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def glossary():
    return Glossary()


def catalogue_of(*entries):
    catalogue = polib.POFile()
    for message, context in entries:
        catalogue.append(polib.POEntry(msgid=message, msgctxt=context))
    return catalogue


def test_compile_catalogues_writes_what_gettext_reads(locale):
    (written,) = compile_catalogues(locale)

    with written.open("rb") as file:
        translations = GNUTranslations(file)
    assert translations.gettext("Draft") == "Черновик"
    assert translations.gettext("Guess") == "Guess"
    assert translations.pgettext("button", "Close") == "Закрыть"


def test_compile_catalogues_passes_over_what_is_up_to_date(locale):
    compile_catalogues(locale)

    assert compile_catalogues(locale) == []


def test_compile_catalogues_compiles_again_after_an_edit(locale):
    (written,) = compile_catalogues(locale)
    source = written.with_suffix(".po")
    source.write_text(PLAIN.replace("Черновик", "Набросок"), encoding="utf-8")
    later = written.stat().st_mtime + 5
    os.utime(source, (later, later))

    assert compile_catalogues(locale) == [written]
    with written.open("rb") as file:
        assert GNUTranslations(file).gettext("Draft") == "Набросок"


def test_compile_catalogues_leaves_no_temporary_files(locale):
    compile_catalogues(locale)

    assert sorted(path.name for path in (locale / "ru" / "LC_MESSAGES").iterdir()) == ["django.mo", "django.po"]


def test_write_catalogue_says_whether_the_file_changed(locale):
    path = locale / "ru" / "LC_MESSAGES" / "django.po"
    catalogue = read_catalogue(path)
    write_catalogue(catalogue, path)

    assert write_catalogue(catalogue, path) is False
    catalogue.find("Draft").msgstr = "Набросок"
    assert write_catalogue(catalogue, path) is True


@pytest.mark.parametrize(
    ("message", "context", "russian"),
    [
        ("Approve", "coordinator's button", "Одобрить"),
        ("Funding", None, "Финансирование"),
        ("funding", None, "финансирование"),
        ("Review", None, "Рассмотреть"),
        ("review", None, "рецензия"),
        ("Review", "noun", "Рецензия"),
        ("Search", "noun; label of the search box", "Поиск"),
        ("Search", "verb; button", "Найти"),
        ("Kazakhstan", "country name", "Казахстан"),
        ("English", "language name", "Английский"),
        ("%(count)s results", None, "Найдено: %(count)s"),
        ("Everyone", "visibility", "Все"),
    ],
)
def test_glossary_translates_a_term(glossary, message, context, russian):
    assert glossary.translate(message, "ru", context) == russian


@pytest.mark.parametrize(
    ("message", "context"),
    [
        ("Read", "verb: read these texts"),  # the glossary has the status of a message
        ("Shortlist", "button"),  # the glossary's shortlist is a noun
        ("read", None),  # its Read is what happened to a message
        ("sent", "mail"),
        ("Online", "modality"),  # its Online is a person connected now
        ("FUNDING", None),
        ("No such term", None),
    ],
)
def test_glossary_does_not_guess(glossary, message, context):
    assert glossary.translate(message, "ru", context) == ""


def test_glossary_leaves_open_what_it_does_not_know(glossary):
    assert glossary.translate("placement", "tg") == ""
    assert glossary.translate("placement", "ru") == "направление"


def test_fill_catalogue_never_overwrites(glossary):
    catalogue = catalogue_of(("Draft", "application"), ("Published", "programme"))
    catalogue[0].msgstr = "Моё слово"

    assert fill_catalogue(catalogue, "ru", glossary) == 1
    assert [entry.msgstr for entry in catalogue] == ["Моё слово", "Опубликовано"]


def test_fill_catalogue_fills_once(glossary):
    catalogue = catalogue_of(("Draft", "application"))
    fill_catalogue(catalogue, "uz", glossary)

    assert fill_catalogue(catalogue, "uz", glossary) == 0


def test_fill_catalogue_leaves_plurals_to_a_translator(glossary):
    catalogue = polib.POFile()
    catalogue.append(polib.POEntry(msgid="seat", msgid_plural="seats", msgstr_plural={0: "", 1: ""}))

    assert fill_catalogue(catalogue, "ru", glossary) == 0
