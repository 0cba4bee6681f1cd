import csv
import datetime
import io

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from messaging.domain.threads import open_thread
from placements.domain.creation import create_placement
from placements.domain.decisions import approve_placement, return_placement
from placements.models import Approval, Placement
from tests.factories import (
    AgreementFactory,
    ApplicationFactory,
    CoordinatorFactory,
    ExpertFactory,
    InstitutionFactory,
    MembershipFactory,
    PlacementFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.now().date()
DAY = datetime.timedelta(days=1)
SEERS = ("expert", "owner", "editor", "reviewer", "sender", "receiver", "secretary")
OUTSIDERS = ("outsider", "other_country")


def text(response):
    return " ".join(response.content.decode().split())


def at(client, user, address, **kwargs):
    client.force_login(user)
    return client.get(address, **kwargs)


# ---- who sees -----------------------------------------------------------------------------------------------------------


def test_page_is_seen_by_those_it_concerns(client, cast):
    for who in SEERS:
        page = at(client, getattr(cast, who), f"/placements/{cast.placement.pk}/")
        assert page.status_code == 200
        assert cast.placement.reference in text(page)


def test_every_address_is_closed_to_outsiders(client, cast):
    base = f"/placements/{cast.placement.pk}/"
    for who in OUTSIDERS:
        client.force_login(getattr(cast, who))
        for address in ("", "resubmit/", "letter/en.pdf"):
            assert client.get(base + address).status_code == 404
        for address in ("cancel/", "resubmit/", "approvals/UZ/approve/", "approvals/US/reject/"):
            assert client.post(base + address, {"note": "x", "reason": "dates"}).status_code == 404
        listed = client.get("/placements/")
        assert listed.context["total"] == 0
        assert cast.placement.expert.shown_name not in text(listed)
    client.logout()
    for address in ("", "resubmit/", "letter/en.pdf"):
        assert client.get(base + address).status_code == 302
    assert cast.states() == ("pending", "waiting", "waiting")


def test_an_ended_appointment_closes_the_page_and_the_desk(client, cast):
    cast.sender.appointments.update(ends=TODAY - DAY)
    assert at(client, cast.sender, f"/placements/{cast.placement.pk}/").status_code == 404
    assert client.get("/desk/coordinator/").status_code == 403


def test_desk_is_for_coordinators_and_the_secretariat(client, cast):
    for who in ("outsider", "expert", "owner", "reviewer"):
        client.force_login(getattr(cast, who))
        for address in ("", "queue.csv", "flows.xlsx"):
            assert client.get(f"/desk/coordinator/{address}").status_code == 403
    for who in ("sender", "receiver", "other_country", "secretary"):
        assert at(client, getattr(cast, who), "/desk/coordinator/").status_code == 200


# ---- deciding on the page ----------------------------------------------------------------------------------------------


def test_coordinator_decides_on_the_page_and_returns_to_the_desk(client, cast):
    page = at(client, cast.sender, f"/placements/{cast.placement.pk}/?from=desk")
    address = f"/placements/{cast.placement.pk}/approvals/UZ/approve/?version={cast.approval('UZ').version}"
    assert f'action="{address}&amp;from=desk"' in text(page)

    response = client.post(f"{address}&from=desk", {"reason": "", "note": ""})

    assert response.headers["Location"] == "/desk/coordinator/"
    assert cast.states() == ("pending", "approved", "waiting")
    assert f"approvals/UZ/{'approve'}" not in text(client.get(f"/placements/{cast.placement.pk}/"))


def test_a_form_from_before_a_revision_is_refused_with_words(client, cast):
    version = cast.approval("UZ").version
    return_placement(cast.approval("US"), by=cast.receiver, reason="dates", note="Shorter, please.")
    client.force_login(cast.expert)
    data = {"starts": cast.placement.starts, "ends": cast.placement.ends - DAY, "note": "Shorter."}
    assert client.post(f"/placements/{cast.placement.pk}/resubmit/", data).status_code == 302
    client.force_login(cast.sender)
    page = f"/placements/{cast.placement.pk}/"

    answer = client.post(
        f"{page}approvals/UZ/approve/?version={version}", headers={"referer": f"http://testserver{page}"}, follow=True
    )

    assert "was revised after you opened it" in text(answer)
    assert cast.states()[1] == "waiting"


def test_the_reason_of_a_refusal_stands_beside_disabled_buttons(client, cast):
    MembershipFactory(institution=cast.program.institution, user=cast.receiver, role="reviewer")

    page = text(at(client, cast.receiver, f"/placements/{cast.placement.pk}/"))

    assert "Your own institution takes part in this placement" in page
    assert page.count('aria-disabled="true" aria-describedby="why-US"') == 3
    assert "approvals/US/" not in page
    answer = client.post(f"/placements/{cast.placement.pk}/approvals/US/approve/")
    assert answer.status_code == 403
    assert "Your own institution" in text(answer)


def test_secretariat_reads_and_decides_nothing(client, cast):
    page = text(at(client, cast.secretary, f"/placements/{cast.placement.pk}/"))
    assert "Your decision" not in page
    assert client.post(f"/placements/{cast.placement.pk}/approvals/UZ/approve/").status_code == 403
    desk = text(client.get("/desk/coordinator/?tab=others"))
    assert cast.placement.expert.shown_name in desk
    assert ">Decide" not in desk


@pytest.mark.parametrize("transition", ["ask_again", "nonsense"])
def test_transitions_nobody_makes_are_not_found_or_refused(client, cast, transition):
    client.force_login(cast.sender)
    assert client.post(f"/placements/{cast.placement.pk}/approvals/UZ/{transition}/").status_code in {404, 403}
    assert client.post(f"/placements/{cast.placement.pk}/approvals/KZ/approve/").status_code == 404
    assert client.get(f"/placements/{cast.placement.pk}/approvals/UZ/approve/").status_code == 405


# ---- returned, revised, cancelled --------------------------------------------------------------------------------------


def test_expert_reads_why_and_sends_again(client, cast):
    approve_placement(cast.approval("UZ"), by=cast.sender)
    return_placement(cast.approval("US"), by=cast.receiver, reason="documents", note="The <b>employer's</b> letter is missing.")
    page = text(at(client, cast.expert, f"/placements/{cast.placement.pk}/"))
    assert "Documents are missing or unclear" in page
    assert "&lt;b&gt;employer" in page
    form = text(client.get(f"/placements/{cast.placement.pk}/resubmit/"))
    assert f'value="{cast.placement.starts.isoformat()}"' in form

    response = client.post(
        f"/placements/{cast.placement.pk}/resubmit/",
        {"starts": cast.placement.starts, "ends": cast.placement.ends, "note": "It is in the conversation."},
    )

    assert response.status_code == 302
    assert cast.states() == ("pending", "approved", "waiting")
    seen_by_receiver = text(at(client, cast.receiver, f"/placements/{cast.placement.pk}/"))
    assert "It is in the conversation." in seen_by_receiver
    assert "Documents are missing or unclear" in seen_by_receiver


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"note": ""}, "This field is required."),
        ({"starts": "not a date"}, "Enter a valid date."),
        ({"starts": "2020-01-01"}, "The dates must lie within those of the programme."),
    ],
)
def test_revision_form_keeps_what_was_typed(client, cast, changes, words):
    return_placement(cast.approval("US"), by=cast.receiver, reason="dates", note="Other dates.")
    client.force_login(cast.expert)
    data = {"starts": cast.placement.starts.isoformat(), "ends": cast.placement.ends.isoformat(), "note": "Kept words."}

    page = client.post(f"/placements/{cast.placement.pk}/resubmit/", data | changes)

    assert page.status_code == 422
    assert words in text(page)
    if "note" not in changes:
        assert "Kept words." in text(page)
    assert cast.states() == ("returned", "waiting", "returned")


def test_cancelling_needs_words(client, cast):
    client.force_login(cast.expert)
    page = f"/placements/{cast.placement.pk}/"
    answer = client.post(f"{page}cancel/", {"note": " "}, headers={"referer": f"http://testserver{page}"}, follow=True)
    assert "Give a short reason" in text(answer)

    client.post(f"{page}cancel/", {"note": "I fell ill."})

    assert cast.fresh().state == "cancelled"
    assert "I fell ill." in text(client.get(page))


def test_only_the_expert_and_the_host_may_open_the_revision_form(client, cast):
    return_placement(cast.approval("US"), by=cast.receiver, reason="dates", note="Other dates.")
    for who, status in (("expert", 200), ("owner", 200), ("editor", 200), ("reviewer", 403), ("sender", 403), ("secretary", 403)):
        assert at(client, getattr(cast, who), f"/placements/{cast.placement.pk}/resubmit/").status_code == status


# ---- the page in other respects ------------------------------------------------------------------------------------------


def test_page_shows_the_letters_once_confirmed(client, cast):
    cast.expert.language = "uz"
    cast.expert.save()
    assert ".pdf" not in text(at(client, cast.expert, f"/placements/{cast.placement.pk}/"))
    approve_placement(cast.approval("UZ"), by=cast.sender)
    approve_placement(cast.approval("US"), by=cast.receiver)

    page = text(at(client, cast.owner, f"/placements/{cast.placement.pk}/"))

    assert f"/placements/{cast.placement.pk}/letter/uz.pdf" in page
    assert f"/placements/{cast.placement.pk}/letter/en.pdf" in page


def test_page_names_the_agreement_to_those_who_may_read_it(client):
    home = InstitutionFactory(country="UZ")
    expert = ExpertFactory(affiliation=home)
    application = ApplicationFactory(expert=expert, state="accepted")
    agreement = AgreementFactory(first=application.program.institution, second=home, valid_until=None, yearly_places=3)
    placement = create_placement(application, by=expert.user)
    link = f'href="/agreements/{agreement.pk}/"'

    coordinator = text(at(client, CoordinatorFactory(country="UZ").user, f"/placements/{placement.pk}/"))
    assert link in coordinator
    assert "1 of 3" in coordinator
    seen_by_expert = text(at(client, expert.user, f"/placements/{placement.pk}/"))
    assert str(agreement.title) in seen_by_expert
    assert link not in seen_by_expert


def test_page_warns_when_nothing_covers_the_stay(client, cast):
    page = text(at(client, cast.sender, f"/placements/{cast.placement.pk}/"))
    assert "No agreement between the two institutions covers these days." in page


def test_conversation_is_linked_for_those_in_it(client):
    application = ApplicationFactory(state="accepted", thread=open_thread(title={"en": "T"}))
    sender = CoordinatorFactory(country="UZ").user
    placement = create_placement(application, by=application.expert.user)
    link = f"/messages/{application.thread_id}/"

    assert link in text(at(client, sender, f"/placements/{placement.pk}/"))
    assert link not in text(at(client, UserFactory(is_secretariat=True), f"/placements/{placement.pk}/"))


# ---- desk -----------------------------------------------------------------------------------------------------------------


def test_desk_sorts_placements_into_its_tabs(client, cast):
    done = PlacementFactory()
    approve_placement(done.approvals.get(country="UZ"), by=cast.sender)
    back = PlacementFactory()
    return_placement(back.approvals.get(country="US"), by=cast.receiver, reason="dates", note="Later.")
    away = PlacementFactory(state="confirmed", starts=TODAY - DAY, ends=TODAY + DAY)
    PlacementFactory(state="confirmed", starts=TODAY + DAY, ends=TODAY + 9 * DAY)
    PlacementFactory(application__expert__country="KG")
    InstitutionFactory(country="UZ", state="unverified")
    InstitutionFactory(country="KG", state="unverified")
    AgreementFactory(valid_until=TODAY + 10 * DAY)
    client.force_login(cast.sender)

    def shown(tab):
        return {row.placement.pk for row in client.get(f"/desk/coordinator/?tab={tab}").context["desk"].rows}

    assert shown("decide") == {cast.placement.pk}
    assert shown("others") == {done.pk, back.pk}
    assert shown("abroad") == {away.pk}
    desk = client.get("/desk/coordinator/?tab=institutions").context["desk"]
    assert dict(desk.counts) == {"decide": 1, "others": 2, "abroad": 1, "institutions": 1, "agreements": 1}
    assert [institution.country for institution in desk.page.items] == ["UZ"]


@pytest.mark.parametrize(
    ("asked", "due", "words"), [(1, 6, "1 of 7 days"), (5, 2, "5 of 7 days"), (7, 0, "due today"), (8, -1, "8 days, 1 over")]
)
def test_desk_shows_the_clock(client, cast, asked, due, words):
    Approval.objects.filter(country="UZ").update(asked_at=timezone.now() - asked * DAY, due_on=TODAY + due * DAY)

    assert words in text(at(client, cast.sender, "/desk/coordinator/"))


def test_desk_is_narrowed_to_one_of_several_countries_and_to_a_side(client, cast):
    CoordinatorFactory(user=cast.sender, country="US")
    inbound = PlacementFactory(application__expert__country="KZ")
    client.force_login(cast.sender)

    def shown(query):
        rows = client.get(f"/desk/coordinator/{query}").context["desk"].rows
        return sorted((row.placement.pk, row.mine.approval.country) for row in rows)

    assert shown("?country=UZ") == [(cast.placement.pk, "UZ")]
    assert shown("?country=US") == [(cast.placement.pk, "US"), (inbound.pk, "US")]
    assert shown("?country=US&side=sending") == []
    assert len(shown("?country=KZ")) == 3  # not theirs: all of theirs are shown
    assert len(shown("?country=")) == 3


def test_desk_of_a_deputy_shows_who_acts(client, cast):
    cast.sender.name = "Dilshod Karimov"
    cast.sender.save()
    chief = cast.sender.appointments.get()
    deputy = CoordinatorFactory(country="UZ", deputy_of=chief, starts=TODAY, ends=TODAY + 3 * DAY, user__name="F. Nazarov").user
    CoordinatorFactory(country="UZ", deputy_of=chief, starts=TODAY + 20 * DAY, user__name="Later Deputy")
    CoordinatorFactory(country="UZ", ends=TODAY - DAY, user__name="Former Person")

    page = text(at(client, deputy, "/desk/coordinator/"))

    for name in ("Dilshod Karimov", "F. Nazarov", "Later Deputy"):
        assert name in page
    assert "Former Person" not in page


def test_desk_names_the_conflict_instead_of_the_button(client, cast):
    MembershipFactory(institution=cast.program.institution, user=cast.receiver)
    page = text(at(client, cast.receiver, "/desk/coordinator/"))
    assert "another coordinator decides" in page
    assert ">Decide" not in page


def test_flows_and_pace_are_figures_of_confirmed_placements(client, cast):
    start = TODAY.replace(month=1, day=1)
    for country in ("UZ", "UZ", "KZ"):
        PlacementFactory(application__expert__country=country, state="confirmed", starts=start, ends=start)
    PlacementFactory(state="confirmed", starts=start.replace(year=start.year - 1), ends=start)
    now = timezone.now()
    for days, country in ((2, "UZ"), (6, "UZ"), (20, "US")):
        approval = Approval.objects.filter(country=country, state="waiting").exclude(placement=cast.placement).first()
        Approval.objects.filter(pk=approval.pk).update(state="approved", asked_at=now - days * DAY, decided_at=now)

    context = at(client, cast.sender, "/desk/coordinator/").context

    assert context["flows"].counts == {("UZ", "US"): 2, ("KZ", "US"): 1}
    assert [(row.partner, row.sent, row.hosted) for row in context["balance"]] == [("US", 2, 0)]
    assert [days for _label, days in context["pace"].lines] == ["4 days", "6 days", "6 days"]


def test_queue_is_a_table_without_formulas(client, cast):
    type(cast.placement.expert).objects.filter(pk=cast.placement.expert_id).update(shown_name="=HYPERLINK(1)", latin_name="@cmd")
    PlacementFactory(application__expert__country="KZ")
    client.force_login(cast.sender)

    answer = client.get("/desk/coordinator/queue.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert len(rows) == 2
    assert rows[1][:3] == [cast.placement.reference, "'=HYPERLINK(1)", "'@cmd"]
    sheet = load_workbook(io.BytesIO(client.get("/desk/coordinator/queue.xlsx").content)).active
    assert (sheet["B2"].value, sheet["B2"].data_type) == ("=HYPERLINK(1)", "s")
    assert client.get("/desk/coordinator/queue.exe").status_code == 404


def test_flows_are_a_table_too(client, cast):
    start = TODAY.replace(month=1, day=1)
    PlacementFactory(state="confirmed", starts=start, ends=start)
    client.force_login(cast.sender)

    rows = list(csv.reader(io.StringIO(client.get("/desk/coordinator/flows.csv").content.decode("utf-8-sig"))))

    assert rows[0][1:] == ["Kazakhstan", "Kyrgyzstan", "Tajikistan", "Turkmenistan", "Uzbekistan", "United States of America"]
    assert rows[5] == ["Uzbekistan", "0", "0", "0", "0", "", "1"]
    assert client.get("/desk/coordinator/flows.xlsx?year=2025").status_code == 200


# ---- flat lists -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_list_of_placements_is_flat(client, rows, django_assert_num_queries):
    expert = ExpertFactory()
    for _ in range(rows):
        placement = PlacementFactory(application__expert=expert)
        approve_placement(placement.approvals.get(country="UZ"), by=CoordinatorFactory(country="UZ").user)
    client.force_login(expert.user)
    client.get("/placements/")

    with django_assert_num_queries(LIST_QUERIES):
        page = client.get("/placements/")

    assert len(page.context["page"].items) == rows


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("tab", ["decide", "others", "abroad", "institutions", "agreements"])
def test_desk_is_flat(client, rows, tab, django_assert_num_queries):
    sender, receiver = CoordinatorFactory(country="UZ").user, CoordinatorFactory(country="US").user
    home = InstitutionFactory(country="UZ")
    for _ in range(rows):
        application = ApplicationFactory(expert=ExpertFactory(affiliation=home), state="accepted")
        AgreementFactory(first=application.program.institution, second=home, valid_until=TODAY + 80 * DAY)
        create_placement(application, by=None)
        approve_placement(PlacementFactory().approvals.get(country="UZ"), by=sender)
        PlacementFactory(state="confirmed", starts=TODAY, ends=TODAY)
        InstitutionFactory(country="UZ", state="unverified")
    client.force_login(sender)
    client.get("/desk/coordinator/")

    with django_assert_num_queries(DESK_QUERIES[tab]):
        page = client.get(f"/desk/coordinator/?tab={tab}")

    assert len(page.context["desk"].page.items) == rows
    assert receiver


@pytest.mark.parametrize("events", [1, 3])
def test_page_of_a_placement_is_flat(client, cast, events, django_assert_num_queries):
    for _ in range(events):
        return_placement(cast.approval("US"), by=cast.receiver, reason="dates", note="Later.")
        client.force_login(cast.owner)
        client.post(
            f"/placements/{cast.placement.pk}/resubmit/",
            {"starts": cast.placement.starts, "ends": cast.placement.ends, "note": "As you wish."},
        )
    client.force_login(cast.sender)
    client.get(f"/placements/{cast.placement.pk}/")

    with django_assert_num_queries(PAGE_QUERIES):
        page = client.get(f"/placements/{cast.placement.pk}/")

    assert text(page).count("As you wish.") == events


LIST_QUERIES = 6
DESK_QUERIES = {"decide": 16, "others": 15, "abroad": 15, "institutions": 14, "agreements": 14}
PAGE_QUERIES = 8


def test_an_application_shows_its_placement(client, cast):
    page = text(at(client, cast.expert, f"/applications/{cast.application.pk}/"))

    assert f'href="/placements/{cast.placement.pk}/"' in page
    assert "Waiting for approval" in page
    assert Placement.objects.count() == 1
