"""The people of the main job: the demonstration cast before anything has happened, with one password for all."""

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from accounts.models import User
from exchange.demo.acts import make_profiles, take_posts
from exchange.demo.logins import make_accounts
from exchange.reference.importing import import_reference
from tests.factories import PASSWORD
from vocabulary.domain.vocabulary import forget_vocabulary

TEXTILES = "demo-textile-conservation-semester"


def raise_the_curtain(*, newcomer=None):
    """Reference tables, the programmes, the cast with its posts and profiles; `newcomer` has an account and no profile yet."""
    forget_vocabulary()
    import_reference(demo=True)
    people = make_accounts()
    take_posts(people)
    make_profiles(people, but=[newcomer] if newcomer else [])
    # Of the sort that the served pages know, with few rounds.
    password = PBKDF2PasswordHasher().encode(PASSWORD, "journey", iterations=1000)
    User.objects.filter(pk__in=[user.pk for user in people.values()]).update(password=password)
    return people


@pytest.fixture
def people(db):
    return raise_the_curtain()


@pytest.fixture
def people_and_a_newcomer(transactional_db):
    """For a browser: the expert in Samarkand makes a profile first."""
    yield raise_the_curtain(newcomer="expert.samarkand")
    forget_vocabulary()
