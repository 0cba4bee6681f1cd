"""Matches computed, read and acted on."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from exchange.core.errors import DomainError, Refusal
from exchange.core.jobs import outbox
from exchange.core.jobs.cpu_lock import cpu_lock
from exchange.core.models import OutboxEvent
from matching.domain import compute, people
from matching.domain.compute import match_everything, match_expert, match_program
from matching.domain.explanation import explain
from matching.domain.invitations import invite_expert
from matching.domain.model import current_model
from matching.domain.queries import matches_for_expert, matches_for_program
from matching.domain.storing import VALUES
from matching.domain.text_concepts import concepts_to_confirm, dismiss_concept
from matching.models import Invitation, Match
from matching.scoring.evidence import TEXT
from profiles.models import ExpertProfile, ProfileField
from profiles.signals import profile_changed
from programs.signals import program_changed
from tests.factories import (
    CompetenceFactory,
    ConceptFactory,
    ExpertFactory,
    LanguageSkillFactory,
    MembershipFactory,
    ProgramFactory,
    RequiredLanguageFactory,
    UserFactory,
    WindowFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def technique():
    return ConceptFactory(slug="wet-cleaning", scheme="technique")


@pytest.fixture
def program(technique):
    program = ProgramFactory()
    program.concepts.add(technique)
    RequiredLanguageFactory(program=program, language="en", level=4)
    return program


@pytest.fixture
def expert(technique):
    expert = ExpertFactory()
    CompetenceFactory(profile=expert, technique=technique)
    LanguageSkillFactory(profile=expert, language="en", level=5)
    return expert


@pytest.fixture
def editor(program):
    return MembershipFactory(institution=program.institution, role="editor").user


def test_match_program_and_match_expert_agree(program, expert):
    match_program(program.pk)
    first = Match.objects.values().get()
    match_expert(expert.pk)
    second = Match.objects.values().get()

    for name in VALUES:
        assert first[name] == second[name]
    assert first["eligible"]
    assert first["score"] == sum(part["points"] for part in first["parts"])


def host_values(match):
    return {name: getattr(match, name) for name in vars(match) if name.startswith("host_")}


@pytest.mark.parametrize("hidden", ["languages", "competences", "availability", "biography", "affiliation"])
def test_what_is_hidden_changes_no_value_a_host_reads(program, expert, technique, hidden):
    """Whatever stands in the hidden part, every value of the host's side is the same: score, parts, requirements and the places in lists."""
    ProfileField.objects.create(profile=expert, concept=technique, primary=True)
    expert.audiences = {hidden: "only_me"}
    expert.biography, expert.biography_language = "Wet cleaning of banners, wet cleaning of flags.", "en"
    expert.affiliation = program.institution
    expert.save()
    WindowFactory(profile=expert, starts=program.starts, ends=program.ends)
    match_expert(expert.pk)
    first = host_values(Match.objects.get())

    if hidden == "languages":
        expert.languages.update(level=1)
    elif hidden == "competences":
        expert.competences.all().delete()
    elif hidden == "availability":
        expert.windows.all().delete()
    else:
        expert.biography, expert.affiliation = ("", expert.affiliation) if hidden == "biography" else (expert.biography, None)
        expert.save()
    match_expert(expert.pk)

    assert host_values(Match.objects.get()) == first


def test_a_hidden_part_lowers_the_score_of_the_host_alone(program, expert, technique):
    ProfileField.objects.create(profile=expert, concept=technique, primary=True)
    expert.audiences = {"competences": "only_me"}
    expert.save()
    match_expert(expert.pk)

    match = Match.objects.get()
    assert 0 < match.host_score < match.score
    assert {part.get("source") for part in match.host_parts} <= {None, "field"}


def test_profiles_a_host_may_not_see_are_not_among_the_people(program, expert, editor):
    match_program(program.pk)
    assert matches_for_program(program, editor).count() == 1

    expert.audience = "coordinators"
    expert.save()

    assert matches_for_program(program, editor).count() == 0


def test_people_of_other_countries_are_told_why(program, expert):
    expert.country = "US"
    expert.save()

    match_program(program.pk)

    match = Match.objects.get()
    assert not match.eligible
    assert match.requirements == ["country"]


def test_a_closed_gate_is_named(program, expert):
    expert.languages.update(level=2)
    match_expert(expert.pk)

    match = matches_for_expert(expert.user).get()
    assert not match.eligible
    assert match.requirements == ["level"]


def test_matches_vanish_when_the_programme_closes(program, expert):
    match_program(program.pk)
    program.deadline = timezone.now() - datetime.timedelta(days=1)
    program.save()

    assert not matches_for_expert(expert.user).exists()
    assert match_program(program.pk) == 0
    assert not Match.objects.exists()


def test_match_everything_forgets_what_no_longer_fits(program, expert):
    match_everything()
    assert Match.objects.count() == 1

    expert.competences.all().delete()
    expert.languages.all().delete()
    ProfileField.objects.all().delete()
    expert.experience_years = 0
    expert.save()
    match_everything()

    assert Match.objects.count() == 0


def test_explained_lines_add_up_in_every_language(program, expert):
    match_program(program.pk)
    match = Match.objects.get()
    for language in ("en", "ru", "kk", "ky", "uz", "tg", "tk"):
        with translation.override(language):
            explained = explain(match)
            assert sum(line.points for line in explained.lines) == explained.points
            assert all(line.label for line in explained.lines)


def test_a_change_is_written_down_and_becomes_a_job(program, expert, monkeypatch):
    started = []
    monkeypatch.setattr("exchange.core.jobs.outbox.start_job", lambda name, *job, priority: started.append(job))
    OutboxEvent.objects.all().delete()
    profile_changed.send(None, profile_id=expert.pk)
    program_changed.send(None, program_id=program.pk)
    OutboxEvent.objects.update(not_before=timezone.now())

    outbox.process_outbox()

    assert sorted(started) == [("match-expert", {"expert_id": expert.pk}), ("match-program", {"program_id": program.pk})]


def test_long_jobs_compute_in_turns(program, expert, monkeypatch):
    """One job computes beside the short jobs of a worker; the next waits until the turn is given back, also after a failure."""
    seen = []

    def fail(*arguments):
        seen.append(cpu_lock.locked())
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(compute, "compare", fail)
        with pytest.raises(OSError, match="disk full"):
            match_program(program.pk)

    assert seen == [True]
    assert not cpu_lock.locked()
    assert match_program(program.pk) == 1


def test_many_people_are_compared_a_few_at_a_time(program, monkeypatch):
    people = [ExpertFactory(country="UZ") for _ in range(5)]
    for person in people:
        ProfileField.objects.create(profile=person, concept=program.concepts.first(), primary=True)
    monkeypatch.setattr(compute, "BATCH", 2)
    stored = []
    store = compute.store
    monkeypatch.setattr(compute, "store", lambda matches: stored.append(len(matches)) or store(matches))

    assert compute.match_experts([person.pk for person in people]) == 5
    assert stored == [2, 2, 1]


def test_invitation_is_made_once(program, expert, editor):
    first = invite_expert(expert, program, by=editor, words="Come and see.")
    second = invite_expert(expert, program, by=editor, words="Again.")

    assert first == second
    assert Invitation.objects.get().words == "Come and see."


def test_only_the_hosts_editors_invite(program, expert):
    outsiders = [UserFactory(), MembershipFactory(institution=program.institution, role="reviewer").user, MembershipFactory().user]

    for outsider in outsiders:
        with pytest.raises(Refusal):
            invite_expert(expert, program, by=outsider, words="Come.")
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("words", ["", "   ", "x" * 2001])
def test_invitation_wants_a_few_words(program, expert, editor, words):
    with pytest.raises(DomainError):
        invite_expert(expert, program, by=editor, words=words)


def test_invitation_to_a_closed_programme_is_refused(program, expert, editor):
    program.state = "closed"
    program.save()

    with pytest.raises(DomainError):
        invite_expert(expert, program, by=editor, words="Come.")


@pytest.mark.parametrize("path", ["/programs/{slug}/people/", "/programs/{slug}/people/{expert}/invite/"])
def test_people_pages_are_for_the_hosts_editors(client, program, expert, editor, path):
    address = path.format(slug=program.slug, expert=expert.pk)

    assert client.get(address).status_code == 302
    for person in (UserFactory(), expert.user, MembershipFactory(institution=program.institution, role="reviewer").user):
        client.force_login(person)
        assert client.get(address).status_code == 403
    client.force_login(editor)
    assert client.get(address).status_code == 200


def test_inviting_a_hidden_person_is_not_found(client, program, editor):
    hidden = ExpertFactory(audience="only_me")
    client.force_login(editor)

    assert client.post(f"/programs/{program.slug}/people/{hidden.pk}/invite/", {"words": "Come."}).status_code == 404


def test_my_matches_page_costs_the_same_for_one_row_and_three(client, expert, technique):
    counts = []
    client.force_login(expert.user)
    for rows in (1, 2):
        for program in ProgramFactory.create_batch(rows):
            program.concepts.add(technique)
        match_expert(expert.pk)
        client.get("/matches/")
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/matches/").status_code == 200
        counts.append(len(caught))

    assert counts[0] == counts[1]


def test_api_lists_my_matches_and_a_hosts_people(client, program, expert, editor):
    match_program(program.pk)

    client.force_login(expert.user)
    (mine,) = client.get("/api/v1/matches").json()["items"]
    assert mine["points"] == sum(part["points"] for part in mine["parts"])
    client.force_login(editor)
    (person,) = client.get(f"/api/v1/matches?program={program.slug}").json()["items"]
    assert person["expert"] == expert.pk
    assert person["gates"] == []


def test_api_gives_outsiders_nothing(client, program, expert):
    match_program(program.pk)

    assert client.get("/api/v1/matches").status_code == 401
    client.force_login(ExpertFactory().user)
    assert client.get("/api/v1/matches").json()["items"] == []
    assert client.get(f"/api/v1/matches?program={program.slug}").json()["items"] == []


def test_what_the_page_shows_of_a_text_is_what_counts(expert, technique):
    """The concepts to confirm or dismiss are those that are evidence from a text; what is dismissed is neither."""
    carpet = ConceptFactory(slug="carpet", scheme="object-type", label={"en": "carpet"})
    felt = ConceptFactory(slug="felt", scheme="material", label={"en": "felt"})
    expert.biography, expert.biography_language = "I wash felt. A carpet is washed like any carpet.", "en"
    expert.save()

    def shown_and_counted():
        profile = ExpertProfile.objects.get(pk=expert.pk)
        force = current_model(timezone.now().date())
        [known] = people.compute_people([profile], force, timezone.now().date())
        counted = {force.model.hierarchy.keys[one.concept] for one in known.own.held if one.source == TEXT}
        return {read.term.id for read in concepts_to_confirm(profile)}, counted

    assert shown_and_counted() == ({felt.pk, carpet.pk}, {felt.pk, carpet.pk})
    dismiss_concept(expert, carpet.pk, by=expert.user)
    assert shown_and_counted() == ({felt.pk}, {felt.pk})
    ProfileField.objects.create(profile=expert, concept=felt, primary=True)
    assert shown_and_counted()[0] == set()


def test_a_host_does_not_learn_of_a_hidden_competence_from_who_is_listed(program, expert, editor, technique, settings):
    """Somebody whose hidden competence puts the programme into their own list does not enter the host's list by it."""
    settings.MATCHES_KEPT = 1
    private = ExpertFactory(audiences={"competences": "only_me"})
    ProfileField.objects.create(profile=private, concept=technique, primary=True)
    CompetenceFactory(profile=private, technique=technique, level=4)
    LanguageSkillFactory(profile=private, language="en", level=5)
    match_program(program.pk)
    match_expert(private.pk)

    assert matches_for_expert(private.user).get().host_score > 0
    assert [match.expert for match in matches_for_program(program, editor)] == [expert]
    match_everything()
    assert [match.expert for match in matches_for_program(program, editor)] == [expert]
