"""Content in several languages."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from exchange.core.translated import Translated, TranslatedFormField, clean_translations
from institutions.models import Institution
from tests.factories import InstitutionFactory


@pytest.mark.parametrize(
    ("reader", "shown"),
    [("en", "Museum"), ("ru", "Музей"), ("tg", "Осорхона"), ("kk", "Музей"), ("uz", "Музей")],
)
def test_text_falls_back_to_the_languages_of_the_region(reader, shown):
    text = Translated({"en": "Museum", "ru": "Музей", "tg": "Осорхона"})

    with translation.override(reader):
        assert str(text) == shown


def test_text_falls_back_to_whatever_there_is():
    with translation.override("en"):
        assert str(Translated({"ky": "Музейи"})) == "Музейи"
        assert Translated({"ky": "Музейи"}).lang == "ky"


def test_clean_translations_drops_blanks_and_unknown_languages():
    assert clean_translations({"en": " a ", "ru": "  ", "xx": "b", "kk": 3}) == {"en": "a"}
    assert clean_translations(None) == {}


@pytest.mark.django_db
def test_field_keeps_a_translated():
    institution = InstitutionFactory(name={"en": "A", "ru": ""})

    assert Institution.objects.get(pk=institution.pk).name == {"en": "A"}


def test_form_field_wants_one_language():
    field = TranslatedFormField(label="Title")

    assert field.clean(["", "Музей", "", "", "", "", ""]) == {"ru": "Музей"}
    for blank in ("", "  "):
        with pytest.raises(Exception, match="required"):
            field.clean([blank] * 7)


def test_form_field_counts_a_line_break_once():
    field = TranslatedFormField(label="Summary", max_length=5, multiline=True)

    assert field.clean(["12\r\n45", "", "", "", "", "", ""]) == {"en": "12\n45"}


@pytest.mark.django_db
def test_model_field_holds_each_language_to_its_length():
    institution = InstitutionFactory.build(name={"en": "A", "ru": "Я" * 251})

    with pytest.raises(ValidationError, match="at most 250"):
        institution.clean_fields()


def test_html_is_escaped():
    with translation.override("en"):
        assert Translated({"en": "<b>"}).__html__() == "&lt;b&gt;"
