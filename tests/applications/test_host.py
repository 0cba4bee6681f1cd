"""The host's side: the table, the rubric, the export, the desk."""

import csv
import datetime
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from applications.domain.queries import host_desk, my_applications
from applications.domain.reviews import save_review, visible_reviews
from applications.domain.tables import list_applications, places_by_country
from applications.models import Application, Review
from exchange.core.errors import DomainError, Refusal, StaleError
from messaging.domain.threads import open_thread, post_message
from tests import factories as make
from tests.applications.conftest import an_expert


def scores(program, *values):
    return {str(row.pk): value for row, value in zip(program.criteria.all(), values, strict=True)}


def reviewed(application, *pairs):
    for values, user in pairs:
        save_review(application, by=user, scores=scores(application.program, *values))


def many(program, number, **fields):
    return [make.ApplicationFactory(program=program, expert=an_expert(), **fields) for _ in range(number)]


def reads(function):
    """How many queries it asks, once the reader's access is known; the frame of a page asks others."""
    function()
    with CaptureQueriesContext(connection) as queries:
        function()
    return len(queries)


# ---- the rubric ------------------------------------------------------------------------------------------------------


def test_a_review_is_weighed_and_the_mean_follows(application, host, program):
    first = save_review(application, by=host.reviewer, scores=scores(program, 5, 1), comment=" Good hands. ")
    save_review(application, by=host.editor, scores=scores(program, 2, 2))

    application.refresh_from_db()
    assert first.mean == Decimal("4.00")  # (5 * 3 + 1 * 1) / 4
    assert first.comment == "Good hands."
    assert (application.mean_score, application.review_count) == (Decimal("3.00"), 2)


def test_a_review_written_again_replaces_itself(application, host, program):
    reviewed(application, ((5, 5), host.reviewer), ((1, 1), host.reviewer))

    application.refresh_from_db()
    assert (application.mean_score, application.review_count) == (Decimal("1.00"), 1)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"first": 3},
        {"first": 6, "second": 1},
        {"first": 0, "second": 1},
        {"first": 2.5, "second": 1},
        {"first": True, "second": 1},
        {"first": "²", "second": 1},
    ],
)
def test_scores_outside_the_rubric_are_refused(application, host, program, given):
    first, second = (str(row.pk) for row in program.criteria.all())
    keys = {"first": first, "second": second}

    with pytest.raises(DomainError) as refused:
        save_review(application, by=host.reviewer, scores={keys[key]: value for key, value in given.items()})

    assert refused.value.code == "scores"
    assert not Review.objects.exists()


def test_a_programme_without_rubric_is_scored_as_a_whole(host, expert):
    bare = make.ApplicationFactory(program=make.ProgramFactory(institution=host.institution), expert=expert)

    save_review(bare, by=host.reviewer, scores={"overall": 4})

    assert bare.mean_score == Decimal("4.00")


def test_who_may_review_and_when(application, host, program, outsider, expert):
    given = scores(program, 3, 3)
    for user in (host.signatory, outsider, expert.user):
        with pytest.raises(Refusal):
            save_review(application, by=user, scores=given)
    Application.objects.filter(pk=application.pk).update(state="accepted")

    with pytest.raises(StaleError):
        save_review(application, by=host.reviewer, scores=given)


def test_a_reviewer_reads_others_only_after_their_own(client, application, host, program):
    second = make.MembershipFactory(institution=host.institution, role="reviewer").user
    save_review(application, by=second, scores=scores(program, 1, 1), comment="Not convinced at all.")

    assert visible_reviews(application, host.reviewer) == []
    assert len(visible_reviews(application, host.owner)) == 1
    client.force_login(host.reviewer)
    before = client.get(application.get_absolute_url()).content.decode()
    listed = client.get(reverse("program_applications", args=[program.slug])).content.decode()
    item = client.get(f"/api/v1/applications/{application.pk}").json()
    sheet = client.get(reverse("program_applications_export", args=[program.slug, "csv"])).content.decode()

    assert "Not convinced" not in before
    assert "1.00" not in before
    assert 'class="dots' not in listed
    assert (item["mean_score"], item["reviews"]) == (None, [])
    assert "1.00" not in sheet

    save_review(application, by=host.reviewer, scores=scores(program, 5, 5))
    assert "Not convinced" in client.get(application.get_absolute_url()).content.decode()


def test_save_and_next_goes_round_what_waits(client, host, program):
    first, second, third = many(program, 3)
    client.force_login(host.reviewer)
    fields = {f"score-{row.pk}": "4" for row in program.criteria.all()}

    def review(application):
        return client.post(reverse("application_review", args=[application.pk]), fields | {"next": "1"}).url

    assert review(second) == third.get_absolute_url()
    assert review(third) == first.get_absolute_url()
    assert review(first) == first.get_absolute_url()


def test_an_incomplete_review_keeps_its_words(client, application, host, program):
    client.force_login(host.reviewer)

    page = client.post(reverse("application_review", args=[application.pk]), {"comment": "Half a thought"})

    assert page.status_code == 422
    assert "Half a thought" in page.content.decode()


# ---- the table -------------------------------------------------------------------------------------------------------


def test_the_table_costs_the_same_for_one_and_three(client, host, program):
    costs = []
    for more in (1, 2):
        for application in many(program, more):
            reviewed(application, ((5, 5), host.owner), ((1, 1), host.editor))
            Application.objects.filter(pk=application.pk).update(state="waitlisted", waitlisted_at=timezone.now())
        client.force_login(host.owner)
        client.get(reverse("program_applications", args=[program.slug]))
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("program_applications", args=[program.slug]))
        assert page.content.decode().count('data-label="Spread"') == 1 + (more == 2) * 2
        costs.append((len(queries), reads(lambda: list_applications(program, host.owner, QueryDict("show=waitlisted")))))

    assert costs == [(costs[0][0], 5)] * 2


def test_filters_count_and_choose(host, program):
    uz, kz, waiting = (make.ApplicationFactory(program=program, expert=an_expert(country)) for country in ("UZ", "KZ", "UZ"))
    Application.objects.filter(pk=waiting.pk).update(state="waitlisted", waitlisted_at=timezone.now())
    reviewed(uz, ((5, 5), host.owner), ((2, 2), host.editor))
    reviewed(kz, ((3, 3), host.editor))

    def shown(query):
        table = list_applications(program, host.owner, QueryDict(query))
        assert table.total == len(table.rows)
        return {row.application.pk for row in table.rows}

    assert shown("") == {uz.pk, kz.pk, waiting.pk}
    assert shown("show=split") == {uz.pk}
    assert shown("show=review") == {kz.pk, waiting.pk}
    assert shown("show=waitlisted") == {waiting.pk}
    assert shown("country=KZ") == {kz.pk}
    assert shown("country=KZ&show=waitlisted") == set()
    counts = {name: count for name, _label, count in list_applications(program, host.owner, QueryDict("country=UZ")).shows}
    assert counts == {"": 2, "review": 1, "split": 1, "submitted": 1, "waitlisted": 1}


@pytest.mark.parametrize("order", ["mean", "-mean", "name", "-name", "submitted", "-submitted"])
def test_pages_follow_each_other_in_every_order(host, program, order):
    rows = many(program, 7)
    for number, application in enumerate(rows[:5]):
        reviewed(application, ((1 + number % 3, 3), host.owner))
        when = timezone.now() - datetime.timedelta(hours=number % 3)
        Application.objects.filter(pk=application.pk).update(submitted_at=when)

    seen, cursor = [], ""
    while cursor is not None:
        table = list_applications(program, host.owner, QueryDict(f"sort={order}&cursor={cursor}"), size=2)
        seen += [row.application.pk for row in table.rows]
        cursor = table.page.next

    whole = [row.application.pk for row in list_applications(program, host.owner, QueryDict(f"sort={order}"), size=50).rows]
    assert seen == whole
    assert sorted(seen) == sorted(row.pk for row in rows)


def test_a_reviewers_table_is_never_ordered_by_what_others_gave(host, program):
    low, high = many(program, 2)
    reviewed(high, ((5, 5), host.owner))
    reviewed(low, ((1, 1), host.owner))

    tables = [list_applications(program, host.reviewer, QueryDict(f"sort={order}")) for order in ("mean", "-mean")]

    assert [table.order for table in tables] == ["submitted", "submitted"]
    assert all(name != "split" for table in tables for name, _label, _count in table.shows)


def test_places_by_country(program):
    make.QuotaFactory(program=program, country="UZ", reserved=2, most=2)
    for country, state in (("UZ", "accepted"), ("UZ", "offered"), ("KZ", "accepted"), ("KZ", "submitted"), ("TJ", "draft")):
        fields = {"submitted_at": None} if state == "draft" else {}
        make.ApplicationFactory(program=program, expert=an_expert(country), state=state, **fields)

    rows = {row.country: row for row in places_by_country(program)}

    assert (rows["UZ"].most, rows["UZ"].taken, rows["UZ"].left, rows["UZ"].applied) == (2, 2, 0, 2)
    assert (rows["KZ"].most, rows["KZ"].taken, rows["KZ"].left, rows["KZ"].applied) == (5, 1, 2, 2)
    assert rows["TJ"].applied == 0


# ---- the export ------------------------------------------------------------------------------------------------------


@pytest.fixture
def evil(host, program):
    expert = an_expert(shown_name='=HYPERLINK("http://evil")', latin_name="@SUM(A1)")
    row = make.ApplicationFactory(program=program, expert=expert, statement="+1\n-2\x07\tсузани")
    reviewed(row, ((5, 1), host.owner))
    return row


def test_csv_opens_in_a_spreadsheet_and_runs_nothing(client, host, program, evil):
    client.force_login(host.owner)

    answer = client.get(reverse("program_applications_export", args=[program.slug, "csv"]))

    text = answer.content.decode()
    assert text.startswith("\ufeff")
    head, row = list(csv.reader(io.StringIO(text[1:])))
    assert row[:3] == ['\'=HYPERLINK("http://evil")', "'@SUM(A1)", "Uzbekistan"]
    assert row[head.index("Statement")].startswith("'+1")
    assert row[head.index("Average")] == "4.00"
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_xlsx_holds_strings_only(client, host, program, evil):
    client.force_login(host.owner)

    answer = client.get(reverse("program_applications_export", args=[program.slug, "xlsx"]))

    cells = [cell for row in load_workbook(io.BytesIO(answer.content)).active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert '=HYPERLINK("http://evil")' in [cell.value for cell in cells]


def test_the_export_follows_the_filters_and_knows_two_kinds(client, host, program, evil):
    make.ApplicationFactory(program=program, expert=an_expert("KZ"))
    client.force_login(host.owner)

    rows = client.get(reverse("program_applications_export", args=[program.slug, "csv"]) + "?country=KZ").content.decode()

    assert "HYPERLINK" not in rows
    assert client.get(reverse("program_applications_export", args=[program.slug, "exe"])).status_code == 404


# ---- the desk --------------------------------------------------------------------------------------------------------


def test_the_desk_costs_the_same_for_one_and_three(client, host, program):
    costs = []
    for more in (1, 2):
        for _ in range(more):
            other = make.ProgramFactory(institution=host.institution)
            many(other, 2)
            many(other, 1, state="offered", offer_expires_at=timezone.now() + datetime.timedelta(days=2))
        client.force_login(host.owner)
        client.get(reverse("desk_host"))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("desk_host")).status_code == 200
        costs.append((len(queries), reads(lambda: host_desk(host.owner))))

    assert costs == [(costs[0][0], 5)] * 2


def test_the_desk_says_what_waits(client, host, program):
    row, _other = many(program, 2)
    offered = many(program, 1, state="offered", offer_expires_at=timezone.now() + datetime.timedelta(days=2))[0]
    reviewed(row, ((3, 3), host.owner))
    thread = open_thread(title=program.title, people={"host": [host.owner.pk], "expert": [row.expert.user_id]})
    Application.objects.filter(pk=row.pk).update(thread=thread)
    post_message(thread, by=row.expert.user, body="May I bring my own loom?")
    client.force_login(host.owner)

    text = client.get(reverse("desk_host")).content.decode()

    assert "Waiting for your review: 1" in text
    assert "New messages" in text
    assert offered.expert.shown_name in text


def test_my_list_costs_the_same_for_one_and_three(client, expert):
    costs = []
    for more in (1, 2):
        for _ in range(more):
            make.ApplicationFactory(expert=expert)
        client.force_login(expert.user)
        client.get(reverse("applications"))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("applications")).content.decode().count("<article") == 1 + (more == 2) * 2
        costs.append((len(queries), reads(lambda: my_applications(expert.user))))

    assert costs == [(costs[0][0], 1)] * 2


def test_the_api_list_costs_the_same_for_one_and_three(client, host, program):
    costs = []
    for more in (1, 2):
        for application in many(program, more):
            reviewed(application, ((5, 5), host.owner))
        client.force_login(host.owner)
        with CaptureQueriesContext(connection) as queries:
            items = client.get("/api/v1/applications").json()["items"]
        assert len(items) == 1 + (more == 2) * 2
        costs.append(len(queries))

    assert costs == [4, 4]
