"""Compiled queries give what their query set gives."""

import pytest
from django.utils import timezone

from exchange.core.compiled import CompiledQuery, Parameter
from exchange.core.translated import Translated
from messaging.domain.threads import open_thread, post_message
from messaging.models import Message
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread():
    author = UserFactory()
    thread = open_thread(title=Translated(en="A title"), people={"expert": [author.pk]})
    for body in ("one", "two", "100 %s"):
        post_message(thread, by=author, body=body)
    return thread


def test_rows_are_instances_with_what_select_related_names(thread, django_assert_num_queries):
    query = CompiledQuery(
        lambda: Message.objects.filter(thread_id=Parameter("thread")).select_related("author", "thread").order_by("number")
    )

    with django_assert_num_queries(1):
        found = query(thread=thread.pk)
        seen = [(message.body, message.author.email, str(message.thread.title), message.data) for message in found]

    expected = Message.objects.order_by("number")
    assert seen == [(message.body, message.author.email, "A title", {}) for message in expected]
    assert [message.created_at for message in found] == [message.created_at for message in expected]
    assert query(thread=thread.pk + 1) == []


def test_a_missing_related_row_is_none(thread):
    Message.objects.create(thread=thread, number=9, kind=Message.Kind.EVENT, author=None, body="x", data={"a": 1})
    query = CompiledQuery(lambda: Message.objects.filter(number=Parameter("number")).select_related("author"))

    (message,) = query(number=9)

    assert (message.author, message.data) == (None, {"a": 1})


def test_each_call_gives_its_own_values_and_the_query_set_is_built_once(thread):
    built = []

    def build():
        built.append(1)
        return Message.objects.filter(
            number__range=(Parameter("first"), Parameter("last")), created_at__lt=Parameter("now"), kind="text"
        )

    query = CompiledQuery(build)
    counts = [len(query(first=first, last=last, now=timezone.now())) for first, last in ((1, 3), (2, 3), (4, 9))]

    assert (counts, built) == ([3, 2, 0], [1])


def test_values_list_gives_tuples(thread):
    query = CompiledQuery(lambda: Message.objects.filter(body=Parameter("body")).values_list("number", "data"))

    assert query(body="100 %s") == [(3, {})]


def test_a_missing_value_is_an_error(thread):
    with pytest.raises(KeyError):
        CompiledQuery(lambda: Message.objects.filter(pk=Parameter("pk")))(number=1)
