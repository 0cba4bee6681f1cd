"""The pages by plain GET and POST, as a browser without JavaScript uses them."""

import datetime

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications.domain.timeline import days_left
from applications.models import Application
from applications.states import APPLICATION_TRANSITIONS, ApplicationState
from exchange.core.history import record_history
from tests import factories as make
from tests.helpers.files import PDF
from tests.helpers.forms import form_of, post_draft


@pytest.fixture
def as_expert(client, expert):
    client.force_login(expert.user)
    return client


def test_apply_says_before_anything_whether_one_may(as_expert, program):
    page = as_expert.get(reverse("apply", args=[program.slug]))

    assert page.status_code == 200
    assert "You are eligible" in page.content.decode()
    assert not Application.objects.exists()


def test_apply_refuses_to_begin_with_reasons(as_expert, program):
    type(program).objects.filter(pk=program.pk).update(eligible_countries=["KZ"], minimum_experience=30)

    page = as_expert.get(reverse("apply", args=[program.slug])).content.decode()
    answer = as_expert.post(reverse("apply", args=[program.slug]), {"do": "start"})

    assert "at least 30" in page
    assert "other countries" in page
    assert 'value="start"' not in page
    assert answer.status_code == 422
    assert not Application.objects.exists()


def test_apply_begins_once(as_expert, program):
    for _ in range(2):
        assert as_expert.post(reverse("apply", args=[program.slug]), {"do": "start"}).status_code == 302

    assert Application.objects.count() == 1


def test_apply_asks_who_has_no_profile_to_make_one(client, program):
    client.force_login(make.UserFactory())

    page = client.get(reverse("apply", args=[program.slug]))

    assert "Create your profile first" in page.content.decode()


def test_the_whole_application_of_an_expert_without_javascript(as_expert, program, expert):
    url = reverse("apply", args=[program.slug])
    as_expert.post(url, {"do": "start"})
    question = program.questions.get()
    form = {"version": "0", "statement": "I restore suzani.", f"q-{question.pk}": "A silk suzani"}

    assert as_expert.get(url).status_code == 200
    assert as_expert.post(url, form | {"do": "save"}).status_code == 302
    answer = as_expert.post(url, form | {"version": "1", "do": "submit"})

    application = Application.objects.get()
    assert answer.url == application.get_absolute_url()
    assert application.state == "submitted"
    page = as_expert.get(answer.url).content.decode()
    assert "The host reviews and decides" in page
    assert "Submitted" in as_expert.get(reverse("applications")).content.decode()


def test_a_replayed_submit_sends_nothing_twice(as_expert, draft):
    first = post_draft(as_expert, draft, do="submit")
    second = post_draft(as_expert, draft, do="submit")

    assert first.url == second.url == draft.get_absolute_url()
    assert draft.program.applications.get().thread.messages.count() == 1


def test_the_whole_request_of_a_submit_asks_little(as_expert, draft):
    ContentType.objects.get_for_model(Application)

    address = form_of(draft, do="submit", statement="My last words")

    with CaptureQueriesContext(connection) as queries:
        answer = as_expert.post(*address)

    assert answer.url == draft.get_absolute_url()
    assert len(queries) == 22
    draft.refresh_from_db()
    assert draft.statement == "My last words"


def test_a_refused_submit_keeps_what_was_typed(as_expert, draft):
    type(draft.program).objects.filter(pk=draft.program_id).update(eligible_countries=["KZ"])

    answer = post_draft(as_expert, draft, do="submit", statement="Typed just before")

    assert answer.status_code == 422
    draft.refresh_from_db()
    assert (draft.state, draft.statement) == ("draft", "Typed just before")


def test_a_submit_from_an_older_tab_shows_both_texts(as_expert, draft):
    post_draft(as_expert, draft, statement="From the other tab")

    page = post_draft(as_expert, draft, do="submit", statement="From this tab")

    assert page.status_code == 409
    assert "From the other tab" in page.content.decode()
    draft.refresh_from_db()
    assert (draft.state, draft.statement) == ("draft", "From the other tab")


def test_an_incomplete_submit_keeps_what_was_typed_and_names_the_field(as_expert, draft):
    question = draft.program.questions.get()

    page = post_draft(as_expert, draft, do="submit", statement="My new words", **{f"q-{question.pk}": " "})

    assert page.status_code == 422
    text = page.content.decode()
    assert "My new words" in text
    assert f'href="#id_q-{question.pk}"' in text
    draft.refresh_from_db()
    assert (draft.state, draft.statement, draft.version) == ("draft", "My new words", 2)


def test_an_older_version_is_refused_and_both_texts_are_shown(as_expert, draft):
    post_draft(as_expert, draft, statement="From the other tab")

    page = post_draft(as_expert, draft, statement="From this tab")

    text = page.content.decode()
    assert page.status_code == 409
    assert "From the other tab" in text
    assert "From this tab" in text
    draft.refresh_from_db()
    assert draft.statement == "From the other tab"
    kept = post_draft(as_expert, draft, statement="From this tab")
    assert kept.status_code == 302
    draft.refresh_from_db()
    assert draft.statement == "From this tab"


def test_the_same_text_sent_again_is_no_conflict(as_expert, draft):
    post_draft(as_expert, draft, statement="Once")

    assert post_draft(as_expert, draft, statement="Once").status_code == 302


def test_autosave_answers_with_the_new_version(as_expert, draft):
    url = reverse("apply_autosave", args=[draft.program.slug])
    question = draft.program.questions.get()

    first = as_expert.post(url, {"version": 1, "statement": "Typed", f"q-{question.pk}": "half"})
    stale = as_expert.post(url, {"version": 1, "statement": "Typed elsewhere", f"q-{question.pk}": "half"})

    assert first.json()["version"] == 2
    assert (stale.status_code, stale.json()["code"]) == (409, "newer-draft")
    draft.refresh_from_db()
    assert (draft.statement, draft.answers) == ("Typed", {str(question.pk): "half"})


def test_a_half_typed_number_is_kept(as_expert, draft):
    number = make.QuestionFactory(program=draft.program, kind="number")

    post_draft(as_expert, draft, **{f"q-{number.pk}": "about 12"})

    draft.refresh_from_db()
    assert draft.answers[str(number.pk)] == "about 12"
    assert "about 12" in as_expert.get(reverse("apply", args=[draft.program.slug])).content.decode()


def test_files_are_kept_replaced_and_removed(as_expert, draft):
    wanted = make.QuestionFactory(program=draft.program, kind="file")
    url = reverse("apply_file", args=[draft.program.slug])
    name = f"q-{wanted.pk}"

    first = as_expert.post(url, {"field": name, name: SimpleUploadedFile("one.pdf", PDF)})
    again = as_expert.post(url, {"field": name, name: SimpleUploadedFile("two.pdf", PDF + b"more")})
    beside = as_expert.post(url, {"field": "document", "document": SimpleUploadedFile("plan.pdf", PDF)})

    assert "one.pdf" in first.content.decode()
    assert "one.pdf" not in again.content.decode()
    assert "plan.pdf" in beside.content.decode()
    kept = draft.files.get(question=wanted)
    assert kept.name == "two.pdf"
    assert b"".join(as_expert.get(reverse("application_file", args=[draft.pk, kept.pk])).streaming_content) == PDF + b"more"
    post_draft(as_expert, draft, remove=kept.pk)
    assert [row.name for row in draft.files.all()] == ["plan.pdf"]


def test_a_required_file_that_is_kept_needs_no_second_upload(as_expert, draft):
    wanted = make.QuestionFactory(program=draft.program, kind="file")

    missing = post_draft(as_expert, draft, do="submit")
    name = f"q-{wanted.pk}"
    as_expert.post(reverse("apply_file", args=[draft.program.slug]), {"field": name, name: SimpleUploadedFile("one.pdf", PDF)})
    done = post_draft(as_expert, draft, do="submit")

    assert missing.status_code == 422
    assert done.status_code == 302


def test_what_no_database_stores_is_left_out(as_expert, draft):
    question = draft.program.questions.get()

    answer = post_draft(as_expert, draft, statement="sil\x00k", **{f"q-{question.pk}": "wo\x00ol"})

    assert answer.status_code == 302
    draft.refresh_from_db()
    assert (draft.statement, draft.answers[str(question.pk)]) == ("silk", "wool")


NEXT_IN_WORDS = {
    "draft": "This is a draft: the host has not received it yet.",
    "submitted": "The host reviews and decides",
    "shortlisted": "The host reviews and decides",
    "waitlisted": "Your position: 1",
    "offered": "Please answer the offer",
    "accepted": "You have accepted the place.",
    "declined": "Offer declined",
    "expired": "The offer expired without an answer",
    "rejected": "More experience is needed",
    "withdrawn": "Start again",
    "released": "the place is free again",
}


@pytest.mark.parametrize("state", NEXT_IN_WORDS)
def test_every_state_has_its_page_for_both_sides(client, application, host, expert, state):
    transition = next((transition.name for transition in APPLICATION_TRANSITIONS if transition.target == state), "")
    soon = timezone.now() + datetime.timedelta(days=3)
    fields = {"state": state, "waitlisted_at": soon, "offer_expires_at": soon, "reason": "experience"}
    Application.objects.filter(pk=application.pk).update(**fields)
    record_history(application, transition=transition, by=None, after=state)
    client.force_login(expert.user)

    mine = client.get(application.get_absolute_url())
    listed = client.get(reverse("applications"))
    beside = client.get(application.program.get_absolute_url())

    assert NEXT_IN_WORDS[state] in mine.content.decode()
    assert str(ApplicationState(state).label) in listed.content.decode()
    assert beside.status_code == 200
    client.force_login(host.owner)
    theirs = client.get(application.get_absolute_url())
    table = client.get(reverse("program_applications", args=[application.program.slug]))
    assert theirs.status_code == (404 if state == "draft" else 200)
    assert table.status_code == 200


def test_an_offer_that_lapsed_says_so(client, application, expert):
    past = timezone.now() - datetime.timedelta(hours=1)
    Application.objects.filter(pk=application.pk).update(state="offered", offer_expires_at=past)
    client.force_login(expert.user)

    page = client.get(application.get_absolute_url()).content.decode()

    assert "The time to answer this offer has run out." in page
    assert 'aria-disabled="true"' in page
    assert "Others" not in client.get(reverse("applications")).content.decode()


def test_the_last_day_of_an_offer(application):
    application.state, application.offer_expires_at = "offered", timezone.now() + datetime.timedelta(hours=5)
    assert days_left(application) == "the last day"
    application.offer_expires_at += datetime.timedelta(days=1)
    assert days_left(application) == "1 day left"


def test_hosts_without_a_profile_are_taken_to_their_desk(client, host):
    client.force_login(host.reviewer)

    assert client.get(reverse("applications")).url == reverse("desk_host")


def test_the_cv_of_the_profile_is_attached_once(as_expert, draft, expert):
    expert.cv.save("cv.pdf", SimpleUploadedFile("cv.pdf", PDF), save=False)
    expert.cv_name = "My CV.pdf"
    expert.save()
    page = as_expert.get(reverse("apply", args=[draft.program.slug])).content.decode()

    answers = [post_draft(as_expert, draft, attach="cv") for _ in range(2)]

    assert "Attach the CV of my profile" in page
    assert [answer.status_code for answer in answers] == [302, 302]
    assert [row.name for row in draft.files.all()] == ["My CV.pdf"]
    assert "Attach the CV of my profile" not in as_expert.get(reverse("apply", args=[draft.program.slug])).content.decode()


def test_there_is_no_cv_to_attach(as_expert, draft):
    page = post_draft(as_expert, draft, attach="cv")

    assert (page.status_code, draft.files.exists()) == (422, False)
    assert "Your profile has no CV." in page.content.decode()


def test_a_form_that_arrives_after_the_end_changes_nothing(as_expert, draft, expert):
    Application.objects.filter(pk=draft.pk).update(state="withdrawn")

    answer = post_draft(as_expert, draft, do="submit", statement="Too late")
    autosaved = as_expert.post(reverse("apply_autosave", args=[draft.program.slug]), {"version": 1, "statement": "Too late"})

    assert answer.url == draft.get_absolute_url()
    assert (autosaved.status_code, autosaved.json()["code"]) == (409, "not-a-draft")
    draft.refresh_from_db()
    assert draft.statement == "I restore suzani."


def test_files_under_odd_names_are_documents_or_refused(as_expert, draft):
    url = reverse("apply_file", args=[draft.program.slug])
    for name in ("q-²", "q-999999", "q-x"):
        as_expert.post(url, {"field": name, name: SimpleUploadedFile("a.pdf", PDF + name.encode())})

    assert {row.question_id for row in draft.files.all()} == {None}
