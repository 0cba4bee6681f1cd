"""The lists of experts and institutions: what each reader finds, and what no count may reveal."""

import pytest

from tests.factories import ConceptFactory, CoordinatorFactory, ExpertFactory, InstitutionFactory, UserFactory

pytestmark = pytest.mark.django_db


def shown(response):
    return [row.pk for row in response.context["listing"].page.items]


def counts(response, name):
    facet = next(facet for facet in response.context["listing"].counted.facets if facet.name == name)
    return {value: count for value, _label, count in facet.options}


@pytest.fixture
def people():
    return {
        audience: ExpertFactory(audience=audience, country="UZ") for audience in ("everyone", "members", "coordinators", "only_me")
    }


@pytest.mark.parametrize(
    ("reader", "seen"),
    [
        ("anonymous", {"everyone"}),
        ("member", {"everyone", "members"}),
        ("coordinator", {"everyone", "members", "coordinators"}),
        ("secretariat", {"everyone", "members", "coordinators"}),
        ("self", {"everyone", "members", "only_me"}),
    ],
)
def test_list_and_counts_hold_what_the_reader_may_see(client, people, reader, seen):
    makers = {
        "member": UserFactory,
        "coordinator": lambda: CoordinatorFactory(country="US").user,
        "secretariat": lambda: UserFactory(is_secretariat=True),
        "self": lambda: people["only_me"].user,
    }
    if reader in makers:
        client.force_login(makers[reader]())

    response = client.get("/experts/")

    assert set(shown(response)) == {people[audience].pk for audience in seen}
    assert counts(response, "country") == {"UZ": len(seen)}


def test_hidden_languages_are_neither_counted_nor_found(client):
    hides = ExpertFactory(language_codes=["tg"], audiences={"languages": "only_me"})
    shows = ExpertFactory(language_codes=["tg"])
    client.force_login(UserFactory())

    response = client.get("/experts/?language=tg")
    assert shown(response) == [shows.pk]
    assert counts(response, "language") == {"tg": 1}

    client.force_login(hides.user)
    assert set(shown(client.get("/experts/?language=tg"))) == {hides.pk, shows.pk}


def test_anonymous_users_find_no_language_of_public_profiles_by_default(client):
    ExpertFactory(audience="everyone", language_codes=["tg"])

    assert counts(client.get("/experts/"), "language") == {}


def test_field_narrows_the_list(client):
    field = ConceptFactory(slug="restoration")
    wanted = ExpertFactory(field_ids=[field.pk])
    ExpertFactory()
    client.force_login(UserFactory())

    assert shown(client.get(f"/experts/?field={field.pk}")) == [wanted.pk]


@pytest.mark.parametrize("rows", [1, 3])
def test_expert_list_costs_the_same_for_one_row_and_three(client, rows, django_assert_num_queries):
    ExpertFactory.create_batch(rows, audience="everyone")
    client.get("/experts/")

    with django_assert_num_queries(3):
        client.get("/experts/")


@pytest.mark.parametrize("rows", [1, 3])
def test_institution_list_costs_the_same_for_one_row_and_three(client, rows, django_assert_num_queries):
    InstitutionFactory.create_batch(rows)

    with django_assert_num_queries(2):
        client.get("/institutions/")


def test_suspended_institutions_are_seen_by_their_country_alone(client):
    suspended = InstitutionFactory(country="UZ", state="suspended")
    InstitutionFactory(country="UZ")

    assert len(shown(client.get("/institutions/"))) == 1
    client.force_login(CoordinatorFactory(country="TJ").user)
    assert len(shown(client.get("/institutions/"))) == 1
    client.force_login(CoordinatorFactory(country="UZ").user)
    assert suspended.pk in shown(client.get("/institutions/"))
