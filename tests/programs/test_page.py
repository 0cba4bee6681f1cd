import datetime
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from accounts.models import User
from exchange.core.spoken_languages import Level
from programs.domain.queries import program_page_data
from tests.factories import (
    ConceptFactory,
    CoordinatorFactory,
    ExpertFactory,
    LanguageSkillFactory,
    ProgramFactory,
    QuotaFactory,
    RequiredLanguageFactory,
    UserFactory,
    WindowFactory,
)
from vocabulary.domain.vocabulary import vocabulary


def page(client, program, user=None, **headers):
    if user:
        client.force_login(user)
    return client.get(program.get_absolute_url(), headers=headers)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# ---- who sees what --------------------------------------------------------------------------------------------------


def test_anonymous_users_read_what_was_published_and_who_is_eligible(client, program):
    RequiredLanguageFactory(program=program, language="en", level=Level.B2)

    response = page(client, program)

    assert response.status_code == 200
    words = text_of(response)
    assert "Who is eligible" in words
    assert "English B2" in words
    assert f"?next={program.get_absolute_url()}" in response.content.decode()


@pytest.mark.parametrize(
    ("who", "status"), [(None, 404), ("other_user", 404), ("other_host", 404), ("reviewer", 200), ("editor", 200), ("owner", 200)]
)
def test_a_draft_is_its_teams_alone(client, draft, request, who, status):
    user = request.getfixturevalue(who) if who else None

    for name in ("program", "program_calendar"):
        if user:
            client.force_login(user)
        assert client.get(reverse(name, args=[draft.slug])).status_code == status


def test_a_cancelled_draft_stays_hidden_and_a_cancelled_programme_says_so(client, institution):
    hidden = ProgramFactory(institution=institution, state="cancelled", was_published=False)
    told = ProgramFactory(institution=institution, state="cancelled")

    assert page(client, hidden).status_code == 404
    assert "Cancelled" in text_of(page(client, told))


def test_edit_buttons_are_for_who_may_edit(client, program, editor, reviewer, other_user):
    link = reverse("program_edit", args=[program.slug])
    shows = {user: link in page(client, program, user).content.decode() for user in (editor, reviewer, other_user)}

    assert list(shows.values()) == [True, False, False]


# ---- eligibility ----------------------------------------------------------------------------------------------------


def test_an_expert_who_fits_is_told_at_once(client, program, expert):
    RequiredLanguageFactory(program=program)
    WindowFactory(profile=expert)

    words = text_of(page(client, program, expert.user))

    assert "You are eligible." in words
    assert "English (you have C1, needed B2)" in words


def test_an_expert_who_does_not_fit_reads_every_reason_and_where_to_fix_it(client, program):
    RequiredLanguageFactory(program=program, language="ru", level=Level.C1)
    program.minimum_experience = 20
    program.save()
    profile = ExpertFactory(country="US")
    LanguageSkillFactory(profile=profile, language="ru", level=Level.A2)

    html = page(client, program, profile.user).content.decode()

    assert "Not eligible" in html
    assert "other countries" in html
    assert "Russian: at least C1 is needed; you have A2." in html
    assert reverse("profile_languages") in html
    assert reverse("profile_work") in html


def test_a_person_without_a_profile_is_invited_to_create_one(client, program, other_user, owner):
    assert "Create my profile" in text_of(page(client, program, other_user))
    assert "Create my profile" not in text_of(page(client, program, owner))
    assert "Create my profile" not in text_of(page(client, program, CoordinatorFactory().user))


# ---- words, clocks, languages ---------------------------------------------------------------------------------------


def test_deadline_stands_on_both_clocks(client, institution):
    moment = datetime.datetime(2031, 3, 31, 21, 0, tzinfo=datetime.UTC)
    day = datetime.date(2031, 8, 30)
    program = ProgramFactory(institution=institution, deadline=moment, starts=day, ends=day)

    words = text_of(page(client, program, UserFactory(time_zone="Asia/Samarkand")))

    assert "31 March 2031, 17:00" in words
    assert "Newark" in words
    assert "1 April 2031, 02:00" in words
    assert "Samarkand" in words


def test_text_that_falls_back_names_its_language(client, institution):
    program = ProgramFactory(
        institution=institution, title={"ru": "Текстиль"}, summary={"ru": "Семестр"}, funding={"en": "Stipend"}
    )

    html = client.get(program.get_absolute_url() + "?lang=uz").content.decode()

    assert '<h1 lang="ru">Текстиль</h1>' in html
    assert '<dd lang="en">Stipend</dd>' in html


def test_markup_in_texts_stays_text(client, institution):
    evil = "</script><script>alert(1)</script>"
    program = ProgramFactory(institution=institution, title={"en": evil}, summary={"en": evil}, description={"en": evil}, city=evil)

    html = page(client, program).content.decode()

    assert "<script>alert" not in html


def test_other_users_page_is_marked_up_for_search_engines(client, program):
    html = page(client, program).content.decode()

    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[1])
    assert data["@type"] == "EducationEvent"
    assert data["startDate"] == program.starts.isoformat()
    assert data["location"]["address"]["addressCountry"] == "US"
    assert 'name="description" content="A semester in the studio."' in html


def test_demonstration_is_marked(client, institution):
    program = ProgramFactory(institution=institution, is_demo=True)

    assert "demonstration" in text_of(page(client, program))


def test_places_by_country(client, program, used):
    QuotaFactory(program=program, country="UZ", reserved=1, most=1)
    QuotaFactory(program=program, country="KZ", reserved=2, most=3)
    used(taken={"UZ": 1})

    rows = re.findall(r"<tr>\s*<td>(.*?)</td>.*?</tr>", page(client, program).content.decode(), re.DOTALL)
    html = page(client, program).content.decode()

    assert rows == ["Kazakhstan", "Kyrgyzstan", "Tajikistan", "Turkmenistan", "Uzbekistan"]
    uzbek = html[html.index("<td>Uzbekistan") :][:400]
    assert "none" in uzbek


def test_topics_lead_to_lists(client, program):
    field = ConceptFactory(slug="textiles", scheme="field", label={"en": "textiles"})
    technique = ConceptFactory(slug="wet", scheme="technique", label={"en": "wet cleaning"})
    program.concepts.set([field, technique])

    html = page(client, program).content.decode()

    assert f"?field={field.pk}" in html
    assert "?q=Wet%20cleaning" in html


# ---- the cost -------------------------------------------------------------------------------------------------------


def fill(program, profile, rows):
    for language in ["ru", "kk", "ky"][:rows]:
        RequiredLanguageFactory(program=program, language=language)
        LanguageSkillFactory(profile=profile, language=language)
        WindowFactory(profile=profile)
    for country in ["UZ", "KZ", "TJ"][:rows]:
        QuotaFactory(program=program, country=country, reserved=1, most=2)
    program.concepts.set([ConceptFactory() for _ in range(rows)])


@pytest.mark.parametrize("rows", [1, 3])
def test_the_sheet_is_four_queries_whatever_it_shows(program, expert, rows, django_assert_num_queries):
    fill(program, expert, rows)
    user = User.objects.get(pk=expert.user_id)

    with django_assert_num_queries(4):  # what the reader is, the programme, places taken, the reader's own facts
        sheet = program_page_data(user, program.slug)

    assert (len(sheet.languages), len(sheet.concept_ids), sheet.has_quotas) == (rows, rows, True)


def test_the_page_costs_the_same_for_one_row_and_for_three(client, institution):
    counts = []
    for rows in (1, 3):
        program, profile = ProgramFactory(institution=institution), ExpertFactory()
        fill(program, profile, rows)
        client.force_login(profile.user)
        client.get(program.get_absolute_url())
        vocabulary()
        with CaptureQueriesContext(connection) as queries:
            client.get(program.get_absolute_url())
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 14, counts


# ---- calendar -------------------------------------------------------------------------------------------------------


def test_calendar_holds_the_days_and_the_deadline(client, program):
    response = client.get(reverse("program_calendar", args=[program.slug]))

    assert response.headers["Content-Type"].startswith("text/calendar")
    days, deadline = Calendar.from_ical(response.content).events
    assert days["dtstart"].dt == program.starts
    assert days["dtend"].dt == program.ends + datetime.timedelta(days=1)
    assert deadline["dtstart"].dt == program.deadline.replace(microsecond=0)
    assert days["uid"] != deadline["uid"]


def test_calendar_of_a_rolling_and_of_a_cancelled_programme(client, institution):
    program = ProgramFactory(institution=institution, deadline=None, state="cancelled")

    (days,) = Calendar.from_ical(client.get(reverse("program_calendar", args=[program.slug])).content).events
    assert days["status"] == "CANCELLED"


def test_calendar_texts_cannot_add_lines(client, institution):
    program = ProgramFactory(institution=institution, title={"en": "A\r\nATTENDEE:mailto:x@example.org"})

    body = client.get(reverse("program_calendar", args=[program.slug])).content.decode()

    assert "\nATTENDEE" not in body
