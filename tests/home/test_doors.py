"""Which addresses an anonymous user may open, and the start page."""

import datetime

import pytest
from django.core.cache import caches
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from exchange.home.queries import Statistics, statistics
from tests.factories import (
    ConceptFactory,
    ExpertFactory,
    InstitutionFactory,
    MembershipFactory,
    PlacementFactory,
    ProgramFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

# Every address that needs no login. A new one shows up here, in review.
PUBLIC = {
    "home",
    "search",
    "search_suggestions",
    "match_mail_stop",
    "saved_search_stop",
    "programs",
    "program",
    "program_calendar",
    "program_picture_file",
    "experts",
    "expert",
    "expert_cv",
    "expert_photo",
    "expert_picture",
    "expert_cv_made",
    "expert_card",
    "expert_code",
    "profile_confirm_link",
    "letter_check",
    "letter_check_form",
    "institutions",
    "institution",
    "institution_picture_file",
    "ornament",
    "about_data",
    "terms",
    "privacy",
    "account_deleted",
    "account_take_back",
    "robots",
    "sitemap",
    "healthz",
    "readyz",
    "language_switch",
    "theme_switch",
    "dev_mail",
}


def own_patterns(resolver=None, prefix=""):
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            if not route.startswith(("accounts/", "admin/", "api/")):
                yield from own_patterns(entry, route)
        elif isinstance(entry, URLPattern):
            yield entry


def test_only_listed_addresses_are_open_to_anonymous_users():
    opened = {entry.name for entry in own_patterns() if not getattr(entry.callback, "login_required", True)}

    assert opened <= PUBLIC, f"opened without being listed: {sorted(opened - PUBLIC)}"


def test_every_address_has_a_name_and_names_are_unique():
    names = [entry.name for entry in own_patterns()]

    assert None not in names
    assert len(names) == len(set(names))


def test_front_page_says_what_miras_is_and_what_is_open(client):
    program = ProgramFactory()

    page = client.get("/").content.decode()

    assert "<h1>Find the place where your craft is needed next</h1>" in page
    assert str(program.title) in page
    assert "application/ld+json" in page
    assert 'hreflang="kk"' in page


def test_front_page_reads_in_the_language_asked_for(client):
    page = client.get("/?lang=ru")

    assert page.headers["Content-Language"] == "ru"
    assert '<html lang="ru"' in page.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_front_page_costs_the_same_for_one_row_and_three(client, rows, django_assert_max_num_queries):
    ConceptFactory()
    ProgramFactory.create_batch(rows)
    client.get("/")

    with django_assert_max_num_queries(2):
        client.get("/")


def test_home_of_an_expert_shows_what_fits(client):
    expert = ExpertFactory()
    client.force_login(expert.user)

    page = client.get("/").content.decode()

    assert "For you" in page
    assert "Nothing fits yet" in page


def test_home_of_somebody_who_is_nothing_yet_welcomes_them_and_shows_what_is_open(client):
    program = ProgramFactory()
    client.force_login(UserFactory(name="Aziza Karimova"))

    page = client.get("/").content.decode()

    assert "<h1>Welcome, Aziza Karimova</h1>" in page
    assert str(program.title) in page
    assert "My tasks" not in page
    assert "For you" not in page


@pytest.mark.parametrize(("person", "desk"), [("expert", "/applications/"), ("host", "/desk/host/"), ("nobody", "/applications/")])
def test_desk_leads_to_the_desk_of_the_active_role(client, person, desk):
    makers = {"expert": lambda: ExpertFactory().user, "host": lambda: MembershipFactory().user, "nobody": UserFactory}
    client.force_login(makers[person]())

    assert client.get("/desk/").url == desk


def test_desk_is_closed_to_anonymous_users(client):
    assert client.get("/desk/").url.startswith("/accounts/login/")


def test_search_finds_nothing_in_hostile_words(client):
    for words in ("\x00", "' OR 1=1", "&|!", "x" * 3000, "😀", ""):
        page = client.get("/search/", {"q": words}).context["page"]
        assert not any(section.cards for section in page.sections), words


def test_figures_count_only_what_is_confirmed_named_and_answered():
    caches["redis"].delete("statistics")
    now = timezone.now()
    confirmed, waiting = PlacementFactory(state="confirmed"), PlacementFactory()
    PlacementFactory(state="rejected")
    ExpertFactory(shown_name="", named=False)
    InstitutionFactory(state="suspended")
    asked = now - datetime.timedelta(days=6)
    approvals = confirmed.approvals.order_by("pk")
    approvals.filter(country="UZ").update(state="approved", asked_at=asked, decided_at=asked + datetime.timedelta(days=2))
    approvals.filter(country="US").update(state="approved", asked_at=asked, decided_at=asked + datetime.timedelta(days=3))
    waiting.approvals.filter(country="UZ").update(state="returned", asked_at=asked, decided_at=now)

    assert statistics() == Statistics(experts=3, institutions=3, placements=1, days=2.5)


def test_figures_are_ten_minutes_old_at_most_and_know_no_days_before_the_first_answer():
    caches["redis"].delete("statistics")
    assert statistics() == Statistics(experts=0, institutions=0, placements=0, days=None)

    PlacementFactory(state="confirmed")

    assert statistics().placements == 0
    caches["redis"].delete("statistics")
    assert statistics().placements == 1
