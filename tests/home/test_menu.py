"""Each role has its own menu and home: what to do next first, and no two entries that lead to one page."""

import re

import pytest
from django.urls import reverse

from tests.factories import (
    ApplicationFactory,
    CoordinatorFactory,
    ExpertFactory,
    InstitutionFactory,
    MembershipFactory,
    PlacementFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
HREF = re.compile(r'href="([^"?#]+)')
PEOPLE = {
    "expert": lambda: ExpertFactory().user,
    "owner": lambda: MembershipFactory(role="owner").user,
    "editor": lambda: MembershipFactory(role="editor").user,
    "reviewer": lambda: MembershipFactory(role="reviewer").user,
    "signatory": lambda: MembershipFactory(role="signatory").user,
    "coordinator": lambda: CoordinatorFactory().user,
    "secretariat": lambda: UserFactory(is_secretariat=True),
    "newcomer": UserFactory,
}
OWN = {
    "expert": {"applications", "profile_edit", "placements"},
    "owner": {"desk_host", "program_post", "agreement_create", "agreements", "placements"},
    "editor": {"desk_host", "program_post", "agreement_create", "agreements", "placements"},
    "reviewer": {"desk_host", "agreements", "placements"},
    "signatory": {"agreement_create", "agreements", "placements"},
    "coordinator": {"desk_coordinator", "agreement_create", "agreements", "placements"},
    "secretariat": {"desk_coordinator", "coordinators", "concepts", "agreements", "placements"},
    "newcomer": {"profile_start", "invitations"},
}


def part(page, opening, closing):
    return page.split(opening, 1)[1].split(closing, 1)[0]


def menus(page):
    """The addresses of the head's menu, of its sheet on a wide screen, of the sheet on a phone, and of the bar of a phone."""
    head = part(page, '<nav aria-label="Main">', "</nav>")
    sheet = part(page, '<details class="menu" data-menu>', "</details>")
    narrow = part(sheet, '<div class="narrow-only">', "</div>")
    common = sheet.replace(narrow, "")
    settings = re.findall(r'<a class="wide-only" href="([^"]+)"', common)
    both = [url for url in HREF.findall(common) if url not in settings]
    bar = part(page, '<nav class="bar"', "</nav>")
    return {"wide": HREF.findall(head) + both + settings, "narrow": HREF.findall(narrow) + both + HREF.findall(bar)}


@pytest.mark.parametrize("role", PEOPLE)
def test_no_two_entries_lead_to_one_page_and_each_opens(client, role):
    client.force_login(PEOPLE[role]())
    found = menus(client.get("/").content.decode())

    for urls in found.values():
        landed = []
        for url in urls:
            answer = client.get(url, follow=True)
            assert answer.status_code == 200, url
            landed.append(answer.request["PATH_INFO"])
        assert sorted(set(landed)) == sorted(landed)


@pytest.mark.parametrize("role", PEOPLE)
def test_each_role_has_its_own_entries(client, role):
    client.force_login(PEOPLE[role]())
    found = menus(client.get("/").content.decode())
    shared = {"/", "/programs/", "/experts/", "/institutions/", "/settings/", "/search/", "/waiting/", "/messages/"}

    for urls in found.values():
        assert set(urls) - shared == {reverse(name) for name in OWN[role]}


@pytest.mark.parametrize("role", ["owner", "editor"])
def test_hosts_find_what_they_post_on_home_desk_and_menu(client, role):
    client.force_login(PEOPLE[role]())

    home = part(client.get("/").content.decode(), "<main", "</main>")
    desk = part(client.get("/desk/host/").content.decode(), "<main", "</main>")

    for page in (home, desk):
        assert reverse("program_post") in page
        assert reverse("agreement_create") in page


def test_a_reviewer_is_not_offered_what_they_may_not(client):
    client.force_login(PEOPLE["reviewer"]())

    for address in ("/", "/desk/host/"):
        page = client.get(address).content.decode()
        assert reverse("program_post") not in page
        assert reverse("agreement_create") not in page
    assert client.get(reverse("program_post")).status_code == 403


def test_post_a_programme_opens_the_form_of_the_institution_one_acts_for(client):
    user = UserFactory()
    first = MembershipFactory(user=user, institution=InstitutionFactory(name={"en": "Aaa"})).institution
    second = MembershipFactory(user=user, institution=InstitutionFactory(name={"en": "Bbb"})).institution
    client.force_login(user)
    assert client.get(reverse("program_post")).url == reverse("program_create", args=[first.slug])

    client.post(reverse("role_switch"), {"role": f"host:{second.pk}"})

    assert client.get(reverse("program_post")).url == reverse("program_create", args=[second.slug])


def test_post_a_programme_asks_which_institution_when_one_acts_for_none_now(client):
    user = UserFactory()
    rows = [MembershipFactory(user=user).institution for _ in range(2)]
    CoordinatorFactory(user=user)
    client.force_login(user)

    page = client.get(reverse("program_post")).content.decode()

    assert all(reverse("program_create", args=[row.slug]) in page for row in rows)


def test_post_a_programme_is_closed_to_others(client):
    assert client.get(reverse("program_post")).status_code == 302
    client.force_login(ExpertFactory().user)
    assert client.get(reverse("program_post")).status_code == 403


@pytest.mark.parametrize("role", PEOPLE)
def test_home_says_first_what_to_do_next(client, role):
    client.force_login(PEOPLE[role]())

    main = part(client.get("/").content.decode(), "<main", "</main>")

    assert main.index('aria-labelledby="next"') < main.index('role="search"')
    assert 'class="button"' in part(main, 'aria-labelledby="next"', "</section>")


def test_tasks_stand_first_on_home(client):
    application = ApplicationFactory(state="offered", offer_expires_at="2100-01-01T00:00Z")
    client.force_login(application.expert.user)

    main = part(client.get("/").content.decode(), "<main", "</main>")

    assert main.index("Answer the offer") < main.index(reverse("profile_edit")) < main.index('role="search"')


@pytest.mark.parametrize(
    ("role", "desk"),
    [
        ("expert", "applications"),
        ("owner", "desk_host"),
        ("signatory", "agreements"),
        ("coordinator", "desk_coordinator"),
        ("secretariat", "desk_coordinator"),
        ("newcomer", "applications"),
    ],
)
def test_the_desk_opens_for_its_role(client, role, desk):
    client.force_login(PEOPLE[role]())

    answer = client.get("/desk/", follow=True)

    assert answer.request["PATH_INFO"] == reverse(desk)
    assert answer.status_code == 200


# ---- the desk of the secretariat ---------------------------------------------------------------------------------------


def test_the_secretariat_reads_a_placement_once_and_decides_only_on_institutions(client):
    placement = PlacementFactory()
    waiting = MembershipFactory(institution__state="unverified").institution
    InstitutionFactory(state="unverified")  # nobody of it waits
    client.force_login(UserFactory(is_secretariat=True))

    desk = client.get("/desk/coordinator/").context["desk"]
    assert [str(tab["label"]) for tab in desk.tabs][:2] == ["To decide", "Waiting for countries"]
    assert [tab["count"] for tab in desk.tabs][:2] == [1, 1]
    assert list(desk.page.items) == [waiting]
    answer = client.get("/desk/coordinator/?tab=others")
    assert [row.placement for row in answer.context["desk"].rows] == [placement]
    main = part(answer.content.decode(), "<main", "</main>")
    assert main.count(f'<strong><a href="{placement.get_absolute_url()}"') == 1
    assert ">Decide" not in main
    assert "Your decision" not in main


def test_the_secretariat_has_no_tab_of_placements_to_decide(client):
    PlacementFactory()
    client.force_login(UserFactory(is_secretariat=True))

    desk = client.get("/desk/coordinator/?tab=decide&side=host").context["desk"]

    assert desk.tab == "institutions"
    assert "decide" not in desk.counts


def test_what_is_returned_and_what_waits_are_both_listed(client):
    placements = {PlacementFactory(state=state).pk for state in ("pending", "returned")}
    PlacementFactory(state="confirmed")
    client.force_login(UserFactory(is_secretariat=True))

    rows = client.get("/desk/coordinator/?tab=others").context["desk"].rows

    assert {row.placement.pk for row in rows} == placements
