"""Partners that complement an institution, and the fairness report."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from matching.domain.choices import save_settings
from matching.domain.compute import match_everything
from matching.domain.fairness import fairness_report
from matching.domain.partners import partners_of
from matching.models import Match, Need
from tests.factories import ConceptFactory, ExpertFactory, InstitutionFactory, MembershipFactory, ProgramFactory, UserFactory
from tests.matching.conftest import skilled

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner():
    return InstitutionFactory(country="UZ")


def lines(shared):
    return [(each.concept, each.experts) for each in shared]


def test_partners_are_explained_both_ways(program, editor, technique, partner):
    carpets = ConceptFactory(slug="carpets", scheme="field")
    pile = ConceptFactory(slug="pile-carpets", scheme="field", broader=carpets)
    skilled(technique, affiliation=partner)
    ProgramFactory(institution=partner).concepts.add(carpets)
    own = ExpertFactory(country="US", affiliation=program.institution)
    own.profile_fields.create(concept=pile)

    [found] = partners_of(program.institution, editor)

    assert found.institution == partner
    assert lines(found.they_have) == [("Wet cleaning", 1)]
    assert lines(found.we_have) == [("Carpets", 1)]


def test_needs_count_as_asked(editor, program, partner):
    glass = ConceptFactory(slug="glass", scheme="material")
    expert = ExpertFactory(affiliation=partner)
    expert.profile_fields.create(concept=glass)
    assert partners_of(program.institution, editor) == []

    day = timezone.now().date()
    need = Need.objects.create(institution=program.institution, title="Glass", starts=day, ends=day)
    need.concepts.add(glass)

    assert [lines(found.they_have) for found in partners_of(program.institution, editor)] == [[("Glass", 1)]]


@pytest.mark.parametrize(
    "hidden",
    [{"audiences": {"affiliation": "only_me"}}, {"audiences": {"competences": "coordinators"}}, {"audience": "coordinators"}],
)
def test_hidden_parts_of_experts_do_not_count(program, editor, technique, partner, hidden):
    skilled(technique, affiliation=partner, **hidden)

    assert partners_of(program.institution, editor) == []


def test_who_is_not_proposed_does_not_count(program, editor, technique, partner):
    expert = skilled(technique, affiliation=partner)
    assert partners_of(program.institution, editor)
    save_settings(by=expert.user, proposed=False, weekly_mail=False)

    assert partners_of(program.institution, editor) == []


def test_drafts_of_others_stay_theirs(program, editor, technique, partner):
    skilled(technique, country="US", affiliation=program.institution)
    ProgramFactory(institution=partner, state="draft", was_published=False).concepts.add(technique)

    assert partners_of(program.institution, editor) == []


def test_page_of_partners_is_for_editors(client, program, editor, technique, partner):
    skilled(technique, affiliation=partner)
    address = f"/institutions/{program.institution.slug}/partners/"

    assert client.get(address).url.startswith("/accounts/login/")
    for user in (ExpertFactory().user, MembershipFactory().user, UserFactory(is_secretariat=True)):
        client.force_login(user)
        assert client.get(address).status_code == 403
    client.force_login(editor)
    assert str(partner.name) in client.get(address).content.decode()


def test_page_of_partners_costs_the_same_for_one_and_three(client, program, editor, technique):
    counts = []
    client.force_login(editor)
    address = f"/institutions/{program.institution.slug}/partners/"
    for number in (1, 2):
        for _each in range(number):
            skilled(technique, affiliation=InstitutionFactory(country="UZ"))
        client.get(address)
        with CaptureQueriesContext(connection) as caught:
            client.get(address)
        counts.append(len(caught))

    assert counts[0] == counts[1]


def test_report_compares_the_first_twenty_with_the_pool(program, technique):
    people = [skilled(technique) for _ in range(21)]
    skilled(technique, country="KZ")
    match_everything()
    Match.objects.filter(expert__country="UZ").update(host_score=400)
    Match.objects.filter(expert__country="KZ").update(host_score=900)
    save_settings(by=people[0].user, proposed=False, weekly_mail=False)

    report = fairness_report()

    assert report.programs == 1
    assert [(row.label, row.pool, row.top) for row in report.rows] == [("Kazakhstan", 1, 1), ("Uzbekistan", 20, 19)]
    assert [row.ratio for row in report.rows] == [1.04, 1.0]


def test_report_is_for_the_secretariat(client, program, expert, editor):
    assert client.get("/desk/fairness/").url.startswith("/accounts/login/")
    for user in (expert.user, editor):
        client.force_login(user)
        assert client.get("/desk/fairness/").status_code == 403
        assert b"/desk/fairness/" not in client.get("/").content
    client.force_login(UserFactory(is_secretariat=True))
    assert b"/desk/fairness/" in client.get("/").content
    assert client.get("/desk/fairness/").status_code == 200
    match_everything()
    with CaptureQueriesContext(connection) as one:
        assert "Uzbekistan" in client.get("/desk/fairness/").content.decode()
    for _each in range(2):
        skilled(program.concepts.get(), country="KZ")
    match_everything()
    with CaptureQueriesContext(connection) as three:
        assert "Kazakhstan" in client.get("/desk/fairness/").content.decode()
    assert len(one) == len(three)
