"""A question to the host before applying: who may ask, who reads it, one conversation each, the limit, the team that changes."""

import datetime
import threading
import uuid

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from exchange.core.errors import DomainError, Refusal
from exchange.core.models import OutboxEvent
from institutions.models import Membership
from institutions.signals import membership_changed
from messaging.domain.my_tasks import tasks_of
from messaging.domain.threads import post_message
from messaging.models import Message, Thread
from programs.domain.inquiries import MAX_PER_DAY, ask_host
from programs.models import Inquiry
from programs.states import ProgramState
from tests.factories import ExpertFactory, InstitutionFactory, MembershipFactory, ProgramFactory, UserFactory

pytestmark = pytest.mark.django_db
WORDS = "Is silk from the market enough?"


@pytest.fixture
def asker(db):
    return ExpertFactory().user


def hosted():
    """A programme whose host has an editor."""
    return ProgramFactory(institution=MembershipFactory(role="editor").institution)


def ask(client, user, program, **data):
    if user is not None:
        client.force_login(user)
    return client.post(reverse("program_ask", args=[program.slug]), {"words": WORDS} | data)


def readers(thread):
    return {(row.user_id, row.capacity) for row in thread.participants.filter(left_at__isnull=True)}


def test_question_opens_a_conversation_with_owners_and_editors_alone(client, program, asker, owner, editor, reviewer):
    response = ask(client, asker, program)

    thread = Inquiry.objects.get().thread
    assert response.url == f"{thread.get_absolute_url()}#last"
    assert readers(thread) == {(asker.pk, "asker"), (owner.pk, "host"), (editor.pk, "host")}
    assert thread.kind == Thread.Kind.PROGRAM
    assert thread.about_url == program.get_absolute_url()
    assert [message.body for message in thread.messages.all()] == ["program.asked", WORDS]
    for user, status in ((owner, 200), (reviewer, 404), (UserFactory(), 404)):
        client.force_login(user)
        assert client.get(thread.get_absolute_url()).status_code == status


def test_page_says_who_reads_it_above_the_box(client, program, asker, owner):
    client.force_login(asker)

    page = client.get(reverse("program_ask", args=[program.slug])).content.decode()

    assert page.index(f"the owners and editors of {program.institution.name}") < page.index("<textarea")


def test_anonymous_visitor_is_sent_to_log_in_and_comes_back(client, program, owner):
    address = reverse("program_ask", args=[program.slug])

    for response in (client.get(address), client.post(address, {"words": WORDS})):
        assert response.status_code == 302
        assert response.url.endswith(f"?next={address}")
    assert not Inquiry.objects.exists()


def test_team_is_notified_and_has_a_task_until_it_answers(client, program, asker, owner, reviewer):
    ask(client, asker, program)
    thread = Inquiry.objects.get().thread

    told = OutboxEvent.objects.get(kind="messaging.notify").payload
    assert (told["user_ids"], told["kind_code"]) == ([owner.pk], "program_asked")
    [task] = tasks_of(User.objects.get(pk=owner.pk))
    assert task.url == f"{thread.get_absolute_url()}#last"
    assert asker.get_full_name() in str(task.title)
    assert tasks_of(User.objects.get(pk=reviewer.pk)) == []

    post_message(thread, by=owner, body="Yes")
    assert tasks_of(User.objects.get(pk=owner.pk)) == []
    post_message(thread, by=asker, body="And wool?")
    assert len(tasks_of(User.objects.get(pk=owner.pk))) == 1


def test_second_question_goes_into_the_same_conversation(client, program, asker, owner):
    ask(client, asker, program)
    thread = Inquiry.objects.get().thread

    assert client.get(reverse("program_ask", args=[program.slug])).url == f"{thread.get_absolute_url()}#last"
    ask(client, asker, program, words="And wool?")

    assert Inquiry.objects.get().thread == thread
    assert list(thread.messages.values_list("body", flat=True))[1:] == [WORDS, "And wool?"]


def test_same_form_sent_twice_is_one_message(client, program, asker, owner):
    identity = str(uuid.uuid4())

    for _time in range(2):
        ask(client, asker, program, client_id=identity)

    assert Message.objects.filter(kind="text").count() == 1


def test_each_programme_and_each_person_has_a_conversation_of_its_own(program, asker, owner):
    other = ProgramFactory(institution=program.institution)

    threads = {ask_host(about, by=user, words=WORDS).thread_id for about in (program, other) for user in (asker, UserFactory())}

    assert len(threads) == 4


def test_no_more_than_so_many_hosts_are_asked_in_a_day(client, asker):
    for _time in range(MAX_PER_DAY):
        ask_host(hosted(), by=asker, words=WORDS)
    late = hosted()

    assert ask(client, asker, late).status_code == 429
    assert Inquiry.objects.count() == MAX_PER_DAY

    Inquiry.objects.update(created_at=timezone.now() - datetime.timedelta(days=1, minutes=1))
    assert ask(client, asker, late).status_code == 302


@pytest.mark.parametrize("who", ["owner", "editor", "reviewer"])
def test_own_team_does_not_ask_itself(client, program, request, who):
    user = request.getfixturevalue(who)

    assert ask(client, user, program).status_code == 403
    with pytest.raises(Refusal):
        ask_host(program, by=user, words=WORDS)
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize("who", ["asker", "other_host", "other_user"])
def test_draft_is_not_there(client, draft, request, who):
    assert ask(client, request.getfixturevalue(who), draft).status_code == 404


@pytest.mark.parametrize("state", [state for state in ProgramState if state not in {ProgramState.PUBLISHED, ProgramState.DRAFT}])
def test_programme_that_takes_no_applications_is_asked_nothing(program, asker, owner, state):
    program.state = state

    with pytest.raises(DomainError):
        ask_host(program, by=asker, words=WORDS)


def test_host_without_a_team_is_asked_nothing_and_has_no_button(client, asker):
    lonely = ProgramFactory(institution=InstitutionFactory())

    assert ask(client, asker, lonely).status_code >= 400
    assert not Thread.objects.exists()
    assert reverse("program_ask", args=[lonely.slug]) not in client.get(lonely.get_absolute_url()).content.decode()


@pytest.mark.parametrize("words", ["", "   ", "x" * 8001, "a\x00b"])
def test_bad_words_are_refused_and_open_nothing(client, program, asker, owner, words):
    assert ask(client, asker, program, words=words).status_code in {400, 409, 422}
    assert not Thread.objects.exists()


@pytest.mark.parametrize(
    ("who", "shown"), [(None, True), ("asker", True), ("other_host", True), ("owner", False), ("reviewer", False)]
)
def test_button_is_on_the_page_for_all_but_the_team(client, program, owner, request, who, shown):
    if who:
        client.force_login(request.getfixturevalue(who))

    assert (reverse("program_ask", args=[program.slug]) in client.get(program.get_absolute_url()).content.decode()) is shown


def test_conversations_follow_the_team(program, asker, owner, reviewer):
    thread = ask_host(program, by=asker, words=WORDS).thread
    late = MembershipFactory(institution=program.institution, role="editor")

    membership_changed.send(Membership, institution_id=program.institution_id, user_id=late.user_id)
    assert (late.user_id, "host") in readers(thread)

    late.delete()
    membership_changed.send(Membership, institution_id=program.institution_id, user_id=late.user_id)
    membership_changed.send(Membership, institution_id=program.institution_id, user_id=reviewer.pk)
    assert readers(thread) == {(asker.pk, "asker"), (owner.pk, "host")}


def test_asker_who_joins_the_team_goes_on_as_the_one_who_asked(program, asker, owner):
    thread = ask_host(program, by=asker, words=WORDS).thread
    MembershipFactory(institution=program.institution, user=asker, role="editor")

    membership_changed.send(Membership, institution_id=program.institution_id, user_id=asker.pk)

    assert (asker.pk, "asker") in readers(thread)


def test_inquiries_are_visible_to_both_sides_and_to_nobody_else(program, asker, owner, reviewer, other_host):
    inquiry = ask_host(program, by=asker, words=WORDS)

    seen = {user: set(Inquiry.objects.visible_to(user)) for user in (asker, owner, reviewer, other_host, None)}

    assert seen == {asker: {inquiry}, owner: {inquiry}, reviewer: set(), other_host: set(), None: set()}


@pytest.mark.parametrize("rows", [1, 3])
def test_tasks_take_one_query(program, owner, rows, django_assert_num_queries):
    for _row in range(rows):
        ask_host(program, by=UserFactory(), words=WORDS)
    from programs.my_tasks import inquiry_tasks

    owner.access  # noqa: B018 -- every page has read it
    with django_assert_num_queries(1):
        assert len(inquiry_tasks(owner)) == rows


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_open_one_conversation():
    program, asker = hosted(), UserFactory()
    barrier = threading.Barrier(4)

    def run():
        barrier.wait()
        try:
            ask_host(program, by=asker, words=WORDS)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Inquiry.objects.count() == Thread.objects.count() == 1
    assert Message.objects.filter(kind="text").count() == 4
