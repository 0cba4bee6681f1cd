"""Needs: written by editors, compared with what profiles show, kept fresh, made into a draft in one step."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from exchange.core.errors import DomainError, Refusal
from exchange.core.models import OutboxEvent
from matching.domain import need_matching
from matching.domain.choices import save_settings
from matching.domain.compute import match_program
from matching.domain.need_matching import match_all_needs, match_need, match_needs_with, people_for_need
from matching.domain.needs import MAX_NEEDS, NeedFacts, change_need, create_need, delete_need, draft_from_need
from matching.domain.weights import store_weights
from matching.models import Match, Need, NeedMatch
from matching.models.matches import MIN_SHOWN
from profiles.signals import profile_changed
from programs.models import Program
from tests.factories import ConceptFactory, ExpertFactory, InstitutionFactory, MembershipFactory, UserFactory
from tests.matching.conftest import skilled

pytestmark = pytest.mark.django_db

TODAY = timezone.now().date()


def facts(technique, **values):
    chosen = {
        "title": "A conservator for our carpets",
        "text": "We seek help.",
        "text_language": "en",
        "starts": TODAY + datetime.timedelta(days=60),
        "ends": TODAY + datetime.timedelta(days=90),
        "concepts": [technique.pk],
        "languages": {"en": 4},
        "minimum_experience": 2,
    }
    return NeedFacts(**(chosen | values))


def form_of(technique, **values):
    chosen = {
        "title": "A conservator for our carpets",
        "text": "We seek help.",
        "text_language": "en",
        "starts": (TODAY + datetime.timedelta(days=60)).isoformat(),
        "ends": (TODAY + datetime.timedelta(days=90)).isoformat(),
        "minimum_experience": "2",
        "concepts": [technique.pk],
        "language_1": "en",
        "level_1": "4",
    }
    return chosen | values


@pytest.fixture
def institution():
    return InstitutionFactory()


@pytest.fixture
def owner(institution):
    return MembershipFactory(institution=institution, role="owner").user


@pytest.fixture
def need(institution, owner, technique):
    return create_need(institution, facts(technique), by=owner)


def test_people_are_proposed_by_what_they_show(need, owner, technique):
    able, hiding = skilled(technique), skilled(technique)
    hiding.audiences = {"competences": "coordinators", "languages": "coordinators"}
    hiding.save()
    skilled(technique, country="US")
    skilled(technique, audience="only_me")

    match_need(need.pk)

    [match] = people_for_need(need, owner)
    assert (match.expert, match.eligible) == (able, True)
    assert match.host_score == sum(part["points"] for part in match.host_parts)


def test_hidden_languages_decide_nothing(need, owner, technique):
    able, unable = skilled(technique), skilled(technique)
    unable.languages.update(level=1)
    for person in (able, unable):
        person.audiences = {"languages": "only_me"}
        person.save()

    match_need(need.pk)

    first, second = people_for_need(need, owner)
    assert (first.host_score, first.host_parts, first.eligible) == (second.host_score, second.host_parts, second.eligible)


def test_who_is_not_proposed_is_not_proposed_for_needs(need, owner, technique):
    expert = skilled(technique)
    match_need(need.pk)
    assert people_for_need(need, owner).count() == 1

    save_settings(by=expert.user, proposed=False, weekly_mail=False)

    assert not people_for_need(need, owner).exists()


def test_a_change_of_a_profile_or_need_is_a_job(need, technique, owner):
    assert OutboxEvent.objects.filter(kind="match-need", payload={"need_id": need.pk}).count() == 1
    expert = skilled(technique)
    profile_changed.send(None, profile_id=expert.pk)
    assert OutboxEvent.objects.filter(kind="match-needs-with", payload={"expert_ids": [expert.pk]}).exists()

    assert match_needs_with([expert.pk]) == 1
    expert.competences.all().delete()
    expert.languages.all().delete()
    assert match_needs_with([expert.pk]) == 0
    assert not people_for_need(need, owner).exists()


def test_needs_that_are_over_keep_nobody(need, technique):
    skilled(technique)
    match_need(need.pk)
    assert match_all_needs() == 1

    Need.objects.update(starts=TODAY - datetime.timedelta(days=9), ends=TODAY - datetime.timedelta(days=1))

    assert match_all_needs() == 0
    assert not NeedMatch.objects.exists()
    assert match_need(10**9) == 0


def test_only_the_best_are_stored(need, technique, monkeypatch):
    monkeypatch.setattr(need_matching, "STORED", 2)
    monkeypatch.setattr(need_matching, "BATCH", 2)
    weak = skilled(technique)
    weak.languages.update(level=1)
    for _each in range(3):
        skilled(technique)

    assert match_need(need.pk) == 2
    assert weak.pk not in NeedMatch.objects.values_list("expert_id", flat=True)


def test_concepts_of_the_text_are_added(institution, owner, technique):
    ConceptFactory(slug="gilding", scheme="technique")

    need = create_need(institution, facts(technique, text="Gilding, but never weaving."), by=owner)

    assert {concept.slug for concept in need.concepts.all()} == {technique.slug, "gilding"}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"concepts": []}, "at least one field"),
        ({"concepts": [10**9]}, "no longer"),
        ({"ends": TODAY}, "before the start"),
    ],
)
def test_needs_that_say_too_little_are_refused(institution, owner, technique, values, message):
    with pytest.raises(DomainError, match=message):
        create_need(institution, facts(technique, **values), by=owner)
    assert not Need.objects.exists()


def test_an_institution_has_so_many_needs(institution, owner, technique):
    Need.objects.bulk_create(Need(institution=institution, title="x", starts=TODAY, ends=TODAY) for _ in range(MAX_NEEDS))

    with pytest.raises(DomainError, match="Delete a need first"):
        create_need(institution, facts(technique), by=owner)


def test_only_editors_write_needs(institution, need, technique):
    for user in (UserFactory(), MembershipFactory().user, MembershipFactory(institution=institution, role="reviewer").user):
        for action in (
            lambda by: create_need(institution, facts(technique), by=by),
            lambda by: change_need(need, facts(technique), by=by),
            lambda by: draft_from_need(need, by=by),
            lambda by: delete_need(need, by=by),
        ):
            with pytest.raises(Refusal):
                action(user)
    assert Need.objects.count() == 1
    assert not Program.objects.exists()


def test_one_step_makes_a_draft(need, owner, technique):
    program = draft_from_need(need, by=owner)

    assert draft_from_need(need, by=owner) == program
    program.refresh_from_db()
    assert (program.state, str(program.title), program.minimum_experience) == ("draft", need.title, 2)
    assert str(program.summary) == need.text
    assert (program.starts, program.ends) == (need.starts, need.ends)
    assert list(program.concepts.all()) == [technique]
    assert [(row.language, row.level) for row in program.required_languages.all()] == [("en", 4)]
    assert program.eligible_countries == ["KG", "KZ", "TJ", "TM", "UZ"]


def test_an_unverified_institution_makes_no_draft(need, owner, institution):
    institution.state = "unverified"
    institution.save()

    with pytest.raises(DomainError, match="verify"):
        draft_from_need(need, by=owner)


def test_pages_are_for_editors(client, institution, need, technique):
    pages = [f"/institutions/{institution.slug}/needs/", f"/institutions/{institution.slug}/needs/new/"]
    own = [f"/needs/{need.pk}/", f"/needs/{need.pk}/edit/"]
    posts = [f"/needs/{need.pk}/draft/", f"/needs/{need.pk}/delete/"]

    for address in [*pages, *own]:
        assert client.get(address).url.startswith("/accounts/login/"), address
    for address in posts:
        assert client.post(address).url.startswith("/accounts/login/"), address
    for user in (ExpertFactory().user, MembershipFactory().user, UserFactory(is_secretariat=True)):
        client.force_login(user)
        assert {client.get(address).status_code for address in pages} == {403}
        assert {client.get(address).status_code for address in own} == {404}
        assert {client.post(address).status_code for address in posts} == {404}
    client.force_login(MembershipFactory(institution=institution, role="editor").user)
    assert {client.get(address).status_code for address in [*pages, *own]} == {200}
    assert {client.get(address).status_code for address in posts} == {405}


def test_an_editor_writes_changes_and_deletes_a_need(client, institution, owner, technique):
    client.force_login(owner)
    assert f"/institutions/{institution.slug}/needs/" in client.get(institution.get_absolute_url()).content.decode()

    answer = client.post(f"/institutions/{institution.slug}/needs/new/", form_of(technique))
    need = Need.objects.get()
    assert answer.url == need.get_absolute_url()
    assert [(row.language, row.level) for row in need.languages.all()] == [("en", 4)]
    assert need.countries == ["KG", "KZ", "TJ", "TM", "UZ"]

    edit = client.get(f"/needs/{need.pk}/edit/").content.decode()
    assert need.title in edit
    client.post(f"/needs/{need.pk}/edit/", form_of(technique, title="Somebody else", countries=["UZ"], level_1="", language_1=""))
    need.refresh_from_db()
    assert (need.title, need.countries, need.languages.count()) == ("Somebody else", ["UZ"], 0)

    assert client.post(f"/needs/{need.pk}/draft/").url == f"/programs/{Program.objects.get().slug}/edit/"
    client.post(f"/needs/{need.pk}/delete/")
    assert not Need.objects.exists()
    assert Program.objects.exists()


@pytest.mark.parametrize(
    "values",
    [{"title": ""}, {"starts": "nonsense"}, {"level_1": ""}, {"concepts": ["99999999"]}, {"concepts": []}, {"ends": "1200-01-01"}],
)
def test_a_form_with_faults_is_shown_again(client, institution, owner, technique, values):
    client.force_login(owner)

    assert client.post(f"/institutions/{institution.slug}/needs/new/", form_of(technique, **values)).status_code == 422
    assert not Need.objects.exists()


@pytest.mark.parametrize("page", ["list", "need"])
def test_pages_cost_the_same_for_one_row_and_three(client, institution, owner, need, technique, page):
    counts = []
    client.force_login(owner)
    address = need.get_absolute_url() if page == "need" else f"/institutions/{institution.slug}/needs/"
    for number in (1, 2):
        for _each in range(number):
            skilled(technique)
            if page == "list":
                create_need(institution, facts(technique), by=owner)
        match_need(need.pk)
        client.get(address)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        counts.append(len(caught))

    assert counts[0] == counts[1]


def test_people_are_filtered_by_the_address(client, need, owner, technique):
    kazakh, weak = skilled(technique, country="KZ"), skilled(technique)
    weak.languages.update(level=1)
    match_need(need.pk)
    client.force_login(owner)

    def people(query=""):
        return [explained.expert for explained in client.get(need.get_absolute_url() + query).context["people"]]

    assert people() == [kazakh]
    assert people("?eligible=all") == [kazakh, weak]
    assert people("?eligible=all&country=UZ") == [weak]


def test_a_need_is_scored_as_a_programme_would_be(need, owner, technique):
    """The same values in a programme give the same points, parts and requirements of the host's side."""
    expert = skilled(technique, experience_years=6)
    weak = skilled(technique, experience_years=1)
    weak.languages.update(level=1)
    program = draft_from_need(need, by=owner)
    Program.objects.filter(pk=program.pk).update(state="published", summary={}, description={})
    need.text = ""
    need.save()

    match_need(need.pk)
    match_program(program.pk)

    for person in (expert, weak):
        asked, match = NeedMatch.objects.get(expert=person), Match.objects.get(expert=person)
        assert asked.host_score == match.host_score > 0
        assert (asked.host_parts, asked.host_missing) == (match.host_parts, match.host_missing)
        assert asked.eligible == match.host_eligible == (person == expert)


def test_people_of_the_own_institution_are_not_eligible(need, institution, owner, technique):
    skilled(technique, affiliation=institution)
    match_need(need.pk)

    assert [match.eligible for match in people_for_need(need, owner)] == [False]


def test_of_a_need_that_has_begun_the_days_that_are_left_count(need, technique):
    skilled(technique, lead_time_days=0)
    Need.objects.update(starts=TODAY - datetime.timedelta(days=9), ends=TODAY + datetime.timedelta(days=9))

    match_need(need.pk)

    assert NeedMatch.objects.get().eligible


def test_one_and_many_people_are_compared_alike(need, technique, monkeypatch):
    """A change of a few people gives what a computation of the need gives, and never stores more than the best."""
    monkeypatch.setattr(need_matching, "STORED", 2)
    people = [skilled(technique) for _each in range(3)]
    people[0].languages.update(level=1)

    def stored():
        return sorted(NeedMatch.objects.values_list("expert_id", "host_score", "eligible"))

    match_need(need.pk)
    expected = stored()
    NeedMatch.objects.all().delete()
    match_needs_with([person.pk for person in people])

    assert stored() == expected
    assert [expert for expert, _score, _eligible in expected] == [people[1].pk, people[2].pk]


def test_new_weights_compute_the_needs_again(need):
    store_weights("Another", {}, by=UserFactory(is_secretariat=True))

    assert OutboxEvent.objects.filter(kind="match-all-needs").count() == 1


def test_topics_of_a_need_can_be_typed_in(client, institution, owner, technique):
    client.force_login(owner)

    assert "data-choices" in client.get(f"/institutions/{institution.slug}/needs/new/").content.decode()


def test_who_hardly_fits_is_not_proposed(need, owner, technique):
    skilled(technique)
    match_need(need.pk)
    NeedMatch.objects.update(host_score=MIN_SHOWN - 1)

    assert not people_for_need(need, owner).exists()
