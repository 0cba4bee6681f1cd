"""The reference tables once they are in the database: what they made, and what a second import changes.

The first import is made once for this module; every test works in a transaction of its own on top of it.
"""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils.translation import override

from exchange.core.history import history_of
from exchange.core.jobs.outbox import process_outbox
from exchange.core.models import OutboxEvent
from exchange.reference.importing import import_reference
from exchange.reference.program_texts import MARKERS
from institutions.models import Institution
from institutions.states import InstitutionState
from programs.models import CountryQuota, Criterion, Program, Question
from tests import factories
from tests.search.people import found
from vocabulary.domain.vocabulary import forget_vocabulary
from vocabulary.models import Concept, ConceptLabel

WALLS = "demo-wall-painting-conservators-exchange"
PAPER = "demo-paper-miniature-masterclass"


@pytest.fixture(scope="module", autouse=True)
def loaded(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        import_reference(demo=True)
        yield
        transaction.set_rollback(True)
    forget_vocabulary()


pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command("import_reference", *arguments, stdout=out)
    return out.getvalue()


def test_import_reference_twice_changes_nothing_and_says_so():
    before = {model: list(model.objects.order_by("pk").values()) for model in (Concept, ConceptLabel, Institution, Program)}

    assert run("--demo") == "Everything is as the tables say; nothing was changed.\n"
    assert before == {model: list(model.objects.order_by("pk").values()) for model in before}


def test_import_reference_keeps_labels_with_their_languages_and_marks_them_unreviewed():
    silk = Concept.objects.get(slug="restoration")
    assert silk.label["tg"] == "тармим"
    assert silk.reviewed is False
    labels = set(silk.labels.values_list("language", "kind", "text"))
    assert ("en", "pref", "restoration") in labels
    assert ("en", "alt", "conservation-restoration") in labels
    assert ("ru", "alt", "восстановление") in labels
    assert ("", "hidden", "taʼmirlash") in labels
    assert not Concept.objects.filter(reviewed=True).exists()


def test_import_reference_keeps_what_stands_above_a_concept():
    assert Concept.objects.exclude(broader=None).exists()
    assert not Concept.objects.exclude(broader=None).filter(broader__scheme="object-type").exclude(scheme="object-type").exists()


def test_import_reference_of_the_demo_publishes_marked_programmes_at_verified_hosts():
    assert Program.objects.filter(is_demo=True, state="published", was_published=True).count() == 40
    program = Program.objects.get(slug="demo-textile-conservation-semester")
    assert "Demonstration record, not an actual call." in program.summary["en"]
    assert "Демонстрационная запись" in program.summary["ru"]
    assert program.institution.state == InstitutionState.VERIFIED
    assert [row.transition for row in history_of(program.institution)] == ["verify"]
    assert [(row.transition, row.at) for row in history_of(program)] == [("publish", program.published_at)]
    assert program.created_at < program.published_at
    assert list(program.required_languages.values_list("language", "level")) == [("en", 4)]
    assert [row.weight for row in program.criteria.all()] == [40, 30, 30]
    assert [row.kind for row in program.questions.all()] == ["long", "some_of", "file", "number"]
    assert all(set(question.label) == {"en", "ru"} for question in program.questions.all())
    assert Institution.objects.filter(state=InstitutionState.VERIFIED).count() == 40


def test_import_reference_closes_programmes_at_five_on_the_hosts_clock():
    for slug, zone in [
        ("demo-textile-conservation-semester", "America/New_York"),
        ("demo-paper-miniature-masterclass", "Asia/Tashkent"),
        ("demo-zarafshan-field-exchange", "Asia/Samarkand"),
        ("demo-asian-art-curatorial-residency", "America/Los_Angeles"),
    ]:
        program = Program.objects.get(slug=slug)
        assert program.deadline_zone == zone
        assert program.deadline.astimezone(program.zone).hour == 17


def test_import_reference_turns_quotas_into_places_kept_and_places_at_most():
    one_each = dict.fromkeys(["KG", "KZ", "TJ", "TM", "UZ"], (1, 1))
    for slug, quotas in {
        "demo-silk-road-curators-exchange": {},
        "demo-zarafshan-field-exchange": {"TJ": (3, 3), "US": (2, 2)},
        "demo-courier-placement-new-york": one_each,
        "demo-manuscript-digitisation-training": dict.fromkeys(["KG", "TJ", "TM", "UZ"], (4, None)),
    }.items():
        rows = CountryQuota.objects.filter(program__slug=slug)
        assert {row.country: (row.reserved, row.most) for row in rows} == quotas


def test_import_reference_makes_everything_findable():
    process_outbox()
    assert len(found("текстиль", kind="program")) >= 2
    assert found("winterthur", kind="program")
    assert found("национальный казахстан", kind="institution")


def test_import_reference_updates_what_changed_in_a_table(tables):
    tables.edit("vocabulary.csv", "restoration", ru="реставрация предметов", alt_en="darning", hidden="en:repairs; kk:жамау")
    tables.edit("institutions.csv", "kz-farabi-university", short_name="Abai", disciplines="archaeology")
    tables.edit("programs.csv", "demo-zarafshan-field-exchange", seats="14", country_quota="TJ:4")

    said = run("--data", str(tables.path), "--demo")

    assert said.splitlines() == [
        "concepts: 0 new, 1 changed, 331 as they were",
        "institutions: 0 new, 1 changed, 149 as they were",
        "programmes: 0 new, 1 changed, 39 as they were",
    ]
    assert set(Concept.objects.get(slug="restoration").labels.filter(language="en").values_list("text", flat=True)) == {
        "restoration",
        "darning",
        "repairs",
    }
    assert [field.slug for field in Institution.objects.get(slug="kz-farabi-university").fields.all()] == ["archaeology"]
    program = Program.objects.get(slug="demo-zarafshan-field-exchange")
    assert (program.seats, [str(quota) for quota in program.quotas.all()]) == (14, ["TJ: 4-4"])
    assert program.criteria.count() == 3


def test_import_reference_leaves_what_people_took_over(tables):
    Concept.objects.filter(slug="restoration").update(reviewed=True)
    factories.MembershipFactory(institution=Institution.objects.get(slug="kz-national-museum"))
    factories.ApplicationFactory(program=Program.objects.get(slug="demo-zarafshan-field-exchange"))
    tables.edit("vocabulary.csv", "restoration", en="repair")
    tables.edit("institutions.csv", "kz-national-museum", city_en="Almaty")
    tables.edit("programs.csv", "demo-zarafshan-field-exchange", seats="14")

    assert run("--data", str(tables.path), "--demo") == "Everything is as the tables say; nothing was changed.\n"
    assert Concept.objects.get(slug="restoration").label["en"] == "restoration"
    assert Institution.objects.get(slug="kz-national-museum").city == "Astana"
    assert Program.objects.get(slug="demo-zarafshan-field-exchange").seats == 12


def test_import_reference_reads_the_tables_that_are_there(tables):
    (tables.path / "vocabulary.csv").unlink()
    tables.edit("institutions.csv", "kz-national-museum", city_en="Almaty")

    assert run("--data", str(tables.path)) == "institutions: 0 new, 1 changed, 149 as they were\n"


def test_import_reference_sends_which_concepts_moved(tables):
    tables.edit("vocabulary.csv", "carpet-conservation", broader="", ru="ковры")
    tables.edit("vocabulary.csv", "restoration", ru="реставрация предметов")

    run("--data", str(tables.path))

    event = OutboxEvent.objects.get(kind="search.moved")
    assert event.payload == {"concept_ids": [Concept.objects.get(slug="carpet-conservation").pk]}


def test_import_reference_asks_few_questions_the_second_time(django_assert_max_num_queries):
    with django_assert_max_num_queries(24):
        import_reference(demo=True)


def test_a_programme_has_its_texts_in_all_their_languages():
    program = Program.objects.get(slug=PAPER)
    assert set(program.title) == set(program.summary) == set(MARKERS)
    assert set(program.description) == set(program.funding) == {"en", "ru", "uz"}
    with override("tg"):
        assert MARKERS["tg"] in str(program.summary)
    for program in Program.objects.all():
        assert all(MARKERS[code] in text for code, text in program.summary.items())
        assert program.description["en"]


def test_a_programme_has_its_fields_first_and_then_its_specific_concepts():
    program = Program.objects.get(slug="demo-registrar-exchange-astana")
    links = Program.concepts.through.objects.filter(program=program).order_by("pk")
    assert list(links.values_list("concept__slug", flat=True)) == [
        *("collections-registration", "curatorship"),
        *("exhibition-loans", "documentation", "inventory", "condition-reporting", "collections-databases", "export-control"),
    ]


def test_a_programme_has_the_questions_and_the_rubric_of_its_line():
    program = Program.objects.get(slug="demo-registrar-exchange-astana")
    long, some, file = program.questions.all()
    assert (long.kind, some.kind, file.kind) == ("long", "some_of", "file")
    assert (long.required, file.required) == (True, False)
    assert some.choices[1] == {"id": "1", "en": "Inventory book", "ru": "Инвентарная книга"}
    assert [(row.position, row.weight, row.label["en"]) for row in program.criteria.all()] == [
        (0, 40, "Experience of keeping object records"),
        (1, 35, "Clarity of the loan case described"),
        (2, 25, "Plan for using the forms at home"),
    ]


def test_a_second_import_keeps_questions_and_criteria_as_they_are():
    before = [list(model.objects.order_by("pk").values()) for model in (Question, Criterion, Program.concepts.through)]

    assert not import_reference(demo=True).wrote
    assert before == [list(model.objects.order_by("pk").values()) for model in (Question, Criterion, Program.concepts.through)]


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        ({"title": {"en": "Walls", "ru": "Стены"}}, lambda program: program.title == {"en": "Walls", "ru": "Стены"}),
        ({"funding": {"en": "None", "ru": "Нет"}}, lambda program: program.funding["ru"] == "Нет"),
        ({"concepts": ["silk"]}, lambda program: program.concepts.filter(slug="silk").exists()),
        (
            {"questions": [{"kind": "yes_no", "text": {"en": "Ready?", "ru": "Готовы?"}, "required": True}]},
            lambda program: [row.kind for row in program.questions.all()] == ["yes_no"],
        ),
        (
            {"rubric": [{"title": {"en": "Skill", "ru": "Навык"}, "weight": 100}]},
            lambda program: [row.weight for row in program.criteria.all()] == [100],
        ),
    ],
)
def test_a_changed_line_updates_its_programme_alone(tables, changes, seen):
    assert not seen(Program.objects.get(slug=WALLS))
    tables.edit_texts(WALLS, **changes)

    report = import_reference(tables.path, demo=True)

    assert (report.programs.new, report.programs.changed) == (set(), {WALLS})
    assert seen(Program.objects.get(slug=WALLS))


def test_a_changed_order_of_concepts_is_kept(tables):
    tables.edit_texts(WALLS, fields=lambda slugs: slugs[::-1])

    assert import_reference(tables.path, demo=True).programs.changed == {WALLS}


def test_questions_that_were_answered_are_left_alone(tables):
    program = Program.objects.get(slug=WALLS)
    before = list(program.questions.values())
    factories.ApplicationFactory(program=program)
    tables.edit_texts(WALLS, questions=lambda asked: asked[:1], title={"en": "Walls", "ru": "Стены"})

    report = import_reference(tables.path, demo=True)

    assert report.programs.skipped == {WALLS}
    assert list(program.questions.values()) == before
