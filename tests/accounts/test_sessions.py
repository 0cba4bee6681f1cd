"""Sessions name their account: who is logged in, and what ends that."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.auth import get_user
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Session
from accounts.models.sessions import SessionStore, user_of_session
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def me():
    return UserFactory()


@pytest.fixture
def key(client, me):
    client.force_login(me)
    return client.session.session_key


def is_logged_in(client):
    return client.get(reverse("threads")).status_code == 200


def test_session_and_account_are_one_query(key, me, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = user_of_session(SessionStore(key))

    assert (found, found.email, found.language) == (me, me.email, me.language)
    assert import_module(settings.SESSION_ENGINE).SessionStore is SessionStore


def test_the_account_of_a_request_takes_no_query_of_its_own(client, key, django_assert_num_queries):
    client.get(reverse("live_heads"))

    with django_assert_num_queries(2):  # the session, the counts
        client.get(reverse("live_heads"))


def test_a_session_names_its_account_from_log_in_to_log_out(client, me):
    store = SessionStore()
    store["seen"] = 1
    store.save()
    assert Session.objects.get(pk=store.session_key).user is None
    assert user_of_session(SessionStore(store.session_key)) is None

    client.post(reverse("account_login"), {"login": me.email, "password": PASSWORD})
    assert list(Session.objects.filter(user=me).values_list("pk", flat=True)) == [client.session.session_key]

    client.post(reverse("account_logout"))
    assert not Session.objects.filter(user=me).exists()


def test_a_new_password_ends_the_other_sessions(client, key, me):
    elsewhere = Client()
    elsewhere.force_login(me)

    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "lattice-of-lapis-1", "password2": "lattice-of-lapis-1"},
    )

    assert (is_logged_in(client), is_logged_in(elsewhere)) == (True, False)


def test_a_closed_account_is_not_logged_in(client, key, me):
    me.is_active = False
    me.save()

    assert user_of_session(SessionStore(key)) is None
    assert not is_logged_in(client)


def test_a_session_that_ran_out_is_nobodys(client, key):
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    assert not is_logged_in(client)


@pytest.mark.parametrize("change", [{"_auth_user_hash": "x"}, {"_auth_user_hash": ""}, {"_auth_user_backend": "some.Backend"}])
def test_a_session_that_does_not_fit_is_nobodys(client, key, change):
    session = client.session
    session.update(change)
    session.save()

    assert user_of_session(SessionStore(key)) is None
    assert not is_logged_in(client)


def test_a_row_that_names_another_account_does_not_log_in_that_one(client, key, me):
    other = UserFactory()
    Session.objects.filter(pk=key).update(user=other)

    assert user_of_session(SessionStore(key)) is None
    assert client.get(reverse("threads")).context["user"] == me


def test_a_session_from_before_a_change_of_the_secret_key_stays(client, key, me, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-key-of-this-installation"

    assert client.get(reverse("threads")).context["user"] == me
    assert is_logged_in(client)


def test_deleting_an_account_ends_its_sessions(client, key, me):
    me.delete()

    assert not Session.objects.filter(pk=key).exists()
    assert not is_logged_in(client)


def test_a_session_is_stored_even_if_its_account_was_deleted_meanwhile(client, key, me):
    """Django repeats a creation that the database refuses: without end, if the account could be the reason."""
    session = client.session
    me.delete()

    session.cycle_key()
    session.save()

    assert user_of_session(SessionStore(session.session_key)) is None


def test_log_in_of_this_request_replaces_the_account(rf, key, me):
    request = rf.get("/")
    request.session = SessionStore(key)

    assert get_user(request) == me == user_of_session(request.session)
