import os
from gettext import GNUTranslations

import polib
import pytest

from exchange.core.message_files import compile_message_files, read_message_file, write_message_file
from exchange.reference.glossary import Glossary, fill_message_file

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


def message_file_of(*entries):
    messages = polib.POFile()
    for message, context in entries:
        messages.append(polib.POEntry(msgid=message, msgctxt=context))
    return messages


def test_compile_message_files_writes_what_gettext_reads(locale):
    (written,) = compile_message_files(locale)

    with written.open("rb") as file:
        translations = GNUTranslations(file)
    assert translations.gettext("Draft") == "Черновик"
    assert translations.gettext("Guess") == "Guess"
    assert translations.pgettext("button", "Close") == "Закрыть"


def test_compile_message_files_passes_over_what_is_up_to_date(locale):
    compile_message_files(locale)

    assert compile_message_files(locale) == []


def test_compile_message_files_compiles_again_after_an_edit(locale):
    (written,) = compile_message_files(locale)
    source = written.with_suffix(".po")
    source.write_text(PLAIN.replace("Черновик", "Набросок"), encoding="utf-8")
    later = written.stat().st_mtime + 5
    os.utime(source, (later, later))

    assert compile_message_files(locale) == [written]
    with written.open("rb") as file:
        assert GNUTranslations(file).gettext("Draft") == "Набросок"


def test_compile_message_files_leaves_no_temporary_files(locale):
    compile_message_files(locale)

    assert sorted(path.name for path in (locale / "ru" / "LC_MESSAGES").iterdir()) == ["django.mo", "django.po"]


def test_write_message_file_says_whether_the_file_changed(locale):
    path = locale / "ru" / "LC_MESSAGES" / "django.po"
    messages = read_message_file(path)
    write_message_file(messages, path)

    assert write_message_file(messages, path) is False
    messages.find("Draft").msgstr = "Набросок"
    assert write_message_file(messages, path) is True


@pytest.mark.parametrize(
    ("message", "context", "russian"),
    [
        ("Approve", "coordinator's button", "Согласовать"),
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
    assert glossary.translate("residency", "tg") == ""
    assert glossary.translate("residency", "ru") == "резиденция"


@pytest.mark.parametrize(
    ("message", "context", "tajik"),
    [("placement", None, "таъинот"), ("appointment", None, "ваколат"), ("Signatory", "team role", "Имзокунанда")],
)
def test_glossary_keeps_two_things_apart(glossary, message, context, tajik):
    assert glossary.translate(message, "tg", context) == tajik


def test_fill_message_file_never_overwrites(glossary):
    messages = message_file_of(("Draft", "application"), ("Published", "programme"))
    messages[0].msgstr = "Моё слово"

    assert fill_message_file(messages, "ru", glossary) == 1
    assert [entry.msgstr for entry in messages] == ["Моё слово", "Опубликовано"]


def test_fill_message_file_fills_once(glossary):
    messages = message_file_of(("Draft", "application"))
    fill_message_file(messages, "uz", glossary)

    assert fill_message_file(messages, "uz", glossary) == 0


def test_fill_message_file_leaves_plurals_to_a_translator(glossary):
    messages = polib.POFile()
    messages.append(polib.POEntry(msgid="seat", msgid_plural="seats", msgstr_plural={0: "", 1: ""}))

    assert fill_message_file(messages, "ru", glossary) == 0
