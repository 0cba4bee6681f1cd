import datetime
import html as html_lib
import re

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from institutions.models import Institution
from programs.models import Criterion, Program, Question
from tests.factories import (
    ConceptFactory,
    CriterionFactory,
    MembershipFactory,
    ProgramFactory,
    QuestionFactory,
    QuotaFactory,
    RequiredLanguageFactory,
)
from vocabulary.domain.vocabulary import vocabulary

SECTIONS = ("texts", "dates", "places", "needs", "topics")


def fields_of(response):
    """What a browser would send back of the form on the page: every named input with its value."""
    html = response.content.decode()
    form = html[html.index('<form method="post" class="stack"') :]
    form = form[: form.index("</form>")]
    data = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, kind = re.search(r'name="([^"]*)"', tag), re.search(r'type="([^"]*)"', tag)[1]
        value = re.search(r'value="([^"]*)"', tag)
        if kind not in ("checkbox", "radio") or "checked" in tag:
            data.setdefault(name[1], []).append(html_lib.unescape(value[1]) if value else ("on" if kind == "checkbox" else ""))
    for name, body in re.findall(r'<select name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        data[name] = [chosen[1] if chosen else re.search(r'<option value="([^"]*)"', body)[1]]
    for name, body in re.findall(r'<textarea name="([^"]*)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL):
        data[name] = [html_lib.unescape(body)]
    data.pop("csrfmiddlewaretoken", None)
    return data


def text(name, **by_language):
    """Inputs of a translated field as a browser sends them."""
    return {f"{name}_{code}": by_language.get(code, "") for code, _name in settings.LANGUAGES}


def url(program, name="program_edit", *args):
    return reverse(name, args=[program.slug, *args])


# ---- doors ----------------------------------------------------------------------------------------------------------


def addresses(program):
    question, criterion = QuestionFactory(program=program), CriterionFactory(program=program)
    gets = [url(program)]
    gets += [url(program, "program_section", section) for section in SECTIONS]
    for section, row in (("questions", question), ("rubric", criterion)):
        gets += [
            url(program, "program_items", section),
            url(program, "program_item_new", section),
            url(program, "program_item", section, row.pk),
        ]
    gets.append(url(program, "program_form_preview"))
    posts = [url(program, "program_clone"), url(program, "program_move", "close"), url(program, "program_move", "cancel")]
    for section, row in (("questions", question), ("rubric", criterion)):
        posts += [url(program, "program_item_delete", section, row.pk), url(program, "program_item_shift", section, row.pk, "up")]
    return gets, posts


@pytest.mark.parametrize(
    ("who", "state", "status"),
    [
        ("owner", "draft", 200),
        ("editor", "published", 200),
        ("reviewer", "draft", 403),
        ("reviewer", "published", 403),
        ("other_host", "draft", 404),
        ("other_host", "published", 403),
        ("other_user", "draft", 404),
        ("other_user", "published", 403),
    ],
)
def test_every_address_behind_a_programme_by_who_asks(client, institution, request, who, state, status):
    program = ProgramFactory(institution=institution, state=state, was_published=state != "draft")
    gets, posts = addresses(program)
    client.force_login(request.getfixturevalue(who))

    assert {address: client.get(address).status_code for address in gets} == dict.fromkeys(gets, status)
    if status != 200:
        before = (Program.objects.count(), Question.objects.count(), Criterion.objects.count())
        assert {address: client.post(address, {"note": "x"}).status_code for address in posts} == dict.fromkeys(posts, status)
        assert (Program.objects.count(), Question.objects.count(), Criterion.objects.count()) == before
        assert Program.objects.get(pk=program.pk).state == state


def test_without_login_every_address_asks_for_it(client, program):
    gets, posts = addresses(program)

    assert all("/accounts/login/" in client.get(address).headers["Location"] for address in gets)
    assert all("/accounts/login/" in client.post(address).headers["Location"] for address in posts)


@pytest.mark.parametrize(
    ("who", "status"), [("owner", 200), ("editor", 200), ("reviewer", 403), ("other_host", 403), ("other_user", 403)]
)
def test_the_door_to_posting(client, institution, request, who, status):
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse("program_create", args=[institution.slug])).status_code == status


def test_rows_of_another_programme_are_not_here(client, program, owner):
    foreign = QuestionFactory()
    client.force_login(owner)

    for name, args in (("program_item", ()), ("program_item_delete", ()), ("program_item_shift", ("up",))):
        address = url(program, name, "questions", foreign.pk, *args)
        assert (client.get if name == "program_item" else client.post)(address).status_code == 404
    assert Question.objects.filter(pk=foreign.pk).exists()


# ---- from nothing to published --------------------------------------------------------------------------------------


def test_a_host_posts_a_programme_by_plain_forms(client, institution, owner, days):
    client.force_login(owner)
    topic = ConceptFactory(slug="textiles", label={"en": "textiles"})
    first = text("title", en="Textile semester", ru="Семестр текстиля") | {
        "kind": "exchange",
        "city": "Newark",
        "starts": days(100).isoformat(),
        "ends": days(200).isoformat(),
        "seats": "5",
    }
    response = client.post(reverse("program_create", args=[institution.slug]), first, follow=True)
    program = Program.objects.get()
    assert response.redirect_chain == [(url(program), 302)]
    assert "summary" in response.content.decode()

    assert client.post(url(program, "program_move", "publish"), headers={"referer": url(program)}).status_code == 303
    assert Program.objects.get().state == "draft"

    def save(section, **changes):
        address = url(program, "program_section", section)
        data = fields_of(client.get(address)) | changes
        response = client.post(address, data)
        assert response.status_code == 302, response.content.decode()

    save("texts", **text("summary", en="A semester.", ru="Семестр."))
    save("dates", deadline=f"{days(50).isoformat()}T17:00", deadline_zone="America/New_York")
    save("places", seats="6", eligible_UZ="on", reserved_UZ="2", most_UZ="3")
    save("needs", minimum_experience="3", level_en="4")
    save("topics", concepts=[str(topic.pk)])
    client.post(
        url(program, "program_item_new", "questions"), text("label", en="Which object?") | {"kind": "short", "required": "on"}
    )
    client.post(url(program, "program_item_new", "rubric"), text("label", en="Experience") | {"weight": "2"})

    response = client.post(url(program, "program_move", "publish"))

    assert response.headers["Location"] == program.get_absolute_url()
    stored = Program.objects.get()
    assert stored.state == "published"
    assert stored.title == {"en": "Textile semester", "ru": "Семестр текстиля"}
    assert stored.deadline.astimezone(stored.zone).strftime("%H:%M") == "17:00"
    assert list(stored.quotas.values_list("country", "reserved", "most")) == [("UZ", 2, 3)]
    assert list(stored.required_languages.values_list("language", "level")) == [("en", 4)]
    assert stored.minimum_experience == 3
    assert (stored.questions.count(), stored.criteria.count(), stored.concepts.count()) == (1, 1, 1)
    client.logout()
    assert client.get(program.get_absolute_url()).status_code == 200


def test_posting_waits_for_verification(client, institution, owner, days):
    Institution.objects.filter(pk=institution.pk).update(state="unverified")
    client.force_login(owner)

    response = client.get(reverse("program_create", args=[institution.slug]))

    assert "verify" in response.content.decode()
    assert '<form method="post" class="stack"' not in response.content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"starts": "2030-05-01", "ends": "2030-04-01"},
        {"starts": "0001-01-01"},
        {"ends": "99999-01-01"},
        {"seats": "0"},
        {"seats": "-3"},
        {"seats": "1e9"},
        {"kind": "holiday"},
        {"title_en": "", "title_ru": "  "},
        {"title_en": "x" * 201},
        {"title_en": "a\x00b"},
        {"city": ""},
    ],
)
def test_a_first_form_with_mistakes_keeps_what_was_typed(client, institution, owner, changes):
    client.force_login(owner)
    good = text("title", en="Textile semester") | {
        "kind": "exchange",
        "city": "Newark",
        "starts": "2030-03-01",
        "ends": "2030-04-01",
        "seats": "5",
    }

    response = client.post(reverse("program_create", args=[institution.slug]), good | changes)

    assert response.status_code == 422
    assert not Program.objects.exists()
    assert "summary" in response.content.decode()  # the list of mistakes with links to their fields


# ---- sections -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_saved_unchanged_changes_nothing_but_the_version(client, institution, owner, section):
    program = ProgramFactory(institution=institution, minimum_experience=2, description={"uz": "Uzun matn"})
    QuotaFactory(program=program, country="UZ", reserved=1, most=2)
    RequiredLanguageFactory(program=program)
    program.concepts.set([ConceptFactory(), ConceptFactory()])
    client.force_login(owner)
    before = state_of(program)

    address = url(program, "program_section", section)
    response = client.post(address, fields_of(client.get(address)))

    assert response.status_code == 302, response.content.decode()
    assert state_of(Program.objects.get(pk=program.pk)) == before
    assert Program.objects.get(pk=program.pk).version == 2


def state_of(program):
    program.refresh_from_db()
    kept = {
        field.name: getattr(program, field.name)
        for field in Program._meta.concrete_fields
        if field.name not in ("version", "field_ids", "language_codes")
    }
    rows = [list(program.quotas.values_list("country", "reserved", "most"))]
    rows.append(list(program.required_languages.values_list("language", "level")))
    rows.append(sorted(program.concepts.values_list("pk", flat=True)))
    kept["eligible_countries"].sort()
    return kept, rows


def test_a_stale_section_keeps_both_sides_in_sight(client, draft, owner):
    client.force_login(owner)
    address = url(draft, "program_section", "texts")
    mine = fields_of(client.get(address)) | text("title", en="Mine")
    theirs = fields_of(client.get(address)) | text("title", en="Theirs")
    assert client.post(address, theirs).status_code == 302

    response = client.post(address, mine)

    html = response.content.decode()
    assert response.status_code == 409
    assert "en: Theirs" in html
    assert 'value="Mine"' in html
    assert Program.objects.get().title == {"en": "Theirs"}

    assert client.post(address, fields_of(response)).status_code == 302
    assert Program.objects.get().title == {"en": "Mine"}


def test_a_form_sent_twice_is_saved_once(client, draft, owner):
    client.force_login(owner)
    address = url(draft, "program_section", "texts")
    data = fields_of(client.get(address)) | text("title", en="Once")

    assert client.post(address, data).status_code == 302
    assert client.post(address, data).status_code == 302

    assert Program.objects.get().version == 2


@pytest.mark.parametrize("version", ["", "0", "99", "-1", "x", "9" * 40])
def test_a_form_without_the_right_version_never_overwrites(client, draft, owner, version):
    client.force_login(owner)
    address = url(draft, "program_section", "texts")
    data = fields_of(client.get(address)) | text("title", en="Forged") | {"version": version}

    assert client.post(address, data).status_code in (409, 422)
    assert Program.objects.get().title != {"en": "Forged"}


@pytest.mark.parametrize(
    ("section", "changes"),
    [
        ("dates", {"deadline": "2030-13-45T25:61"}),
        ("dates", {"deadline_zone": "Mars/Base"}),
        ("dates", {"deadline_zone": "../../etc/passwd"}),
        ("dates", {"deadline": "2031-03-09T02:30", "deadline_zone": "America/New_York"}),
        ("dates", {"ends": "2020-01-01"}),
        ("dates", {"offer_days": "0"}),
        ("dates", {"approval_days": "61"}),
        ("places", {"seats": "1001"}),
        ("places", {"reserved_UZ": "3", "most_UZ": "2"}),
        ("places", {"reserved_US": "1"}),
        ("places", {"most_UZ": "-1"}),
        ("needs", {"minimum_experience": "51"}),
        ("needs", {"level_en": "7"}),
        ("needs", {"level_en": "x"}),
        ("topics", {"concepts": ["999999"]}),
        ("topics", {"concepts": ["x"]}),
        ("texts", {"kind": ""}),
        ("texts", {"summary_en": "x" * 1501}),
    ],
)
def test_a_section_refuses_what_cannot_be(client, draft, owner, section, changes):
    client.force_login(owner)
    address = url(draft, "program_section", section)

    response = client.post(address, fields_of(client.get(address)) | changes)

    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert Program.objects.get().version == 1


def test_deadline_is_meant_on_the_clock_of_the_chosen_zone(client, draft, owner):
    client.force_login(owner)
    address = url(draft, "program_section", "dates")
    day = draft.starts - datetime.timedelta(days=30)

    for zone, hour in (("Asia/Tashkent", 12), ("America/New_York", None)):
        data = fields_of(client.get(address)) | {"deadline": f"{day}T17:00", "deadline_zone": zone}
        assert client.post(address, data).status_code == 302
        stored = Program.objects.get()
        assert stored.deadline.astimezone(stored.zone).strftime("%H:%M") == "17:00"
        if hour:
            assert stored.deadline.astimezone(datetime.UTC).hour == hour
        assert f'value="{day}T17:00"' in client.get(address).content.decode()


def test_a_refusal_of_the_action_is_shown_in_the_form(client, program, owner, used):
    used(begun={"UZ": 1})
    client.force_login(owner)
    address = url(program, "program_section", "needs")

    response = client.post(address, fields_of(client.get(address)) | {"level_en": "6"})

    assert response.status_code == 422
    assert "relaxed, not tightened" in response.content.decode()
    assert 'value="6" selected' in response.content.decode()


def test_an_unknown_section_is_not_found(client, draft, owner):
    client.force_login(owner)

    assert client.get(url(draft, "program_section", "secrets")).status_code == 404


# ---- form and rubric ------------------------------------------------------------------------------------------------


def test_choices_are_written_one_a_line(client, draft, owner):
    client.force_login(owner)
    address = url(draft, "program_item_new", "questions")
    data = text("label", en="Which fibre?") | text("help") | {"kind": "one_of", "required": "on"}

    assert client.post(address, data | text("choices", en="Silk")).status_code == 422
    assert client.post(address, data | text("choices", en="Silk\nSilk")).status_code == 422
    assert client.post(address, data | text("choices", en="Silk\nWool", ru="Шёлк")).status_code == 422
    assert client.post(address, data | text("choices", en="x\n" * 50)).status_code == 422
    assert client.post(address, data | text("choices", en="Silk\r\n\r\nWool\r\n", ru="Шёлк\r\nШерсть")).status_code == 302

    question = Question.objects.get()
    assert question.choices == [{"id": "0", "en": "Silk", "ru": "Шёлк"}, {"id": "1", "en": "Wool", "ru": "Шерсть"}]

    address = url(draft, "program_item", "questions", question.pk)
    data = fields_of(client.get(address)) | text("choices", en="Felt\nWool\nSilk", ru="Войлок\nШерсть\nШёлк")
    assert client.post(address, data).status_code == 302
    assert [choice["id"] for choice in Question.objects.get().choices] == ["2", "1", "0"]


def test_a_stale_question_keeps_both_sides_in_sight(client, draft, owner):
    question = QuestionFactory(program=draft, label={"en": "Old"})
    client.force_login(owner)
    address = url(draft, "program_item", "questions", question.pk)
    mine = fields_of(client.get(address)) | text("label", en="Mine")
    client.post(address, fields_of(client.get(address)) | text("label", en="Theirs"))

    response = client.post(address, mine)

    assert response.status_code == 409
    assert "Theirs" in response.content.decode()
    assert 'value="Mine"' in response.content.decode()
    assert client.post(address, fields_of(response)).status_code == 302
    assert str(Question.objects.get().label) == "Mine"


def test_preview_shows_the_form_and_takes_nothing(client, draft, owner):
    for kind in ("short", "long", "number", "date", "yes_no", "file"):
        QuestionFactory(program=draft, kind=kind, label={"en": f"A {kind}?"})
    client.force_login(owner)

    html = client.get(url(draft, "program_form_preview")).content.decode()

    assert all(f"A {kind}?" in html for kind in ("short", "long", "number", "date", "yes_no", "file"))
    assert client.post(url(draft, "program_form_preview")).status_code == 405


# ---- the rest -------------------------------------------------------------------------------------------------------


def test_moves_by_buttons(client, program, owner):
    client.force_login(owner)

    assert client.post(url(program, "program_move", "cancel"), headers={"referer": url(program)}).status_code == 303
    assert Program.objects.get().state == "published"
    assert client.post(url(program, "program_move", "close")).status_code == 302
    assert client.post(url(program, "program_move", "close"), headers={"referer": url(program)}).status_code == 303
    assert client.post(url(program, "program_move", "reopen")).status_code == 302
    assert client.post(url(program, "program_move", "cancel"), {"note": "Flood"}).status_code == 302
    assert Program.objects.get().state == "cancelled"
    assert client.post(url(program, "program_move", "explode")).status_code == 404
    assert client.get(url(program, "program_move", "close")).status_code == 405


def test_clone_leads_to_the_new_draft(client, program, owner):
    client.force_login(owner)

    response = client.post(url(program, "program_clone"))

    copy = Program.objects.exclude(pk=program.pk).get()
    assert response.headers["Location"] == url(copy)
    assert copy.starts > timezone.localdate()


def test_the_institution_lists_its_programmes(client, institution, program, draft, owner, reviewer, other_user):
    other = MembershipFactory().institution
    hidden = ProgramFactory(institution=other, title={"en": "Elsewhere"})
    address = institution.get_absolute_url()

    def shows(user):
        if user:
            client.force_login(user)
        html = client.get(address).content.decode()
        assert hidden.get_absolute_url() not in html
        links = {
            name: link in html for name, link in (("published", program.get_absolute_url()), ("draft", draft.get_absolute_url()))
        }
        return links | {"post": reverse("program_create", args=[institution.slug]) in html}

    assert shows(None) == {"published": True, "draft": False, "post": False}
    assert shows(other_user) == {"published": True, "draft": False, "post": False}
    assert shows(reviewer) == {"published": True, "draft": True, "post": False}
    assert shows(owner) == {"published": True, "draft": True, "post": True}


def test_an_unverified_institution_learns_why_it_cannot_post(client, institution, owner):
    Institution.objects.filter(pk=institution.pk).update(state="unverified")
    client.force_login(owner)

    html = client.get(institution.get_absolute_url()).content.decode()

    assert "verify" in html
    assert reverse("program_create", args=[institution.slug]) not in html


def test_pages_behind_a_programme_cost_the_same_for_one_row_and_for_three(client, institution, owner):
    client.force_login(owner)
    counts = {}
    for rows in (1, 3):
        program = ProgramFactory(institution=institution, state="draft", was_published=False)
        for country, language in [("UZ", "ru"), ("KZ", "kk"), ("TJ", "tg")][:rows]:
            QuotaFactory(program=program, country=country, reserved=1, most=2)
            RequiredLanguageFactory(program=program, language=language)
            QuestionFactory(program=program)
            CriterionFactory(program=program)
            program.concepts.add(ConceptFactory())
        addresses = [url(program), url(program, "program_form_preview")]
        addresses += [url(program, "program_section", section) for section in SECTIONS]
        addresses += [url(program, "program_items", section) for section in ("questions", "rubric")]
        for place, address in enumerate(addresses):
            client.get(address)
            vocabulary()
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            counts.setdefault(place, []).append(len(queries))

    assert all(one == three for one, three in counts.values()), counts


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_a_host_is_one_query(institution, rows, django_assert_num_queries, owner):
    from programs.domain.queries import programs_of

    for _ in range(rows):
        ProgramFactory(institution=institution)
    owner.access  # noqa: B018 -- asked once a request, not by this list

    with django_assert_num_queries(1):
        assert len(programs_of(institution, owner)) == rows
