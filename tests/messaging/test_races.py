"""What two people do at the same moment, on real connections and real locks."""

import threading
import uuid
from contextlib import ExitStack
from unittest import mock

import pytest
from django.db import connection, connections

from accounts.models import User
from messaging.domain import threads
from messaging.domain.changes import edit_message, react, remove_message
from messaging.domain.threads import add_participants, post_message, remove_participants
from messaging.models import Message, Thread
from tests.factories import UserFactory
from tests.messaging.conftest import make_thread, missed

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
WRITERS = 20
EACH = 5


def at_once(*jobs):
    """Run the jobs in threads that start together; what each returned or raised, in order."""
    barrier = threading.Barrier(len(jobs))
    results = [None] * len(jobs)

    def run(place, job):
        barrier.wait()
        try:
            results[place] = job()
        except Exception as error:  # noqa: BLE001 -- the test looks at it
            results[place] = error
        finally:
            connections.close_all()

    running = [threading.Thread(target=run, args=(place, job)) for place, job in enumerate(jobs)]
    for one in running:
        one.start()
    for one in running:
        one.join()
    return results


@pytest.fixture
def crowd():
    expert, host = UserFactory(), UserFactory()
    thread = make_thread(expert, host)
    others = [UserFactory() for _ in range(WRITERS - 2)]
    add_participants(thread, [user.pk for user in others], capacity="host")
    return thread, [expert, host, *others]


def write(thread, user):
    return lambda: [post_message(thread, by=user, body=f"{user.pk}:{i}").number for i in range(EACH)]


def test_twenty_writers_leave_no_gap_and_everybody_catches_up_to_the_same_order(crowd):
    thread, people = crowd

    given = at_once(*[write(thread, user) for user in people])

    assert sorted(number for numbers in given for number in numbers) == list(range(1, WRITERS * EACH + 1))
    stored = list(Message.objects.filter(thread=thread).order_by("number").values_list("pk", flat=True))
    assert Thread.objects.get(pk=thread.pk).head == len(stored) == WRITERS * EACH
    for user in people:
        assert [row.message.pk for row in missed(thread, user, 0).messages] == stored
        mine = [row.message.body for row in missed(thread, user, 0).messages if row.mine]
        assert mine == [f"{user.pk}:{i}" for i in range(EACH)]


def add_without_a_lock(message):
    message.number = Thread.objects.get(pk=message.thread_id).head + 1
    Thread.objects.filter(pk=message.thread_id).update(head=message.number)
    message.save()
    return threads._current_ids(message.thread)


def test_without_the_lock_the_same_race_breaks(crowd):
    """The negative control: the test above must be able to fail."""
    thread, people = crowd
    with ExitStack() as unlocked:
        unlocked.enter_context(mock.patch.object(threads, "_add_message", add_without_a_lock))
        given = at_once(*[write(thread, user) for user in people])

    assert any(isinstance(result, Exception) for result in given)
    assert Message.objects.count() < WRITERS * EACH


def test_retries_of_one_message_racing_each_other_store_it_once(crowd):
    thread, people = crowd
    client_id = uuid.uuid4()

    given = at_once(*[lambda: post_message(thread, by=people[0], body="once", client_id=client_id).pk] * 8)

    assert len(set(given)) == 1
    assert Message.objects.count() == 1


def test_readers_never_see_a_number_before_all_below_it(crowd):
    """Somebody who catches up while others write gets every number, in order, at every moment."""
    thread, people = crowd
    seen = []
    done = threading.Event()

    def follow():
        while not (done.is_set() and len(seen) == Thread.objects.get(pk=thread.pk).head):
            seen.extend(row.message.number for row in missed(thread, people[0], len(seen)).messages)
        return seen

    def last_writer(job):
        result = job()
        done.set()
        return result

    writers = [write(thread, user) for user in people[1:6]]
    at_once(follow, *writers[:-1], lambda: last_writer(writers[-1]))

    assert seen == list(range(1, len(seen) + 1))


def test_people_leaving_while_others_write_deadlock_nobody(crowd):
    thread, people = crowd
    leaving = [user.pk for user in people[10:]]

    def leave_and_return():
        for _ in range(5):
            remove_participants(thread, leaving)
            add_participants(thread, leaving, capacity="host")

    given = at_once(leave_and_return, leave_and_return, *[write(thread, user) for user in people[:6]])

    assert not [result for result in given if isinstance(result, Exception)]


def test_a_digest_while_people_write_and_leave_deadlocks_nobody(crowd):
    from messaging.domain.delivery import send_digests
    from messaging.models import Mail

    thread, people = crowd
    post_message(thread, by=people[0], body="unread")

    def digest():
        from django.db import transaction

        with transaction.atomic():
            send_digests(thread.pk)

    given = at_once(
        digest, digest, digest, write(thread, people[1]), lambda: remove_participants(thread, [user.pk for user in people[15:]])
    )

    assert not [result for result in given if isinstance(result, Exception)]
    assert Mail.objects.values("user").distinct().count() == Mail.objects.count()
    assert User.objects.count() >= Mail.objects.count() > 0
    assert connection.connection is not None


def test_signs_put_at_once_all_count_and_raise_one_revision_each(crowd):
    thread, people = crowd
    post_message(thread, by=people[0], body="who comes?")

    at_once(*[lambda user=user: react(thread, 1, by=user, sign="👍") for user in people])

    assert Message.objects.get().data["reactions"] == {"👍": WRITERS}
    assert Thread.objects.get(pk=thread.pk).revision == WRITERS


def test_a_message_that_is_edited_and_deleted_at_once_keeps_no_text(crowd):
    thread, people = crowd
    post_message(thread, by=people[0], body="first")

    at_once(
        *[lambda number=number: edit_message(thread, 1, by=people[0], body=f"edit {number}") for number in range(6)],
        lambda: remove_message(thread, 1, by=people[0]),
    )

    left = Message.objects.get()
    assert (left.body, left.versions.count()) == ("", 0)
    assert left.revision == Thread.objects.get(pk=thread.pk).revision
