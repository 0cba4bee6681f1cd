"""The host's list of people: filters, invitations with their states, shortlist, comparison, coverage, and nothing that hidden parts would tell."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from applications.states import ApplicationState
from exchange.core.errors import DomainError, Refusal
from exchange.core.models import OutboxEvent
from matching.domain.choices import choose_person, save_program, save_settings, undo_choice, undo_person_choice
from matching.domain.compute import match_expert, match_program
from matching.domain.coverage import coverage_of
from matching.domain.invitations import invite_expert
from matching.domain.queries import matches_for_expert, matches_for_program
from matching.models import Invitation, Match, PersonChoice
from messaging.models import Notification
from tests.factories import (
    ApplicationFactory,
    ExpertFactory,
    LanguageSkillFactory,
    MembershipFactory,
    UserFactory,
    WindowFactory,
)
from tests.matching.conftest import skilled

pytestmark = pytest.mark.django_db

PAGES = ["", "compare/", "coverage/"]


def people(client, program, query=""):
    return [explained.expert for explained in client.get(f"/programs/{program.slug}/people/{query}").context["people"]]


@pytest.fixture
def host(client, editor):
    client.force_login(editor)
    return client


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_for_the_hosts_editors(client, program, expert, editor, path):
    address = f"/programs/{program.slug}/people/{path}"

    assert client.get(address).url.startswith("/accounts/login/")
    reviewer = MembershipFactory(institution=program.institution, role="reviewer").user
    for person in (UserFactory(), expert.user, reviewer, MembershipFactory().user, UserFactory(is_secretariat=True)):
        client.force_login(person)
        assert client.get(address).status_code == 403
    client.force_login(editor)
    assert client.get(address).status_code == 200
    assert client.get(f"/programs/none/people/{path}").status_code == 404


@pytest.mark.parametrize("path", ["invite/", "{expert}/saved/", "{expert}/dismissed/", "{expert}/undo/"])
def test_choices_are_for_the_hosts_editors(client, program, expert, editor, path):
    match_program(program.pk)
    address = f"/programs/{program.slug}/people/" + path.format(expert=expert.pk)
    data = {"expert": expert.pk, "words": "Come."}

    assert client.post(address, data).url.startswith("/accounts/login/")
    for person in (expert.user, MembershipFactory().user):
        client.force_login(person)
        assert client.post(address, data).status_code == 403
    assert not PersonChoice.objects.exists()
    assert not Invitation.objects.exists()
    client.force_login(editor)
    assert client.post(address, data).status_code == 302
    assert client.get(address).status_code == 405


def test_list_is_filtered_by_its_address(host, program, technique):
    uzbek, kazakh = skilled(technique), skilled(technique, country="KZ")
    WindowFactory(profile=kazakh)
    weak = skilled(technique)
    weak.languages.update(level=1)
    match_program(program.pk)

    assert people(host, program, "?country=KZ") == [kazakh]
    assert people(host, program, "?available=1") == [kazakh]
    assert set(people(host, program)) == {uzbek, kazakh}
    assert set(people(host, program, "?eligible=all")) == {uzbek, kazakh, weak}
    assert people(host, program, "?language=fr") == []
    assert set(people(host, program, "?language=en")) == {uzbek, kazakh}


@pytest.mark.parametrize("path", ["", "compare/?{all}", "coverage/"])
def test_pages_cost_the_same_for_one_person_and_three(host, program, technique, path):
    counts, pks = [], []
    for number in (1, 2):
        for _each in range(number):
            person = skilled(technique)
            WindowFactory(profile=person)
            pks.append(person.pk)
        match_program(program.pk)
        address = f"/programs/{program.slug}/people/" + path.format(all="&".join(f"expert={pk}" for pk in pks))
        host.get(address)
        with CaptureQueriesContext(connection) as caught:
            assert host.get(address).status_code == 200
        counts.append(len(caught))

    assert counts[0] == counts[1]


def test_hidden_parts_decide_nothing_a_host_reads(host, program, technique):
    """Two people who differ only in what they hide stand in every list, filter and count alike."""
    able, unable = skilled(technique, experience_years=9), skilled(technique, experience_years=9)
    for person in (able, unable):
        person.audiences = {"languages": "only_me", "availability": "only_me"}
        person.save()
    unable.languages.update(level=1)
    WindowFactory(profile=able)
    WindowFactory(profile=unable, ends=timezone.now().date() + datetime.timedelta(days=1))
    match_program(program.pk)

    for query in ("", "?eligible=all", "?available=1", "?language=en"):
        found = people(host, program, query)
        assert (able in found) == (unable in found), query
    assert set(people(host, program)) == {able, unable}
    rows = {match.expert_id: match for match in matches_for_program(program, host.get("/").wsgi_request.user)}
    for name in ("host_score", "host_parts", "host_missing", "shown_eligible", "spoken", "available"):
        assert getattr(rows[able.pk], name) == getattr(rows[unable.pk], name), name
    page = host.get(f"/programs/{program.slug}/people/compare/?expert={able.pk}&expert={unable.pk}").content.decode()
    assert "C1" not in page
    charts = coverage_of(program, host.get("/").wsgi_request.user)
    assert charts[3].pool == []


def test_who_fits_by_hidden_parts_alone_is_not_listed(host, program, technique):
    secret, plain = skilled(technique), ExpertFactory()
    secret.audiences = {"competences": "only_me", "languages": "only_me"}
    secret.save()
    match_program(program.pk)

    assert people(host, program, "?eligible=all") == []
    assert plain not in people(host, program, "?eligible=all")


def test_one_click_invites_with_the_message_of_the_list(host, program, expert, django_capture_on_commit_callbacks):
    match_program(program.pk)
    page = host.get(f"/programs/{program.slug}/people/").content.decode()
    assert f'form="invite" name="expert" value="{expert.pk}"' in page

    host.post(f"/programs/{program.slug}/people/invite/", {"expert": expert.pk, "words": "Please come.", "next": "/programs/"})

    assert Invitation.objects.get().words == "Please come."
    page = host.get(f"/programs/{program.slug}/people/?show=invited").content.decode()
    assert "Invited" in page
    assert 'form="invite" name="expert"' not in page


def test_state_of_an_invitation_is_shown(host, program, expert, editor):
    match_program(program.pk)
    invitation = Invitation.objects.create(expert=expert, program=program, by=editor, words="Come.")

    def state():
        return host.get(f"/programs/{program.slug}/people/").context["people"][0].match.invitation

    assert state() == "invited"
    invitation.opened_at = timezone.now()
    invitation.save()
    assert state() == "opened"
    invitation.declined_at = timezone.now()
    invitation.save()
    assert state() == "declined"
    application = ApplicationFactory(program=program, expert=expert, state=ApplicationState.DRAFT, submitted_at=None)
    assert state() == "declined", "a draft is the expert's own"
    application.state, application.submitted_at = ApplicationState.SUBMITTED, timezone.now()
    application.save()
    assert state() == "applied"


def test_shortlist_and_dismissed_people(host, program, technique, editor):
    kept, gone = skilled(technique), skilled(technique)
    match_program(program.pk)

    host.post(f"/programs/{program.slug}/people/{kept.pk}/saved/")
    host.post(f"/programs/{program.slug}/people/{gone.pk}/dismissed/")

    assert people(host, program) == [kept]
    assert people(host, program, "?show=saved") == [kept]
    assert people(host, program, "?show=dismissed") == [gone]
    colleague = MembershipFactory(institution=program.institution, role="owner").user
    host.force_login(colleague)
    assert people(host, program, "?show=saved") == [kept]
    host.post(f"/programs/{program.slug}/people/{gone.pk}/undo/")
    assert set(people(host, program)) == {kept, gone}
    assert not Notification.objects.exists()
    assert host.post(f"/programs/{program.slug}/people/{kept.pk}/nonsense/").status_code == 404


def test_only_proposed_people_can_be_chosen(program, expert, editor):
    with pytest.raises(DomainError, match="not proposed"):
        choose_person(expert, program, by=editor, choice="saved")
    match_program(program.pk)
    with pytest.raises(DomainError, match="dismiss"):
        choose_person(expert, program, by=editor, choice="nonsense")
    for action in (
        lambda user: choose_person(expert, program, by=user, choice="saved"),
        lambda user: undo_person_choice(expert, program, by=user),
    ):
        with pytest.raises(Refusal):
            action(expert.user)


def test_choices_of_a_host_are_read_by_its_editors_alone(program, expert, editor):
    match_program(program.pk)
    choose_person(expert, program, by=editor, choice="saved")

    assert PersonChoice.objects.visible_to(editor).count() == 1
    for user in (expert.user, MembershipFactory().user, None):
        assert not PersonChoice.objects.visible_to(user).exists()


def test_four_people_are_compared_side_by_side(host, program, technique):
    five = [skilled(technique) for _ in range(5)]
    hidden_person = ExpertFactory(audience="only_me")
    match_program(program.pk)
    names = "&".join(f"expert={person.pk}" for person in five)

    page = host.get(f"/programs/{program.slug}/people/compare/?{names}")

    assert [explained.expert for explained in page.context["comparison"].people] == five[:4]
    assert page.context["too_many"]
    for label, lines in page.context["comparison"].rows:
        assert len(lines) == 4, label
    hidden = host.get(f"/programs/{program.slug}/people/compare/?expert={hidden_person.pk}&expert=x&expert=99999999999")
    assert hidden.context["comparison"].people == []


def test_coverage_counts_the_shortlist_and_the_pool(program, technique, editor):
    uzbek, kazakh = skilled(technique), skilled(technique, country="KZ")
    LanguageSkillFactory(profile=kazakh, language="fr")
    kazakh.language_codes = ["en", "fr"]
    kazakh.save()
    uzbek.profile_fields.create(concept=technique)
    match_program(program.pk)
    choose_person(uzbek, program, by=editor, choice="saved")

    country, field, level, language = coverage_of(program, editor)

    assert dict(country.pool) == {"Uzbekistan": 1, "Kazakhstan": 1}
    assert dict(country.shortlist) == {"Uzbekistan": 1, "Kazakhstan": 0}
    assert field.pool == [("Wet cleaning", 1)]
    assert [count for _label, count in level.pool] == [2]
    assert dict(language.pool) == {"English": 2, "French": 1}


def test_a_person_who_is_not_proposed_takes_no_place_of_the_list(host, program, technique, settings):
    settings.MATCHES_KEPT = 1
    first, second = skilled(technique, experience_years=9), skilled(technique, experience_years=1)
    match_program(program.pk)
    assert people(host, program) == [first]

    save_settings(by=first.user, proposed=False, weekly_mail=False)
    assert OutboxEvent.objects.filter(kind="match-expert", payload={"expert_id": first.pk}).exists()
    match_expert(first.pk)
    match_program(program.pk)

    assert people(host, program) == [second]
    assert matches_for_expert(first.user).count() == 1


def test_whom_the_host_keeps_stays_listed_and_whom_others_keep_does_not(host, program, technique, editor, settings):
    """Beyond the best the list has whom this host saved or invited; that an expert saved the programme lists nobody."""
    best = skilled(technique, experience_years=9)
    saved, invited, own = (skilled(technique, experience_years=1) for _each in range(3))
    settings.MATCHES_KEPT = 10
    match_program(program.pk)
    choose_person(saved, program, by=editor, choice="saved")
    invite_expert(invited, program, by=editor, words="Come.")
    save_program(program, by=own.user)
    settings.MATCHES_KEPT = 1
    match_program(program.pk)

    assert set(people(host, program)) == {best, saved, invited}
    assert people(host, program, "?show=saved") == [saved]
    assert Match.objects.filter(expert=own).exists()


def test_choices_and_invitations_compute_the_person_again(program, expert, editor):
    match_program(program.pk)
    for action in (
        lambda: save_program(program, by=expert.user),
        lambda: undo_choice(program, by=expert.user),
        lambda: choose_person(expert, program, by=editor, choice="saved"),
        lambda: undo_person_choice(expert, program, by=editor),
        lambda: invite_expert(expert, program, by=editor, words="Come."),
    ):
        OutboxEvent.objects.all().delete()
        action()
        assert OutboxEvent.objects.filter(kind="match-expert", payload={"expert_id": expert.pk}).count() == 1
