"""The score of one pair: similarity, evidence, what programmes ask, and parts that add up."""

import dataclasses
import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.scoring import Call, Model, Person, Row
from matching.scoring.evidence import recency
from matching.scoring.hierarchy import ConceptRow, Hierarchy
from matching.scoring.parts import Known, explain_pair
from matching.scoring.shipped import shipped_model
from matching.scoring.tables import freshness
from matching.scoring.wanted import largest_remainders, whole_shares
from matching.scoring.weights import DEFAULT_WEIGHTS

TODAY = datetime.date(2026, 11, 30)
STARTS, ENDS = datetime.date(2027, 3, 1), datetime.date(2027, 4, 1)


@pytest.fixture(scope="module")
def model():
    return shipped_model()


def known(model, person):
    held = model.evidence(person, TODAY)
    vector, best = model.best(held)
    return Known(person, held, vector, best, freshness(person, TODAY))


def call(*concepts, **more):
    return Call(STARTS, ENDS, concepts=concepts, **more)


def score(model, person, program):
    return explain_pair(model, known(model, person), program, model.wanted(program))[0]


def row(*concepts, level=3, year=2026):
    return Row(concepts, level, year)


MURALS = Person(primary=["restoration"], secondary=["traditional-crafts"], rows=[row("ganch", "wall-painting", "ganch-carving")])
CARPETS = call(
    *("traditional-crafts", "restoration", "carpet-conservation", "carpet-weaving", "carpet", "wool", "natural-dyes", "natural-dyeing", "loss-compensation")
)  # fmt: skip
FELT = call(
    "traditional-crafts", "ethnology", "felt-making", "shyrdak-making", "ala-kiyiz-making", "felt", "wool", "ich-inventorying"
)
WALLS = call(
    *(
        "conservation",
        "archaeology",
        "wall-painting-conservation",
        "wall-painting",
        "sculpture",
        "archaeological-conservation",
        "consolidation",
        "pigment",
    ),
    titles=[("Wall-painting and clay sculpture conservators' exchange", "en")],
)
GANCH = call("ganch-carving", "ganch", "ganch-restoration")


def test_a_conservator_of_wall_paintings_gets_wall_paintings_and_not_carpets(model):
    """Broad tags (restoration, crafts) do not make carpets or felt close; material and technique count towards the field they belong to."""
    carpets, felt, walls, ganch = (score(model, MURALS, program) for program in (CARPETS, FELT, WALLS, GANCH))

    assert ganch > 800
    assert walls > 350
    assert max(carpets, felt) < walls / 3


@pytest.mark.parametrize(
    ("broad", "narrow"), [("traditional-crafts", "carpet-weaving"), ("restoration", "carpet-conservation"), ("textile", "silk")]
)
def test_a_broad_tag_answers_for_little_of_what_is_below_it(model, broad, narrow):
    number = model.hierarchy.by_slug
    assert model.similar[number[narrow], number[broad]] < 0.6
    assert model.similar[number[broad], number[narrow]] > model.similar[number[narrow], number[broad]]


def test_information_content_is_that_of_seco():
    hierarchy = Hierarchy(
        [ConceptRow("a", "a", None), ConceptRow("b", "b", "a"), ConceptRow("c", "c", "b"), ConceptRow("d", "d", None)]
    )

    assert hierarchy.content == pytest.approx([1 - 1.0986 / 1.6094, 1 - 0.6931 / 1.6094, 1.0, 1.0], abs=1e-4)
    assert hierarchy.common_content(2, 1) == hierarchy.content[1]
    assert hierarchy.common_content(2, 3) == 0


def test_a_cycle_of_the_vocabulary_is_cut_and_named():
    rows = [
        ConceptRow("a", "a", "c"),
        ConceptRow("b", "b", "a"),
        ConceptRow("c", "c", "b"),
        ConceptRow("d", "d", "d"),
        ConceptRow("e", "e", "gone"),
    ]

    hierarchy = Hierarchy(rows)

    assert hierarchy.cycles == ["c", "d"]
    assert hierarchy.ancestors == [(2,), (0, 2), (), (), ()]
    assert Model(rows, schemes={}).vector([]).shape == (5,)


def test_a_row_that_names_all_together_counts_more_than_words_scattered_over_rows(model):
    together = Person(rows=[row("pigment", "wall-painting", "consolidation")])
    scattered = Person(rows=[row("pigment"), row("wall-painting", "object-photography"), row("metal", "consolidation")])

    assert score(model, together, WALLS) > score(model, scattered, WALLS) + 40


def test_a_photograph_of_a_carpet_is_no_repair_of_carpets(model):
    assert score(model, Person(rows=[row("carpet", "wool", "loss-compensation")]), CARPETS) > 1.6 * score(
        model, Person(rows=[row("carpet", "object-photography")]), CARPETS
    )


def test_level_recency_and_primary_fields_count(model):
    def of(**values):
        return score(model, Person(rows=[Row(("ganch", "ganch-carving"), **values)]), GANCH)

    assert of(level=4, year=2026) > of(level=3, year=2026) > of(level=2, year=2026) > of(level=1, year=2026)
    assert of(level=3, year=2026) > of(level=3, year=2015) > of(level=3, year=1990) > 0
    asked = call("ganch-restoration")
    texts = [("Ganch restoration, consolidation of ganch.", "en")]
    primary, secondary = Person(primary=["ganch-restoration"], texts=texts), Person(secondary=["ganch-restoration"], texts=texts)
    assert score(model, primary, asked) > score(model, secondary, asked)


def test_recency_fades_but_never_vanishes():
    found = [recency(year, TODAY, DEFAULT_WEIGHTS) for year in (2026, 2030, 2023, 2022, None, 2021, 1960)]
    assert found == [1.0, 1.0, 1.0, 0.96, 0.92, 0.92, 0.5]


def test_a_field_with_nothing_behind_it_is_worth_little(model):
    asked = call("carpet-conservation", "carpet")
    alone = Person(primary=["carpet-conservation"])
    supported = Person(primary=["carpet-conservation"], texts=[("I repair carpets: carpet conservation is my work.", "en")])

    assert score(model, alone, asked) < score(model, supported, asked) / 2


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I repair knotted carpets and wash carpets."),
        ("ru", "Реставрирую ковры, консервация ковров моя работа."),
        ("uz", "Gilamlarni taʼmirlayman, gilam tozalayman."),
        ("kk", "Кілемдерді қалпына келтіремін, кілем жуамын."),
        ("ky", "Килемдерди калыбына келтирем, килем жууйм."),
        ("tg", "Қолинҳоро тармим мекунам, қолин мешӯям."),
        ("tk", "Halylary rejeleýärin, haly ýuwýaryn."),
    ],
)
def test_texts_count_in_every_language_and_less_than_a_row(model, language, text):
    asked = call("carpet")
    of_text = score(model, Person(texts=[(text, language)]), asked)

    assert 0 < of_text < score(model, Person(rows=[row("carpet")]), asked)
    _points, parts, _missing = explain_pair(model, known(model, Person(texts=[(text, language)])), asked, model.wanted(asked))
    assert parts[0]["source"] == "text"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I have never worked with carpets."),
        ("ru", "С коврами не работал."),
        ("uz", "Гилам билан ишламаганман."),
        ("uz", "Gilam bilan ishlamaganman."),
    ],
)
def test_what_a_biography_denies_is_not_read_and_weakens_a_row(model, language, text):
    asked = call("carpet")

    assert score(model, Person(texts=[(text, language)]), asked) == 0
    assert (
        score(model, Person(rows=[row("carpet")], texts=[(text, language)]), asked)
        < score(model, Person(rows=[row("carpet")]), asked) / 2
    )


def test_what_was_dismissed_is_not_read_again(model):
    text = [("I repair carpets.", "en")]

    assert score(model, Person(texts=text), call("carpet")) > 0
    assert (
        score(model, Person(texts=text, dismissed=frozenset({"carpet", "restoration", "carpet-conservation"})), call("carpet")) == 0
    )


def test_the_title_weighs_more_than_the_text(model):
    titled = model.wanted(call("paper", titles=[("Felt", "en")], texts=[("Wood.", "en")]))
    number = model.hierarchy.by_slug

    assert titled[number["paper"]] > titled[number["felt"]] > titled[number["wood"]] > 0
    assert {titled.sources[number[slug]] for slug in ("paper", "felt", "wood")} == {"declared", "title", "text"}


def test_a_programme_without_concepts_is_read_from_its_words(model):
    number = model.hierarchy.by_slug
    wanted = model.wanted(call(titles=[("Masterclass: felt carpets", "en")]))

    assert number["felt"] in wanted
    assert sum(wanted.values()) == DEFAULT_WEIGHTS.subjects
    assert not model.wanted(call(titles=[("Welcome", "en")]))
    assert score(model, MURALS, call(titles=[("Welcome", "en")])) == 0


def test_languages_dates_and_practice_alone_are_worth_nothing(model):
    person = Person(languages={"en": 7}, windows=[(STARTS, ENDS)], years=30)

    assert score(model, person, call("carpet", languages={"en": 3})) == 0


def test_a_perfect_person_has_all_points(model):
    person = Person(rows=[row("carpet", level=4), row("one", level=4)], languages={"en": 7}, windows=[(STARTS, ENDS)], years=30)
    everything = dataclasses.replace(DEFAULT_WEIGHTS, one_named=100, kinds={})
    perfect = Model([ConceptRow("carpet", "carpet", None), ConceptRow("one", "one", None)], schemes={}, weights=everything)

    assert score(perfect, person, call("carpet", languages={"en": 3})) == 1000


def test_unknown_concepts_count_for_nothing(model):
    assert score(model, Person(primary=["nothing"], rows=[row("nobody")]), call("carpet", "no-such")) == 0


def test_someone_with_everything_is_still_within_bounds(model):
    everything = Person(rows=[row(slug, level=4) for slug in model.hierarchy.slugs], primary=list(model.hierarchy.slugs))

    assert 0 < score(model, everything, CARPETS) <= 1000


SLUGS = st.sampled_from(
    [
        row.slug
        for row in [ConceptRow(s, s, None) for s in ("carpet", "wool", "felt", "restoration", "consolidation", "wall-painting")]
    ]
)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    rows=st.lists(st.builds(Row, st.lists(SLUGS, min_size=1, max_size=3, unique=True).map(tuple), st.integers(1, 4), st.sampled_from([None, 1990, 2026])), max_size=4),
    concepts=st.lists(SLUGS, max_size=6, unique=True),
    languages=st.dictionaries(st.sampled_from(["en", "ru", "tg"]), st.integers(1, 7)),
    years=st.sampled_from([None, 0, 3, 50]),
)  # fmt: skip
def test_parts_always_add_up_to_the_score(model, rows, concepts, languages, years):
    person = Person(rows=rows, languages={"en": 4}, years=years)
    program = call(*concepts, languages=languages, kind="exhibition-courier")

    points, parts, missing = explain_pair(model, known(model, person), program, model.wanted(program))

    assert points == sum(part["points"] for part in parts)
    assert 0 <= points <= 1000
    assert all(part["points"] > 0 for part in parts)
    assert not {"points", "value"} & {key for part in missing for key in part}


@given(st.lists(st.integers(0, 10**6), max_size=9), st.integers(1, 10**6))
def test_largest_remainders_add_up(exact, divisor):
    assert sum(largest_remainders(exact, divisor)) == sum(exact) // divisor


@given(st.dictionaries(st.integers(0, 50), st.floats(0, 100), max_size=9), st.integers(1, 1000))
def test_whole_shares_add_up(raw, whole):
    found = whole_shares(raw, whole)

    assert sum(found.values()) == (whole if sum(raw.values()) > 0 else 0)
    assert 0 not in found.values()
