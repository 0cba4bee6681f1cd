"""The messages of Django, allauth and the other libraries, in our languages: found in the libraries, not listed here."""

import re
from functools import cache
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.forms import CharField, DateField, EmailField, IntegerField, URLField
from django.template.defaultfilters import filesizeformat
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.timesince import timesince
from django.utils.translation import gettext, npgettext, pgettext

from accounts.models import User
from exchange.core.interface_languages import TRANSLATED_LANGUAGES
from exchange.core.message_files import read_message_file
from exchange.reference import library_messages as library
from exchange.reference.library_messages import LibraryMessage, library_messages, messages_of_module, messages_of_template

LIBRARY_FILES = settings.LOCALE_PATHS[1]
CYRILLIC = ("ru", "kk", "ky", "tg")
PLACEHOLDER = re.compile(r"%\(\w+\)[sdr]|%[sd]|\{\w+\}")
CODES = re.compile(r"\[?\b(?:YYYY-MM-DD|HH:MM|DD|TZ)\b[^ )]*|\[?\[?\[HH:\]MM:\]ss\[\.uuuuuu\]|ss\[|:ss|uuuuuu|TZ")
PROPER = {
    "JSON",
    "URL",
    "UUID",
    "IP",
    "IPv4",
    "IPv6",
    "PIN",
    "ManagementForm",
    "None",
    "True",
    "False",
    "a-z",
    "A-Z",
    "slug",
    "e-mail",
    "E-mail",
}
"""Words that are the same in every alphabet."""
SAME = {"IPv4", "IPv6", "%s KB", "%s MB", "%s GB", "%s TB", "%s PB"}
"""Messages that Latin alphabets write as English does."""
NUMBERS = range(1, 130)


@cache
def entries(language):
    return read_message_file(LIBRARY_FILES / language / "LC_MESSAGES" / "django.po")


def key(message):
    return message.context, message.text, message.plural


def shown(message, number=1):
    """What a page shows of the message, before its placeholders are filled."""
    if message.plural:
        return (
            npgettext(message.context, message.text, message.plural, number)
            if message.context
            else translation.ngettext(message.text, message.plural, number)
        )
    return pgettext(message.context, message.text) if message.context else gettext(message.text)


def has_words(text):
    return re.search(r"[^\W\d_]", PLACEHOLDER.sub("", text)) is not None


def test_libraries_are_searched():
    """A finder that finds nothing would let every other test of this module pass."""
    places = set(library_messages().values())

    assert len(library_messages()) > 250
    assert {
        "django/forms/fields.py",
        "django/core/validators.py",
        "django/contrib/auth/password_validation.py",
        "django/utils/timesince.py",
        "django/utils/dates.py",
        "django/template/defaultfilters.py",
        "allauth/account/adapter.py",
        "allauth/mfa/adapter.py",
        "allauth/templates/mfa/email/totp_activated_message.txt",
    } <= places


def test_calls_of_gettext_are_found():
    source = """
class F:
    description = _("Not shown")
    message = _("A text")
    def _description(self):
        return _("Nor this")
    other = pgettext_lazy("place", "Other"), ngettext("%d day", "%d days", n), npgettext_lazy("c", "one", "many", "n")
    variable = _(name)
"""
    assert set(messages_of_module(source)) == {
        LibraryMessage("", "A text", ""),
        LibraryMessage("place", "Other", ""),
        LibraryMessage("", "%d day", "%d days"),
        LibraryMessage("c", "one", "many"),
    }


def test_tags_of_templates_are_found():
    source = """{% load i18n %}{% if a %}{% translate "Yes" context "answer" %}{% trans variable %}{% endif %}
    {% blocktranslate count n=n trimmed %}
      {{ n }} day
    {% plural %}
      {{ n }} days
    {% endblocktranslate %}"""

    assert set(messages_of_template(source)) == {LibraryMessage("answer", "Yes", ""), LibraryMessage("", "%(n)s day", "%(n)s days")}


@pytest.mark.parametrize("language", TRANSLATED_LANGUAGES)
def test_files_hold_the_messages_of_the_installed_libraries(language):
    """When this fails, a library has new messages: `make messages`, then translate them."""
    held = {(entry.msgctxt or "", entry.msgid, entry.msgid_plural or "") for entry in entries(language)}

    assert held == {key(message) for message in library_messages()}


@pytest.mark.parametrize("language", TRANSLATED_LANGUAGES)
def test_every_message_has_a_translation_of_its_own(language):
    left = []
    with translation.override(language):
        for message in library_messages():
            texts = {shown(message, number) for number in NUMBERS} if message.plural else {shown(message)}
            english = {message.text, message.plural}
            if not has_words(message.text) or (language not in CYRILLIC and message.text in SAME) or message.text in PROPER:
                continue
            left += [
                (message.text, text)
                for text in texts
                if not text.strip() or (text in english and not spelled_alike(language, text))
            ]

    assert left == []


def spelled_alike(language, text):
    """Months and other words of Latin alphabets that happen to be spelled as in English."""
    return language in ("uz", "tk") and text in {"May", "apr", "mar", "may"}


@pytest.mark.parametrize("language", TRANSLATED_LANGUAGES)
def test_every_translation_is_in_our_own_file(language):
    assert [entry.msgid for entry in entries(language) if not entry.translated() or entry.fuzzy] == []


@pytest.mark.parametrize("language", TRANSLATED_LANGUAGES)
def test_placeholders_are_those_of_the_message(language):
    with translation.override(language):
        texts = [
            (message, shown(message, number)) for message in library_messages() for number in (NUMBERS if message.plural else [1])
        ]

    wrong = [
        (message.text, text)
        for message, text in texts
        if sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(message.plural or message.text))
    ]
    assert wrong == []


@pytest.mark.parametrize("language", CYRILLIC)
def test_no_english_word_is_left_in_a_cyrillic_translation(language):
    left = {}
    with translation.override(language):
        for message in library_messages():
            plain = CODES.sub("", PLACEHOLDER.sub("", shown(message, 5)))
            words = {word.rstrip("-") for word in re.findall(r"[A-Za-z][A-Za-z-]*\d?", plain)} - PROPER
            if words:
                left[message.text] = words

    assert left == {}


@pytest.mark.parametrize("language", ["uz", "tk"])
def test_latin_translations_use_the_letters_of_their_alphabet(language):
    """Uzbek writes ʻ and ʼ, which are letters; Cyrillic and English quotation have no place here."""
    with translation.override(language):
        found = [text for text in map(shown, library_messages()) if re.search(r"['‘`]|[а-яё]", text, re.IGNORECASE)]

    assert found == []


@pytest.mark.parametrize("language", TRANSLATED_LANGUAGES)
def test_a_unit_stands_apart_from_its_number(language):
    """Not "500бит"."""
    with translation.override(language):
        found = [text for text in map(shown, library_messages()) if re.search(r"%(\(\w+\))?[sd](?=[^\W\d_])|[^\W\d_]%\(", text)]

    assert found == []


@pytest.mark.parametrize("language", TRANSLATED_LANGUAGES)
def test_plural_forms_are_complete(language):
    messages = entries(language)
    forms = library.number_of_forms(messages.metadata["Plural-Forms"])

    assert {len(entry.msgstr_plural) for entry in messages if entry.msgid_plural} == {forms}
    ours = read_message_file(settings.LOCALE_PATHS[0] / language / "LC_MESSAGES" / "django.po")
    assert messages.metadata["Plural-Forms"] == ours.metadata["Plural-Forms"]


def test_russian_plural_forms_follow_the_number():
    now = timezone.now()

    def ago(days):
        return timesince(now - timezone.timedelta(days=days), now).replace("\xa0", " ")

    with translation.override("ru"):
        assert [ago(1), ago(2), ago(5)] == ["1 день", "2 дня", "5 дней"]
        assert [filesizeformat(size).replace("\xa0", " ") for size in (21, 500, 502)] == ["21 байт", "500 байт", "502 байта"]


@pytest.mark.parametrize(
    ("language", "minutes", "size", "required"),
    [
        ("ru", "5 минут", "500 байт", "Обязательное поле."),
        ("kk", "5 минут", "500 байт", "Бұл өрісті толтыру міндетті."),
        ("ky", "5 мүнөт", "500 байт", "Бул талааны толтуруу милдеттүү."),
        ("uz", "5 daqiqa", "500 bayt", "Bu maydonni toʻldirish shart."),
        ("tg", "5 дақиқа", "500 байт", "Ин майдонро пур кардан ҳатмист."),
        ("tk", "5 minut", "500 baýt", "Bu meýdançany doldurmak hökman."),
    ],
)
def test_what_people_met_in_english(language, minutes, size, required):
    now = timezone.now()
    with translation.override(language):
        assert timesince(now - timezone.timedelta(minutes=5), now).replace("\xa0", " ") == minutes
        assert filesizeformat(500).replace("\xa0", " ") == size
        with pytest.raises(ValidationError) as refused:
            CharField().clean("")
        assert refused.value.messages == [required]


@pytest.mark.parametrize("language", TRANSLATED_LANGUAGES)
def test_rules_and_refusals_of_forms_are_not_english(language):
    """Rendered as a page renders them: with their values."""
    with translation.override("en"):
        english = refusals()
    with translation.override(language):
        ours = refusals()

    assert len(ours) == len(english)
    assert not set(ours) & set(english)
    assert [text for text in ours if "%" in text or "{" in text] == []


def refusals():
    user = User(email="gulnora.karimova@example.org")
    texts = []
    for check, value in [
        (lambda text: validate_password(text, user), "gulnora"),
        (lambda text: validate_password(text, user), "1234567"),
        (EmailField().clean, "nobody"),
        (URLField(assume_scheme="https").clean, "no address"),
        (IntegerField(min_value=5).clean, "4"),
        (IntegerField().clean, "four"),
        (DateField().clean, "31 February"),
        (CharField(max_length=3).clean, "four"),
    ]:
        with pytest.raises(ValidationError) as refused:
            check(value)
        texts += refused.value.messages
    return texts


def test_update_adds_what_is_new_and_drops_what_is_gone(tmp_path, monkeypatch):
    new = LibraryMessage("", "A message of the next version", "")
    kept, _gone, *_rest = library_messages()
    monkeypatch.setattr(library, "library_messages", lambda: dict.fromkeys([kept, new], "django/x.py"))
    path = tmp_path / "kk" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text((LIBRARY_FILES / "kk" / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8"), encoding="utf-8")
    translated = entries("kk").find(kept.text, msgctxt=kept.context or False).msgstr

    library.update_library_files(tmp_path, settings.LOCALE_PATHS[0])

    messages = polib.pofile(str(path))
    assert {entry.msgid: entry.msgstr for entry in messages} == {kept.text: translated, new.text: ""}


@pytest.mark.parametrize(
    "place", ["django/contrib/flatpages/forms.py", "allauth/socialaccount/models.py", "django/contrib/admin/sites.py"]
)
def test_apps_that_are_not_on_our_pages_are_left_out(place):
    assert not library.is_met(place)


@pytest.mark.parametrize(
    "name", ["account_request_login_code", "account_signup_by_passkey", "account_change_phone", "password_change"]
)
def test_pages_whose_messages_are_left_out_do_not_exist(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_fields_whose_messages_are_left_out_are_not_used():
    kinds = {type(field).__name__ for model in apps.get_models() for field in model._meta.get_fields()}

    assert not {kind for kind in kinds if "Range" in kind or kind == "HStoreField"}


def test_of_humanize_only_the_filter_without_texts_is_used():
    others = re.compile(r"\|(apnumber|intword|naturalday|naturaltime|ordinal)\b|humanize import (?!intcomma$)", re.MULTILINE)
    root = Path(settings.BASE_DIR)
    files = [
        *(root / "templates").rglob("*.*"),
        *(path for app in root.iterdir() if (app / "apps.py").exists() for path in app.rglob("*.py")),
    ]

    assert len(files) > 200
    assert [path for path in files if others.search(path.read_text(encoding="utf-8"))] == []


def test_every_excluded_file_exists():
    """A name that a new version of a library no longer has would exclude nothing."""
    packages = Path(polib.__file__).parent

    assert [place for place in library.NOT_MET if "/" in place and not (packages / place).exists()] == []
