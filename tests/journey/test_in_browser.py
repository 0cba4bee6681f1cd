"""The main job in a real Chromium, by six logins, in Russian, on a phone: with JavaScript, and once more without it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import expect

from accounts.models import User
from applications.domain.drafts import attach_file, save_draft, start_draft
from applications.domain.submissions import submit_application
from applications.models import Application
from messaging.models import Message, Notification
from placements.models import Placement
from programs.domain.answers import choice_id
from programs.models import Program
from tests.helpers.answers import answers_to
from tests.helpers.files import PDF
from tests.journey.conftest import TEXTILES
from tests.journey.walk import Person, apply, approve, decide, find_programme, make_profile, score, write
from tests.messaging.platforms import Platform

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

SIX = ("expert.samarkand", "expert.uz", "reviewer.winterthur", "owner.winterthur", "coordinator.uz", "coordinator.us")


@pytest.fixture
def logins(people_and_a_newcomer):
    User.objects.filter(email__in=[user.email for user in people_and_a_newcomer.values()]).update(language="ru")
    return people_and_a_newcomer


@pytest.fixture
def platform(tmp_path, logins):
    """Processes of their own on the database of this test, which is emptied after it: the pages, the socket and the worker as they are served."""
    with Platform(tmp_path / "platform") as running:
        running.start_worker()
        yield running


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_the_main_job_by_six_people(chromium, platform, logins, scripts):
    crowd = {}

    def enter(login):
        crowd[login] = Person(chromium, platform, logins[login].email, scripts=scripts)
        return crowd[login]

    other = hand_in(logins["expert.uz"])

    jasur = enter("expert.samarkand")
    make_profile(jasur)
    find_programme(jasur, TEXTILES)
    apply(jasur, TEXTILES)
    mine = Application.objects.get(expert__user=logins["expert.samarkand"])
    assert mine.state == "submitted"
    assert "Методика и два семинара для коллег." in mine.answers.values()
    assert mine.files.count() == 1

    reviewer = enter("reviewer.winterthur")
    score(reviewer, mine.pk)
    assert Application.objects.get(pk=mine.pk).review_count == 1

    owner = enter("owner.winterthur")
    decide(owner, other.pk, "select", note="Рады предложить вам место.")
    decide(owner, mine.pk, "shortlist")
    owner.transition("waitlist")
    assert Application.objects.get(pk=mine.pk).state == "waitlisted"

    # one place for Uzbekistan: the first declines it, and it moves to the second by itself
    dilnoza = enter("expert.uz")
    decide(dilnoza, other.pk, "decline", reason="employer", note="Музей не отпускает.")
    assert Application.objects.get(pk=other.pk).state == "declined"
    assert Application.objects.get(pk=mine.pk).state == "offered"

    jasur.go("/")
    jasur.go("/waiting/")
    decide(jasur, mine.pk, "accept")
    placement = Placement.objects.get(application=mine)

    for login, country in (("coordinator.uz", "UZ"), ("coordinator.us", "US")):
        approve(enter(login), placement.pk, country)
    placement.refresh_from_db()
    assert placement.state == "confirmed"

    jasur.go(f"/placements/{placement.pk}/")
    with jasur.page.expect_download() as letter:
        jasur.page.locator('a[href$="/letter/ru.pdf"]').first.click()
    assert letter.value.path().read_bytes().startswith(b"%PDF")

    thread = mine.thread_id or Application.objects.get(pk=mine.pk).thread_id
    owner.go(f"/messages/{thread}/")
    write(jasur, thread, "В какой аэропорт мне лететь?")
    if scripts:  # live: nobody presses anything on the other phone
        expect(owner.page.locator("main")).to_contain_text("В какой аэропорт мне лететь?", timeout=15_000)
    write(owner, thread, "В Филадельфию; мы вас встретим.")
    if scripts:
        expect(jasur.page.locator("main")).to_contain_text("мы вас встретим", timeout=15_000)
    else:
        jasur.go(f"/messages/{thread}/")
        assert "мы вас встретим" in jasur.text
    assert Message.objects.filter(thread=thread, kind="text").count() == 2

    confirmed = Notification.objects.filter(user=logins["expert.samarkand"], kind="placement_confirmed")
    platform.until(confirmed.exists, 60, "no notification of the confirmed placement")
    jasur.go("/notifications/")
    assert "Направление подтверждено" in jasur.text
    assert set(crowd) == set(SIX)
    for person in crowd.values():
        person.leave()


def hand_in(user):
    """Somebody else has applied before: through the actions, the page of applying is walked by another."""
    program = Program.objects.get(slug=TEXTILES)
    draft = start_draft(program, by=user)
    questions = [(q.pk, q.kind, [choice_id(*pair[::-1]) for pair in enumerate(q.choices)]) for q in program.questions.all()]
    for pk, kind, _choices in questions:
        if kind == "file":
            attach_file(draft, by=user, upload=SimpleUploadedFile("plan.pdf", PDF, "application/pdf"), question_id=pk)
    answers = answers_to(questions, "Сюзане XIX века.")
    save_draft(draft, by=user, version=draft.version, statement="Тринадцать лет работаю с сюзане.", answers=answers)
    return submit_application(draft, by=user)
