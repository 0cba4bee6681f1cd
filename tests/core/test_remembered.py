import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.http import HttpResponse
from django.middleware.csrf import get_token

from exchange.core import page_slots
from exchange.core import remembered as remembered_module
from exchange.core.context import context_stamps
from exchange.core.remembered import MAX_PAGES, Kept, Memory, memory, remembered
from exchange.core.stamps import NOTHING, rows_stamp
from tests.factories import ConceptFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _forgetful():
    memory.clear()


class Page:
    """A page that counts how often it was drawn."""

    def __init__(self, body="drawn"):
        self.drawn = 0
        self.body = body

    def __call__(self):
        self.drawn += 1
        return HttpResponse(self.body)


def ask(rf, path="/page/", user=None, session=None, **headers):
    request = rf.get(path, headers=headers)
    request.user = user or AnonymousUser()
    request.session = session or {}
    return request


def test_a_page_is_drawn_once_while_nothing_changes(rf):
    page = Page()

    answers = [remembered(ask(rf), page, stamps=["SELECT 1"]).content for _ in range(3)]

    assert (page.drawn, answers) == (1, [b"drawn"] * 3)


def test_a_new_row_and_one_less_draw_anew(rf):
    page, concept = Page(), ConceptFactory()
    stamps = [rows_stamp("profiles_concept", "scheme = 'field'")]

    def drawn():
        remembered(ask(rf), page, stamps=stamps)
        return page.drawn

    assert [drawn(), drawn()] == [1, 1]
    ConceptFactory()
    assert [drawn(), drawn()] == [2, 2]
    concept.delete()
    assert [drawn(), drawn()] == [3, 3]


def test_inside_a_transaction_everything_is_drawn(rf):
    page = Page()
    with transaction.atomic():
        for _ in range(2):
            remembered(ask(rf), page, stamps=[])

    assert page.drawn == 2


def test_behind_a_pooler_nothing_is_prepared(rf, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    page = Page()
    for _ in range(2):
        remembered(ask(rf), page, stamps=["SELECT 'pooled'"])

    assert page.drawn == 1
    assert not any("pooled" in sql for sql in remembered_module._prepared.get(connection.connection, {}))


def test_every_column_of_the_account_counts(rf):
    page, user = Page(), UserFactory()
    for name in ("name", "email", "language", "time_zone"):
        setattr(user, name, "other")
        remembered(ask(rf, user=user), page, stamps=[])

    assert page.drawn == 4


def test_a_rewritten_row_draws_anew_and_the_statement_is_planned_once(rf):
    page, concept = Page(), ConceptFactory()
    stamps = [rows_stamp("profiles_concept", "slug = %(slug)s")]

    def drawn():
        remembered(ask(rf), page, stamps=stamps, slug=concept.slug)
        return page.drawn

    assert [drawn(), drawn()] == [1, 1]
    concept.save()
    assert [drawn(), drawn()] == [2, 2]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'remembered_%'")
        assert cursor.fetchone()[0] == 1


def test_a_hostile_parameter_is_a_value_and_nothing_else(rf):
    page = Page()
    for slug in ("x'; DROP TABLE profiles_concept; --", "%(user)s", "$1", "\\", "имя"):
        remembered(ask(rf), page, stamps=[rows_stamp("profiles_concept", "slug = %(slug)s")], slug=slug)
    assert page.drawn == 1  # nothing has such a name: all look alike, and the address is the same


@pytest.mark.parametrize(
    "change",
    [
        {"path": "/page/?a=1"},
        {"user": True},
        {"session": {"hat": "expert"}},
        {"cookie": "theme=dark"},
    ],
)
def test_another_reader_gets_a_page_of_their_own(rf, change):
    page = Page()
    remembered(ask(rf), page, stamps=[])

    request = ask(rf, change.get("path", "/page/"), UserFactory() if "user" in change else None, change.get("session"))
    if "cookie" in change:
        request.COOKIES["theme"] = "dark"
    remembered(request, page, stamps=[])

    assert page.drawn == 2


def test_two_people_never_share_a_page(rf):
    first, second = UserFactory(), UserFactory()

    for user in (first, second):
        response = remembered(ask(rf, user=user), lambda user=user: HttpResponse(user.email), stamps=[])
        assert response.content.decode() == user.email


@pytest.mark.parametrize(
    "change",
    [
        {"headers": {"hx-request": "true"}},
        {"session": {"_messages": "x"}},
        {"path": "/page/?" + "a" * 400},
    ],
)
def test_requests_out_of_the_ordinary_are_drawn_every_time(rf, change):
    page = Page()

    for _ in range(2):
        remembered(
            ask(rf, change.get("path", "/page/"), session=change.get("session"), **change.get("headers", {})), page, stamps=[]
        )

    assert page.drawn == 2
    assert not memory._pages


def test_flash_messages_are_drawn_every_time(rf):
    page = Page()
    for _ in range(2):
        request = ask(rf)
        request.COOKIES["messages"] = "x"
        remembered(request, page, stamps=[])

    assert page.drawn == 2


@pytest.mark.parametrize("status", [302, 403, 404, 500])
def test_only_good_answers_are_kept(rf, status):
    remembered(ask(rf), lambda: HttpResponse("x", status=status), stamps=[])

    assert not memory._pages


def test_an_answer_with_a_cookie_is_not_kept(rf):
    response = HttpResponse("x")
    response.set_cookie("a", "b")
    remembered(ask(rf), lambda: response, stamps=[])

    assert not memory._pages


def test_a_refusing_condition_is_drawn_every_time(rf):
    page = Page()
    for _ in range(2):
        remembered(ask(rf), page, stamps=[], refuse="%(user)s = 0")

    assert page.drawn == 2


def test_a_piece_without_a_stamp_makes_the_page_be_drawn_every_time(rf, monkeypatch):
    monkeypatch.setattr(page_slots, "_slots", {})
    monkeypatch.setattr(page_slots, "_stamps", {})
    page = Page()
    page_slots.page_slot("somewhere", stamp=NOTHING)(lambda request, subject: "")
    for _ in range(2):
        remembered(ask(rf), page, stamps=[], places=["somewhere"])
    assert page.drawn == 1

    page_slots.page_slot("somewhere")(lambda request, subject: "x")
    for _ in range(2):
        remembered(ask(rf), page, stamps=[], places=["somewhere"])
    assert page.drawn == 3


def test_everything_offered_to_pages_has_a_stamp():
    assert None not in context_stamps()


def test_form_tokens_are_fresh_and_valid_every_time(rf):
    from django.middleware.csrf import _does_token_match

    first = ask(rf)
    secret = get_token(first) and first.META["CSRF_COOKIE"]
    body = '<meta name="csrf-token" content="{0}"><input type="hidden" name="csrfmiddlewaretoken" value="{0}">'

    def answer():
        request = ask(rf)
        request.META["CSRF_COOKIE"] = secret
        response = remembered(request, lambda: HttpResponse(body.format(get_token(request))), stamps=[])
        return response.content.decode().split('"')

    tokens = [token for parts in (answer(), answer(), answer()) for token in parts if len(token) == 64]

    assert len(tokens) == 6
    assert len(set(tokens)) == 3
    assert all(_does_token_match(token, secret) for token in tokens)


def test_nothing_is_kept_for_long(rf, monkeypatch):
    page = Page()
    remembered(ask(rf), page, stamps=[])
    clock = remembered_module.time.monotonic() + remembered_module.FRESH_SECONDS + 1
    monkeypatch.setattr(remembered_module.time, "monotonic", lambda: clock)

    remembered(ask(rf), page, stamps=[])

    assert page.drawn == 2


def test_memory_is_bounded_by_number_and_by_size(monkeypatch):
    kept = Memory()
    page = Kept([b"x"], [], float("inf"), 1)
    for key in range(MAX_PAGES + 5):
        kept.put(key, page)
        kept.get(0)  # the one asked for stays
    assert len(kept._pages) == MAX_PAGES
    assert kept.get(0) is page
    assert kept.get(1) is None

    kept.put("huge", Kept([b""], [], float("inf"), remembered_module.MAX_BYTES + 1))
    assert kept._bytes <= remembered_module.MAX_BYTES
