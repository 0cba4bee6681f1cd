"""The list of programmes."""

import datetime

import pytest
from django.utils import timezone

from tests.factories import ConceptFactory, InstitutionFactory, MembershipFactory, ProgramFactory, UserFactory
from vocabulary.models import Concept

pytestmark = pytest.mark.django_db


def shown(response):
    return [program.slug for program in response.context["listing"].page.items]


def counts(response, name):
    facet = next(facet for facet in response.context["listing"].counted.facets if facet.name == name)
    return {value: count for value, _label, count in facet.options}


def test_list_shows_open_programmes_closing_soonest_first(client):
    now = timezone.now()
    later = ProgramFactory(deadline=now + datetime.timedelta(days=9))
    soon = ProgramFactory(deadline=now + datetime.timedelta(days=2))
    always = ProgramFactory(deadline=None)
    ProgramFactory(deadline=now - datetime.timedelta(days=1))
    ProgramFactory(state="draft", was_published=False)

    assert shown(client.get("/programs/")) == [soon.slug, later.slug, always.slug]


def test_list_shows_closed_ones_on_demand_but_never_drafts(client):
    closed = ProgramFactory(state="closed")
    ProgramFactory(state="draft", was_published=False)

    assert shown(client.get("/programs/?open=all")) == [closed.slug]
    assert shown(client.get("/programs/")) == []


def test_drafts_are_seen_and_counted_by_their_team_alone(client):
    draft = ProgramFactory(state="draft", was_published=False, kind="residency")
    owner = MembershipFactory(institution=draft.institution).user

    client.force_login(UserFactory())
    assert counts(client.get("/programs/?open=all"), "kind") == {}
    client.force_login(owner)
    assert counts(client.get("/programs/?open=all"), "kind") == {"residency": 1}


def test_facets_filter_and_count_what_one_more_click_would_show(client):
    restoration = ConceptFactory(slug="restoration")
    archaeology = ConceptFactory(slug="archaeology")
    for country, kind, field in [("US", "exchange", restoration), ("US", "training", archaeology), ("UZ", "exchange", restoration)]:
        ProgramFactory(institution=InstitutionFactory(country=country), kind=kind, field_ids=[field.pk], language_codes=["en"])

    response = client.get("/programs/?country=US")

    assert len(shown(response)) == 2
    assert counts(response, "country") == {"US": 2, "UZ": 1}
    assert counts(response, "kind") == {"exchange": 1, "training": 1}
    assert counts(response, "field") == {str(restoration.pk): 1, str(archaeology.pk): 1}
    assert response.context["listing"].counted.total == 2


def test_facets_combine(client):
    field = ConceptFactory(slug="restoration")
    wanted = ProgramFactory(kind="exchange", field_ids=[field.pk], language_codes=["en", "ru"])
    ProgramFactory(kind="exchange", field_ids=[], language_codes=["en"])

    response = client.get(f"/programs/?kind=exchange&field={field.pk}&language=ru&language=tg")

    assert shown(response) == [wanted.slug]


@pytest.mark.parametrize(
    "query",
    [
        "field=x&field=-1&country=ZZ&kind='&language=%00",
        "sort=nonsense&open=maybe",
        "q=%00",
        "field=99999999999999999999999",
    ],
)
def test_hostile_parameters_are_ignored(client, query):
    program = ProgramFactory()

    assert shown(client.get(f"/programs/?{query}")) == [program.slug]


def test_foreign_cursor_is_refused_in_words(client):
    response = client.get("/programs/?cursor=AAAA")

    assert response.status_code == 400
    assert b"no longer valid" in response.content


def test_fragment_is_the_results_alone(client):
    ProgramFactory()

    response = client.get("/programs/", headers={"HX-Request": "true"})

    assert b"<html" not in response.content
    assert b'id="results"' in response.content


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_for_one_row_and_three(client, rows, django_assert_num_queries):
    Concept.objects.all()
    ProgramFactory.create_batch(rows)
    client.get("/programs/")

    with django_assert_num_queries(2):
        client.get("/programs/")


def test_pages_follow_each_other(client):
    made = {program.slug for program in ProgramFactory.create_batch(23)}

    first = client.get("/programs/")
    second = client.get("/programs/", {"cursor": first.context["listing"].page.next})

    assert len(shown(first)) == 20
    assert {*shown(first), *shown(second)} == made
