from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from programs.models import Program

pytestmark = pytest.mark.django_db

WALLS = "demo-wall-painting-conservators-exchange"
PAPER = "demo-paper-miniature-masterclass"


def mistakes(folder):
    err = StringIO()
    with pytest.raises(CommandError, match="nothing was imported"):
        call_command("import_reference", "--data", str(folder.path), "--demo", stdout=StringIO(), stderr=err)
    assert not Program.objects.exists()
    return err.getvalue().splitlines()


def edited(texts, **changes):
    return texts | changes


@pytest.mark.parametrize(
    ("key", "value", "place", "text"),
    [
        ("concepts", ["silk", "magic"], "concepts[2]", "'magic' is not known"),
        ("fields", ["magic"], "fields[1]", "'magic' is not known"),
        ("fields", [], "fields", "at least 1 item"),
        ("concepts", ["silk", "silk"], "concepts", "'silk' appears twice"),
        ("title", lambda texts: edited(texts, fr="Peintures"), "title", "'fr' is no language of the interface: en, ru"),
        ("title", {"en": "Walls"}, "title", "has no text in 'ru'"),
        ("title", {"en": "Walls", "ru": " "}, "title", "'ru' is empty"),
        ("title", {"en": "Walls", "ru": "с" * 201}, "title", "'ru' has 201 characters, at most 200 fit"),
        ("summary", lambda texts: edited(texts, en="Apply now!"), "summary", "'en' does not say 'Demonstration record"),
        ("summary", lambda texts: edited(texts, tg="Шитобед!"), "summary", "'tg' does not say 'Сабти намоишӣ"),
        ("funding", lambda texts: edited(texts, en=7), "funding.en", "valid string"),
        ("participants", {"en": "Masters"}, "participants", "has no text in 'ru'"),
        (
            "rubric",
            lambda lines: [edited(lines[0], weight=lines[0]["weight"] + 1), *lines[1:]],
            "rubric",
            "the weights add up to 101, not 100",
        ),
        ("rubric", lambda lines: [edited(lines[0], weight="40"), *lines[1:]], "rubric[1].weight", "valid integer"),
        ("rubric", lambda lines: [edited(lines[0], title={"en": "Skill"}), *lines[1:]], "rubric[1].title", "has no text in 'ru'"),
        ("questions", lambda asked: [edited(asked[0], kind="essay"), *asked[1:]], "questions[1].kind", "'short', 'long'"),
        (
            "questions",
            [{"kind": "one_of", "text": {"en": "Which?", "ru": "Какой?"}, "required": True}],
            "questions[1].options",
            "'one_of' needs at least two",
        ),
        (
            "questions",
            [
                {
                    "kind": "date",
                    "text": {"en": "When?", "ru": "Когда?"},
                    "required": True,
                    "options": [{"en": "Now", "ru": "Сейчас"}],
                }
            ],
            "questions[1].options",
            "'date' has none",
        ),
        ("colour", "red", "colour", "not permitted"),
        ("id", "demo-nowhere", "id", "'demo-nowhere' is no id of programs.csv"),
        ("id", PAPER, "id", "stands in an earlier line too"),
    ],
)
def test_a_mistake_is_named_with_line_and_key(tables, key, value, place, text):
    number = tables.edit_texts(WALLS if key != "id" or value != PAPER else "demo-gis-site-monitoring-training", **{key: value})

    said = mistakes(tables)

    assert any(line.startswith(f"programs.jsonl, line {number}, key {place}: ") and text in line for line in said), said


@pytest.mark.parametrize(
    ("change", "place", "text"),
    [
        ({"day": 0}, "day", "greater than or equal to 1"),
        ({"day": 400}, "day", "400 is after the end: the programme has "),
        ({"ends": "09:00"}, "ends", "09:00 is not after the start, 09:30"),
        ({"starts": "half past"}, "starts", "valid time"),
        ({"title": {"ru": "Бумага"}}, "title", "has no text in 'en'"),
    ],
)
def test_a_mistake_in_a_session_is_named(tables, change, place, text):
    number = tables.edit_texts(PAPER, sessions=lambda days: [days[0], edited(days[1], **change), *days[2:]])

    said = mistakes(tables)

    assert any(line.startswith(f"programs.jsonl, line {number}, key sessions[2].{place}: ") and text in line for line in said), said


def test_a_line_that_is_no_json_is_named(tables):
    tables.texts.write_text(tables.texts.read_text(encoding="utf-8") + '\n{"id": \n', encoding="utf-8")

    assert any(line.startswith("programs.jsonl, line 42: Invalid JSON") for line in mistakes(tables))


def test_facts_without_texts_are_refused(tables):
    tables.texts.unlink()

    assert mistakes(tables) == ["programs.jsonl: is missing"]
