"""Two people in two browsers: what one writes appears for the other, whatever happens to the connection."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import expect

from messaging.domain.threads import post_message
from messaging.models import Message, Notification, Participant
from tests.browsers import faults
from tests.factories import UserFactory
from tests.messaging.conftest import make_thread
from tests.messaging.platforms import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


class Person:
    def __init__(self, platform, chromium, user, thread, **options):
        self.user = user
        self.base = f"http://127.0.0.1:{platform.port}"
        self.context = chromium.new_context(base_url=self.base, viewport={"width": 360, "height": 740}, **options)
        for pair in Visitor(platform.port, user).cookies.split("; "):
            name, _, value = pair.partition("=")
            if name != "csrftoken":
                self.context.add_cookies([{"name": name, "value": value, "url": self.base}])
        self.page = self.context.new_page()
        self.errors = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.url = f"/messages/{thread.pk}/"

    def open(self, *, live=True):
        if live:
            with self.page.expect_websocket(), self.page.expect_response(re.compile("/live/heads/")):
                self.page.goto(self.url)
        else:
            self.page.goto(self.url)
        return self

    def write(self, words):
        self.page.get_by_role("textbox").fill(words)
        self.page.locator("form[data-composer] button.button").last.click()

    @property
    def said(self):
        return self.page.locator("[data-thread] .msg .said")

    @property
    def pending(self):
        return self.page.locator("[data-pending] .msg")


@pytest.fixture
def thread(transactional_db):
    return make_thread(UserFactory(language="en", name="Dilnoza"), UserFactory(language="en", name="J. Carlson"))


@pytest.fixture
def pair(platform, chromium, thread):
    people = [Person(platform, chromium, thread.participants.get(capacity=role).user, thread) for role in ("expert", "host")]
    yield people
    for person in people:
        person.context.close()
        assert person.errors == []


def test_words_appear_on_the_other_screen_and_are_marked_read(pair):
    expert, host = (person.open() for person in pair)

    expert.write("Assalomu alaykum")

    expect(host.said).to_have_text(["Assalomu alaykum"])
    expect(expert.said).to_have_text(["Assalomu alaykum"])
    expect(expert.pending).to_have_count(0)
    expect(expert.page.locator(".mine [data-state]")).to_have_text("Read")


def test_many_words_from_both_sides_stand_in_one_order(pair, thread):
    expert, host = (person.open() for person in pair)

    for n in range(6):
        expert.write(f"e{n}")
        host.write(f"h{n}")

    expect(expert.said).to_have_count(12, timeout=10_000)
    expect(host.said).to_have_count(12, timeout=10_000)
    stored = list(Message.objects.filter(thread=thread).order_by("number").values_list("body", flat=True))
    assert [text.strip() for text in expert.said.all_inner_texts()] == stored
    assert [text.strip() for text in host.said.all_inner_texts()] == stored


def test_what_is_written_without_a_line_waits_and_goes_by_itself(pair):
    expert, host = (person.open() for person in pair)
    expert.context.set_offline(True)

    expert.write("from the tunnel")
    expert.write("still in it")

    expect(expert.pending).to_have_count(2)
    expect(expert.page.locator("[data-offline]")).to_be_visible()
    expert.context.set_offline(False)
    expect(host.said).to_have_text(["from the tunnel", "still in it"], timeout=15_000)
    expect(expert.pending).to_have_count(0)
    expect(expert.page.locator("[data-offline]")).to_be_hidden()
    assert Message.objects.count() == 2


def test_what_waits_survives_closing_the_page_and_goes_from_any_other(pair):
    expert, _host = pair[0].open(), pair[1]
    expert.page.route("**/messages/*/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    expert.write("kept on the device")
    expect(expert.pending).to_have_count(1)

    expert.page.goto(expert.url)
    expect(expert.pending).to_have_text(re.compile("kept on the device"))
    assert Message.objects.count() == 0
    expert.page.unroute_all()
    with expert.page.expect_response(lambda response: response.request.method == "POST" and response.ok):
        expert.page.goto("/notifications/")

    assert Message.objects.get().body == "kept on the device"
    expert.page.goto(expert.url)
    expect(expert.pending).to_have_count(0)
    expect(expert.said).to_have_text(["kept on the device"])


def test_an_answer_lost_in_transit_doubles_nothing(pair):
    expert = pair[0].open()
    lost = []

    def lose_the_first_answer(route):
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    expert.page.route("**/messages/*/", lose_the_first_answer)

    expert.write("once")

    expect(expert.said).to_have_text(["once"], timeout=10_000)
    expect(expert.pending).to_have_count(0, timeout=10_000)
    for _tenth in range(50):  # the live event may bring the words before the answer is lost
        if lost:
            break
        expert.page.wait_for_timeout(100)
    assert lost == [200]
    assert Message.objects.count() == 1


def test_a_lost_live_event_is_made_up_by_the_next_poll(pair, thread):
    expert, host = pair[0].open(), pair[1]
    # stored by a process whose live event never reaches the web process of this test
    post_message(thread, by=host.user, body="unheard")

    expert.page.evaluate("window.dispatchEvent(new Event('online'))")

    expect(expert.said).to_have_text(["unheard"])


def test_a_refused_message_says_why_and_keeps_the_words(pair):
    expert = pair[0].open()
    expert.page.evaluate("document.querySelector('textarea').removeAttribute('maxlength')")

    expert.write("x" * 8001)

    expect(expert.pending).to_contain_text("too long")
    expert.pending.get_by_role("button", name="Delete").click()
    expect(expert.page.get_by_role("textbox")).to_have_value("x" * 8001)
    expect(expert.pending).to_have_count(0)


def test_a_file_goes_with_the_words(pair, tmp_path):
    expert, host = (person.open() for person in pair)
    photo = tmp_path / "suzani.pdf"
    photo.write_bytes(b"%PDF-1.4\n")
    expert.page.locator("input[type=file]").set_input_files(photo)
    expect(expert.page.locator("[data-chosen]")).to_have_text("suzani.pdf")

    expert.write("see the file")

    expect(host.page.locator("[data-thread] .file a")).to_contain_text("suzani.pdf")


def test_unsent_text_is_still_there_after_a_reload(pair):
    expert = pair[0].open()
    expert.page.get_by_role("textbox").fill("half a thought")

    expert.page.reload()

    expect(expert.page.get_by_role("textbox")).to_have_value("half a thought")


def test_counts_move_on_every_page(pair, thread):
    expert, host = pair
    host.page.set_viewport_size({"width": 360, "height": 740})
    with host.page.expect_websocket(), host.page.expect_response(re.compile("/live/heads/")):
        host.page.goto("/notifications/")

    expert.open().write("ding")

    expect(host.page.locator(".bar [data-count-of=messages]")).to_have_text("1")
    assert Participant.objects.get(user=host.user).read_number == 0


def test_the_list_of_conversations_keeps_itself_fresh(pair, thread):
    expert, host = pair
    other = make_thread(host.user, UserFactory(), title="Another museum")
    with host.page.expect_websocket(), host.page.expect_response(re.compile("/live/heads/")):
        host.page.goto("/messages/")
    rows = host.page.locator("[data-thread-row]")
    expect(rows.first).to_contain_text(str(other.title))

    expert.open().write("look here")

    expect(rows.first).to_contain_text("look here")
    expect(rows.first.locator(".badge")).to_contain_text("1")
    expect(rows).to_have_count(2)


def test_axe_finds_nothing_on_the_pages_of_messaging(pair, thread):
    expert = pair[0]
    post_message(thread, by=pair[1].user, body="Hello https://example.org/" + "very-long-" * 30)
    post_message(thread, by=expert.user, body="Salom", files=[SimpleUploadedFile("suzani.pdf", b"%PDF-1.4")])
    Notification.objects.create(user=expert.user, kind="messages.unread", key="k", url="/messages/")
    for path in ("/messages/", expert.url, "/notifications/", "/settings/notifications/", "/waiting/", "/dev/mail/"):
        expert.page.goto(path)
        expert.page.wait_for_load_state("networkidle")

        assert faults(expert.page) == []


def uncovered(locator):
    """The whole element is on the screen, and the box one writes in is not over it."""
    expect(locator).to_be_in_viewport(ratio=1)
    box = locator.page.locator("form[data-composer]").bounding_box()
    own = locator.bounding_box()
    assert own["y"] + own["height"] <= box["y"] + 1, (own, box)


def test_what_waits_is_not_hidden_by_the_notice_that_says_so(pair, thread):
    for number in range(20):
        post_message(thread, by=pair[1].user, body=f"line {number}")
    expert = pair[0].open()
    expert.context.set_offline(True)

    expert.write("from the tunnel")

    expect(expert.page.locator("[data-offline]")).to_be_in_viewport(ratio=1)
    uncovered(expert.pending.last)


def test_what_arrives_is_shown_whole_with_its_file(pair, thread, tmp_path):
    for number in range(20):
        post_message(thread, by=pair[1].user, body=f"line {number}")
    expert, host = (person.open() for person in pair)
    photo = tmp_path / "the-restored-suzani-of-the-museum-in-bukhara-before-and-after.pdf"
    photo.write_bytes(b"%PDF-1.4\n")
    expert.page.locator("input[type=file]").set_input_files(photo)

    expert.write("see the file\nand tell me\nwhat you think")

    expect(host.said).to_have_count(21)
    uncovered(host.page.locator("[data-thread] .msg").last)


def test_the_box_stays_in_sight_while_one_reads_earlier_lines(pair, thread):
    for number in range(40):
        post_message(thread, by=pair[1].user, body=f"line {number}")
    expert = pair[0].open()

    expert.page.locator("[data-thread] .msg").first.scroll_into_view_if_needed()

    expect(expert.page.locator("form[data-composer]")).to_be_in_viewport(ratio=1)


def test_logging_out_in_one_tab_ends_the_others(pair, platform):
    expert = pair[0].open()

    with expert.page.expect_response(lambda response: "/live/heads/" in response.url and response.status == 401):
        other = expert.context.new_page()
        other.goto("/accounts/logout/")
        other.locator("main form[method=post] button").first.click()


def test_without_scripts_everything_goes_by_plain_forms(platform, chromium, thread, pair):
    person = Person(platform, chromium, thread.participants.get(capacity="host").user, thread, java_script_enabled=False)
    person.open(live=False)

    person.write("no scripts here")

    expect(person.said).to_have_text(["no scripts here"])
    assert person.page.url.endswith("#n1")
    person.context.close()


def test_an_edited_and_a_deleted_message_change_on_the_other_screen(pair, thread):
    expert, host = (person.open() for person in pair)
    for words in ("the tenth of May", "not for you"):
        expert.write(words)
        expect(host.said.last).to_have_text(words)

    expert.page.goto(f"/messages/{thread.pk}/message/1/")
    expert.page.get_by_role("textbox").fill("the *eleventh* of May")
    expert.page.get_by_role("button", name="Save").click()
    expert.page.wait_for_url("**/#n1")
    expert.page.goto(f"/messages/{thread.pk}/message/2/")
    expert.page.get_by_role("button", name="Delete the message").click()

    expect(host.said).to_have_text(["the eleventh of May"])
    expect(host.said.locator("em")).to_have_text("eleventh")
    expect(host.page.locator("#n2")).to_contain_text("This message was deleted.")


def test_a_reply_written_without_a_line_still_names_its_message(pair, thread):
    post_message(thread, by=pair[0].user, body="When do you arrive?")
    expert, host = (person.open() for person in pair)
    host.page.goto(f"/messages/{thread.pk}/?reply=1")
    expect(host.page.locator("[data-answered]")).to_contain_text("When do you arrive?")
    host.context.set_offline(True)

    host.write("On Monday")

    expect(host.pending).to_have_count(1)
    expect(host.page.locator("[data-answered]")).to_have_count(0)
    host.context.set_offline(False)
    expect(expert.page.locator("#n2 .quote")).to_contain_text("When do you arrive?", timeout=15_000)
    assert Message.objects.get(number=2).data == {"reply": 1}
