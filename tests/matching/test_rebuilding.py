"""The rebuild: beside living rows, continued after an interruption, never twice at once, and without drift."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from exchange.core.errors import DomainError, Refusal
from exchange.core.models import OutboxEvent
from matching.domain import compute, rebuilding
from matching.domain.compute import match_everything, match_expert, match_program
from matching.domain.explanation import unmet_reasons
from matching.domain.rebuilding import rebuild_matches
from matching.domain.storing import LOCKS, VALUES
from matching.domain.weights import active_weights, store_weights
from matching.models import (
    CallVector,
    Invitation,
    Match,
    MatchBuild,
    MatchSettings,
    PersonChoice,
    PersonVector,
    ProgramChoice,
    WeightTable,
)
from matching.scoring.weights import DEFAULT_WEIGHTS, Weights, WeightsError
from profiles.models import ExpertProfile
from tests.factories import CompetenceFactory, ConceptFactory, ExpertFactory, ProgramFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def technique():
    return ConceptFactory(slug="wet-cleaning", scheme="technique")


@pytest.fixture
def secretary():
    return UserFactory(is_secretariat=True)


@pytest.fixture
def programs(technique):
    found = ProgramFactory.create_batch(3)
    for program in found:
        program.concepts.add(technique)
    return found


@pytest.fixture
def experts(technique):
    found = ExpertFactory.create_batch(4)
    for number, expert in enumerate(found):
        CompetenceFactory(profile=expert, technique=technique, level=number + 1)
    return found


def stored():
    return {(row.expert_id, row.program_id): {name: getattr(row, name) for name in VALUES} for row in Match.objects.all()}


def test_a_rebuild_stores_what_single_jobs_store(programs, experts):
    for program in programs:
        match_program(program.pk)
    single = stored()
    assert len(single) == 12
    Match.objects.all().delete()

    done = rebuild_matches()

    assert stored() == single
    assert done == rebuilding.Rebuilt(12, 0, resumed=False)


def test_a_second_rebuild_writes_nothing(programs, experts):
    rebuild_matches()
    before = set(Match.objects.values_list("pk", "computed_at"))

    assert rebuild_matches().drift == 0
    assert set(Match.objects.values_list("pk", "computed_at")) == before


def test_drift_is_found_and_corrected(programs, experts):
    rebuild_matches()
    right = stored()
    Match.objects.filter(expert=experts[0]).update(score=1, computed_at=timezone.now())

    assert rebuild_matches().drift == 3
    assert stored() == right


def test_only_the_best_of_each_side_are_stored(programs, experts, settings):
    settings.MATCHES_KEPT = 1
    rebuild_matches()
    best = max(experts, key=lambda expert: expert.competences.get().level)

    of_programs = {Match.objects.filter(program=program).order_by("-host_score").first().expert_id for program in programs}
    assert of_programs == {best.pk}
    assert Match.objects.count() == 3 + 3
    for expert in experts:
        assert Match.objects.filter(expert=expert).exists()


@pytest.mark.parametrize("k", [1, 2])
def test_single_changes_keep_the_lists_of_both_sides(programs, experts, technique, settings, k):
    settings.MATCHES_KEPT = k
    rebuild_matches()
    experts[0].competences.update(level=4, last_year=timezone.now().year)
    match_expert(experts[0].pk)
    another = ProgramFactory()
    another.concepts.add(technique)
    match_program(another.pk)
    living = stored()

    rebuild_matches()

    assert stored().items() <= living.items()


@pytest.mark.parametrize("model", ["invitation", "programme", "person"])
def test_pairs_that_somebody_keeps_stay_stored(programs, experts, settings, model):
    settings.MATCHES_KEPT = 1
    kept = {(experts[0].pk, program.pk) for program in programs}
    for program in programs:
        if model == "invitation":
            Invitation.objects.create(expert=experts[0], program=program, by=UserFactory(), words="Come.")
        elif model == "programme":
            ProgramChoice.objects.create(expert=experts[0], program=program, choice="dismissed")
        else:
            PersonChoice.objects.create(expert=experts[0], program=program, choice="saved")

    rebuild_matches()
    assert kept <= set(stored())
    match_expert(experts[0].pk)
    match_program(programs[0].pk)
    assert kept <= set(stored())


def test_a_list_that_shrinks_to_half_is_filled_again(programs, experts, settings):
    settings.MATCHES_KEPT = 4
    rebuild_matches()
    assert CallVector.objects.filter(floor__gt=0).count() == 3
    OutboxEvent.objects.all().delete()
    ExpertProfile.objects.filter(pk__in=[expert.pk for expert in experts[1:]]).update(shown_name="")

    compute.match_experts([expert.pk for expert in experts[1:]])

    waiting = OutboxEvent.objects.filter(kind="match-program").values_list("payload", flat=True)
    assert {row["program_id"] for row in waiting} == {program.pk for program in programs}


def interrupted(monkeypatch, when):
    """A rebuild that dies when it writes for the second time; `when` runs before that."""
    write, calls = rebuilding._write_some, []

    def fail(*arguments):
        calls.append(1)
        if len(calls) == 2:
            when()
            raise KeyboardInterrupt
        return write(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(rebuilding, "_write_some", fail)
        patched.setattr(rebuilding, "BATCH", 1)
        with pytest.raises(KeyboardInterrupt):
            rebuild_matches()


def test_an_interrupted_rebuild_is_continued(programs, experts, monkeypatch):
    interrupted(monkeypatch, lambda: None)
    assert Match.objects.count() == 3
    profiles = []

    done = rebuild_matches(step=lambda name, total: profiles.append((name, total)) or (lambda count: None))

    assert done.resumed
    assert ("profiles", 0) in profiles
    assert Match.objects.count() == 12
    assert MatchBuild.objects.get().finished_at is not None


def test_an_interrupted_rebuild_of_another_day_starts_over(programs, experts, monkeypatch):
    interrupted(monkeypatch, lambda: None)
    MatchBuild.objects.update(day=timezone.now().date() - datetime.timedelta(days=1))

    assert not rebuild_matches().resumed
    assert MatchBuild.objects.count() == 1


@pytest.mark.parametrize("change", ["hidden", "deleted", "switched off", "edited"])
def test_who_changes_during_a_rebuild_is_left_as_they_are(programs, experts, monkeypatch, change):
    """What is written is what holds now, not what the rebuild read."""
    person, write = experts[2], rebuilding._write

    def change_first(*arguments):
        if change == "hidden":
            ExpertProfile.objects.filter(pk=person.pk).update(shown_name="")
        elif change == "deleted":
            person.delete()
        elif change == "switched off":
            MatchSettings.objects.create(expert=person, proposed=False)
        else:
            person.competences.all().delete()
        if change != "deleted":
            match_expert(person.pk or 0)
        write(*arguments)

    pk = person.pk
    monkeypatch.setattr(rebuilding, "_write", change_first)
    rebuild_matches()

    if change == "switched off":
        assert not [row for row in Match.objects.filter(expert=pk) if row.host_score or row.host_parts]
        assert Match.objects.filter(expert=pk, score__gt=0).count() == 3, "the own list stays"
    else:
        assert not Match.objects.filter(expert=pk).exists()
    assert Match.objects.exclude(expert=pk).count() == 9


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_refused(programs, experts, monkeypatch):
    other = connection.copy()
    monkeypatch.setattr(rebuilding, "TIMEOUT", 0.1)
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", (LOCKS, rebuilding.BUILDER))
            with pytest.raises(DomainError):
                rebuild_matches()
            with pytest.raises(CommandError):
                call_command("matches_rebuild", verbosity=0)
    finally:
        other.close()

    call_command("matches_rebuild", verbosity=0)
    assert Match.objects.count() == 12


def test_closed_programmes_and_their_vectors_go(programs, experts):
    match_everything()
    programs[0].state = "closed"
    programs[0].save()

    match_everything()

    assert not Match.objects.filter(program=programs[0]).exists()
    assert not CallVector.objects.filter(program=programs[0]).exists()
    assert Match.objects.count() == 8


def test_a_changed_vocabulary_gives_new_vectors(programs, experts, technique):
    match_everything()
    old = set(PersonVector.objects.values_list("stamp", flat=True))
    ConceptFactory(slug="a-first-concept")

    match_program(programs[0].pk)

    assert set(PersonVector.objects.values_list("stamp", flat=True)).isdisjoint(old)
    assert Match.objects.filter(program=programs[0]).count() == 4


def test_a_changed_programme_reads_no_profile(programs, experts):
    """Its cost does not grow with the profiles' parts: all people are compared by their stored vectors."""
    match_everything()
    counts = []
    for more in (0, 3):
        for expert in ExpertFactory.create_batch(more):
            CompetenceFactory(profile=expert, technique=programs[0].concepts.get())
            match_expert(expert.pk)
        with CaptureQueriesContext(connection) as caught:
            match_program(programs[0].pk)
        counts.append(len(caught))
        assert not [query for query in caught.captured_queries if "profiles_competence" in query["sql"]]

    assert counts[0] == counts[1]


def test_weights_are_stored_by_the_secretariat_and_put_in_force(programs, experts, secretary):
    match_everything()
    before = stored()
    table = store_weights("2027", {"subjects": 850, "languages": 80}, by=secretary)

    assert active_weights().languages == 80
    assert active_weights().kinds == DEFAULT_WEIGHTS.kinds
    assert OutboxEvent.objects.filter(kind="match-everything").exists()
    match_everything()
    assert stored() != before
    store_weights("2028", {"subjects": 900, "languages": 30}, by=secretary)
    assert list(WeightTable.objects.filter(active=True).values_list("name", flat=True)) == ["2028"]
    table.refresh_from_db()
    assert table.weights["languages"] == 80


@pytest.mark.parametrize(
    "values",
    [
        {"subjects": 901},
        {"subjects": float("nan")},
        {"text": -1},
        {"text": 50.5},
        {"text": 101},
        {"text": True},
        {"text": "50"},
        {"half": 95},
        {"subjects": 500, "languages": 430},
        {"no_such": 1},
        {"kinds": {"training": {"subjects": 800}}},
        {"kinds": {"training": {"no_such": 1}}},
        {"kinds": {"training": 3}},
        {"kinds": 3},
    ],
)
def test_weights_that_cannot_be_used_are_refused(secretary, values):
    with pytest.raises(DomainError):
        store_weights("wrong", values, by=secretary)
    assert not WeightTable.objects.exists()


def test_weights_need_a_new_name(secretary):
    store_weights("one", {}, by=secretary)
    for name in ("one", "", "  "):
        with pytest.raises(DomainError):
            store_weights(name, {}, by=secretary)


def test_nobody_else_changes_weights(experts):
    for user in (UserFactory(), experts[0].user):
        with pytest.raises(Refusal):
            store_weights("mine", {}, by=user)
    assert not WeightTable.objects.exists()


def test_weights_by_kind_differ_there_alone():
    weights = Weights.of_data({"kinds": {"training": {"subjects": 800, "languages": 130}}})

    assert weights.for_kind("training").languages == 130
    assert weights.for_kind("exchange") is weights
    with pytest.raises(WeightsError):
        Weights.of_data({"name": 3})


def test_everybody_reads_how_matching_works_and_the_secretariat_changes_it(client, experts, secretary):
    assert client.get("/matches/how/").status_code == 302
    client.force_login(experts[0].user)
    page = client.get("/matches/how/")
    assert page.status_code == 200
    assert DEFAULT_WEIGHTS.name in page.content.decode()
    assert '<form method="post" class="stack"' not in page.content.decode()
    assert client.post("/matches/how/", {"name": "mine"}).status_code == 403
    client.force_login(secretary)
    values = {name: value for name, value in DEFAULT_WEIGHTS.values().items() if name != "name"}
    assert client.post("/matches/how/", {**values, "name": "2027", "text": 30}).status_code == 302
    assert active_weights().text == 30
    refused = client.post("/matches/how/", {**values, "name": "2028", "subjects": 1000})
    assert refused.status_code == 200
    assert active_weights().name == "2027"


def test_unmet_requirements_are_explained_to_the_person(programs, experts):
    expert = experts[0]
    expert.affiliation, expert.country = programs[0].institution, "US"
    expert.save()
    match_expert(expert.pk)

    reasons = unmet_reasons(Match.objects.get(expert=expert, program=programs[0]))

    assert [reason.code for reason in reasons] == ["institution", "country"]
    assert all(reason.text for reason in reasons)
