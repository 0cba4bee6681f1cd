"""Lists with words: the page of the search, its API and the lists of the API find the same, in the same order; the list pages lead to the search."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exchange.core.word_search import WordQuery, page_by_words, word_search
from profiles.models import ExpertProfile, PersonName
from profiles.states import NameKind
from programs.models import Program
from tests.factories import (
    ConceptFactory,
    CoordinatorFactory,
    InstitutionFactory,
    LanguageSkillFactory,
    ProgramFactory,
    RequiredLanguageFactory,
    UserFactory,
)
from tests.helpers.search import HOSTILE, expert, index

pytestmark = pytest.mark.django_db

KINDS = {"experts": "expert", "programs": "program", "institutions": "institution"}


@pytest.fixture
def member(client):
    user = UserFactory()
    client.force_login(user)
    return user


@pytest.fixture
def field():
    return ConceptFactory(slug="textiles", scheme="field", label={"en": "textiles", "ru": "текстиль"})


def by_list(client, collection, **params):
    """What the list of the API finds, page after page."""
    return pages_of(client, f"/api/v1/{collection}", params)


def by_search(client, collection, **params):
    return pages_of(client, "/api/v1/search", params | {"type": collection})


def pages_of(client, address, params):
    found, cursor = [], None
    while True:
        answer = client.get(address, params | ({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.content
        found += [item["id"] for item in answer.json()["items"]]
        if not (cursor := answer.json()["next"]):
            return found


def by_page(client, collection, **params):
    """What the page of the list leads to."""
    response = client.get(f"/{collection}/", params, follow=True)
    assert [status for _address, status in response.redirect_chain] == [302]
    cards = [card for section in response.context["page"].sections for card in section.cards]
    assert {section.kind for section in response.context["page"].sections} <= {KINDS[collection]}
    return [card.subject.slug if collection == "institutions" else card.subject.pk for card in cards]


def everything(field):
    """Several rows of each kind that the words find by different means: as a name, as a subject, partly, in another script."""
    museums = [
        InstitutionFactory(name={"en": "Textile Museum"}),
        InstitutionFactory(name={"en": "Museum of carpets"}),
        InstitutionFactory(name={"ru": "Музей текстиля"}, country="KZ"),
    ]
    programs = [
        ProgramFactory(institution=museums[0], title={"en": "Ceramics"}),
        ProgramFactory(institution=museums[1], title={"en": "Textile conservation"}),
        ProgramFactory(institution=museums[1], title={"ru": "Текстиль"}, state="closed"),
        ProgramFactory(institution=museums[1], title={"en": "Manuscripts"}),
    ]
    programs[3].concepts.add(field)
    people = [expert(headline="Textile conservator"), expert(given="Textile"), expert(headline="Curator of the textile museum")]
    index(*museums, *programs, *people)


@pytest.mark.parametrize("collection", KINDS)
@pytest.mark.parametrize("words", ["textile", "текстиль", "textile museum", "Textil", "  TEXTILE\t conservation "])
def test_every_way_finds_the_same_in_the_same_order(client, member, field, collection, words):
    everything(field)

    found = by_search(client, collection, q=words)

    assert by_list(client, collection, q=words) == found
    assert by_list(client, collection, q=words, limit=1) == found
    assert by_page(client, collection, q=words) == found


def test_the_order_is_that_of_the_search_and_not_that_of_the_list(client, member):
    partly, better = ProgramFactory(title={"en": "Wool and felt"}), ProgramFactory(title={"en": "Felt"})
    index(partly, better)

    assert by_list(client, "programs") == [partly.pk, better.pk]
    assert by_list(client, "programs", q="felt") == by_search(client, "programs", q="felt") == [better.pk, partly.pk]


def test_page_carries_the_filters_that_the_search_has(client):
    address = "/programs/?q=%20felt%20%20making&field=3&country=UZ&country=KZ&kind=residency&language=kk&sort=new&open=all&cursor=x&page=2"

    response = client.get(address)

    assert response.status_code == 302
    target = urlsplit(response.url)
    assert target.path == "/search/"
    assert parse_qs(target.query) == {
        "type": ["programs"],
        "q": ["felt making"],
        "field": ["3"],
        "country": ["UZ", "KZ"],
        "kind": ["residency"],
        "language": ["kk"],
    }


@pytest.mark.parametrize("collection", KINDS)
def test_page_without_words_stays_a_list(client, collection):
    for query in ("", "?q=", "?q=%20%09", "?q=%00", "?country=UZ"):
        response = client.get(f"/{collection}/{query}")
        assert response.status_code == 200, query
        assert "listing" in response.context


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_break_no_list(client, member, words):
    index(expert())

    assert client.get("/experts/", {"q": words}, follow=True).status_code == 200
    assert client.get("/api/v1/experts", {"q": words}).status_code == 200


# ---- filters of the lists --------------------------------------------------------------------------------------------


def test_filters_of_programmes_apply_to_words(client, member, field):
    host = InstitutionFactory(slug="felt-house", country="KZ")
    wanted = ProgramFactory(institution=host, kind="residency", title={"en": "Felt"})
    wanted.concepts.add(ConceptFactory(slug="felting", scheme="technique", broader=field))
    RequiredLanguageFactory(program=wanted, language="kk")
    closed = ProgramFactory(title={"en": "Felt"}, state="closed", kind="exchange", institution__country="UZ")
    index(wanted, closed)

    assert set(by_list(client, "programs", q="felt")) == {wanted.pk, closed.pk}
    for params in (
        {"field": "textiles"},
        {"country": ["KZ", "KG"]},
        {"kind": "residency"},
        {"language": "kk"},
        {"state": ["published", "running"]},
        {"institution": "felt-house"},
        {"open": "true"},
    ):
        assert by_list(client, "programs", q="felt", **params) == [wanted.pk], params
    for params in ({"state": "closed"}, {"country": "UZ"}, {"institution": closed.institution.slug}):
        assert by_list(client, "programs", q="felt", **params) == [closed.pk], params
    for params in ({"institution": "no-such-house"}, {"state": "cancelled"}, {"state": "closed", "open": "true"}):
        assert by_list(client, "programs", q="felt", **params) == [], params
    assert client.get("/api/v1/programs", {"q": "felt", "field": "no-such-field"}).status_code == 422


def test_filters_of_experts_apply_to_words(client, member, field):
    wanted, other = expert(country="KZ"), expert(country="UZ")
    wanted.profile_fields.create(concept=ConceptFactory(slug="carpets", scheme="field", broader=field), primary=True)
    LanguageSkillFactory(profile=wanted, language="kk")
    LanguageSkillFactory(profile=other, language="uz")
    index(wanted, other)

    assert set(by_list(client, "experts", q="rahimova")) == {wanted.pk, other.pk}
    for params in ({"country": "KZ"}, {"field": "textiles"}, {"language": ["kk", "ru"]}):
        assert by_list(client, "experts", q="rahimova", **params) == [wanted.pk], params
    assert by_list(client, "experts", q="rahimova", country="KZ", language="uz") == []


def test_filters_of_institutions_apply_to_words(client, member):
    wanted = InstitutionFactory(name={"en": "Felt House"}, country="KZ", kind="library-archive", state="verified")
    other = InstitutionFactory(name={"en": "Felt Museum"}, country="UZ", kind="museum", state="unverified")
    index(wanted, other)

    assert set(by_list(client, "institutions", q="felt")) == {wanted.slug, other.slug}
    for params in ({"country": "KZ"}, {"kind": "library-archive"}, {"state": "verified"}):
        assert by_list(client, "institutions", q="felt", **params) == [wanted.slug], params
    assert by_list(client, "institutions", q="felt", state="unverified") == [other.slug]
    assert by_list(client, "institutions", q="felt", state="suspended") == []


# ---- cursors and cost ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("collection", KINDS)
def test_cursor_of_another_search_is_refused(client, member, field, collection):
    everything(field)
    words = {"experts": "rahimova", "programs": "textile", "institutions": "museum"}[collection]
    listed = client.get(f"/api/v1/{collection}", {"limit": 1}).json()["next"]
    found = client.get(f"/api/v1/{collection}", {"limit": 1, "q": words}).json()["next"]
    assert listed
    assert found

    for params in (
        {"q": words, "cursor": listed},
        {"q": f"{words} x", "cursor": found},
        {"cursor": found},
        {"q": words, "cursor": "é"},
    ):
        answer = client.get(f"/api/v1/{collection}", params)
        assert (params, answer.status_code, answer.json()["type"]) == (params, 400, "about:blank#bad-cursor")


@pytest.mark.parametrize("collection", KINDS)
def test_list_with_words_costs_the_same_for_one_row_and_three(client, member, collection):
    make = {
        "experts": expert,
        "programs": lambda: ProgramFactory(title={"en": "Rahimova"}),
        "institutions": lambda: InstitutionFactory(name={"en": "Rahimova"}),
    }[collection]

    def queries(rows):
        assert len(by_list(client, collection, q="rahimova")) == rows
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/api/v1/{collection}", {"q": "rahimova"})
        return len(captured)

    index(make())
    one = queries(1)
    index(make(), make())

    assert queries(3) == one


# ---- who finds what --------------------------------------------------------------------------------------------------


def test_words_of_a_hidden_biography_are_found_nowhere(client):
    person = expert(biography="Zugdidia was my first post", audiences={"biography": "coordinators"})
    open_one = expert(biography="Zugdidia and Tbilisi", audiences={"biography": "everyone"})
    index(person, open_one)

    assert by_page(client, "experts", q="Zugdidia") == [open_one.pk]
    client.force_login(UserFactory())
    for find in (by_page, by_search, by_list):
        assert find(client, "experts", q="Zugdidia") == [open_one.pk]
    client.force_login(CoordinatorFactory().user)
    for find in (by_page, by_search, by_list):
        assert set(find(client, "experts", q="Zugdidia")) == {person.pk, open_one.pk}


@pytest.mark.parametrize(
    ("reader", "seen"),
    [
        ("anonymous", {"everyone"}),
        ("member", {"everyone", "members"}),
        ("coordinator", {"everyone", "members", "coordinators"}),
        ("self", {"everyone", "members"}),
    ],
)
def test_words_find_the_people_whom_the_reader_may_see(client, reader, seen):
    people = {audience: expert(audience=audience) for audience in ("everyone", "members", "coordinators", "only_me")}
    index(*people.values())
    makers = {"member": UserFactory, "coordinator": lambda: CoordinatorFactory().user, "self": lambda: people["only_me"].user}
    if reader in makers:
        client.force_login(makers[reader]())

    wanted = {people[audience].pk for audience in seen}
    assert set(by_page(client, "experts", q="rahimova")) == wanted
    if reader == "anonymous":
        assert [client.get(f"/api/v1/{kind}", {"q": "rahimova"}).status_code for kind in KINDS] == [401, 401, 401]
    else:
        assert set(by_list(client, "experts", q="rahimova")) == wanted


def test_hidden_spellings_drafts_and_suspended_institutions_are_not_found(client, member):
    person = expert()
    PersonName.objects.create(profile=person, kind=NameKind.PASSPORT, given="Dilya", family="Passportova")
    draft = ProgramFactory(title={"en": "Passportova residency"}, state="draft", was_published=False)
    suspended = InstitutionFactory(name={"en": "Passportova museum"}, state="suspended")
    index(person, draft, suspended)

    for collection in KINDS:
        assert by_list(client, collection, q="Passportova") == by_page(client, collection, q="Passportova") == []
    client.force_login(CoordinatorFactory().user)
    assert by_list(client, "experts", q="Passportova") == by_page(client, "experts", q="Passportova") == [person.pk]


def test_what_was_hidden_a_moment_ago_is_not_shown_although_the_index_has_it(client, member):
    person, program = expert(), ProgramFactory(title={"en": "Rahimova residency"})
    index(person, program)
    ExpertProfile.objects.update(audience="only_me")
    Program.objects.update(state="draft", was_published=False)

    assert by_list(client, "experts", q="rahimova") == by_list(client, "programs", q="rahimova") == []


def test_page_by_words_shows_only_rows_of_its_own_list(client, member):
    shown, other = expert(country="KZ"), expert(country="UZ")
    index(shown, other)

    page = page_by_words(ExpertProfile.objects.filter(country="KZ"), WordQuery("expert", "rahimova"), reader=member)

    assert ([row.pk for row in page.items], page.next, page.first) == ([shown.pk], None, True)


def test_without_a_search_nothing_is_found(member, monkeypatch):
    index(expert())
    monkeypatch.setattr(word_search, "_values", {})

    assert page_by_words(ExpertProfile.objects.all(), WordQuery("expert", "rahimova"), reader=member).items == []
