"""The cast of the programs app: a host's owner, editor and reviewer, another host's owner, another signed-in user, an expert who fits."""

import datetime

import pytest
from django.utils import timezone

from exchange.core.hooks import Hook
from exchange.core.spoken_languages import Level
from programs.domain import usage
from programs.states import ProgramState
from tests.factories import (
    CriterionFactory,
    ExpertFactory,
    InstitutionFactory,
    LanguageSkillFactory,
    MembershipFactory,
    ProgramFactory,
    UserFactory,
)
from vocabulary.domain.vocabulary import vocabulary


@pytest.fixture
def institution(db):
    return InstitutionFactory()


@pytest.fixture
def owner(institution):
    return MembershipFactory(institution=institution, role="owner").user


@pytest.fixture
def editor(institution):
    return MembershipFactory(institution=institution, role="editor").user


@pytest.fixture
def reviewer(institution):
    return MembershipFactory(institution=institution, role="reviewer").user


@pytest.fixture
def other_host(db):
    return MembershipFactory(role="owner").user


@pytest.fixture
def other_user(db):
    return UserFactory()


@pytest.fixture
def program(institution):
    return ProgramFactory(institution=institution)


@pytest.fixture
def draft(institution):
    program = ProgramFactory(institution=institution, state=ProgramState.DRAFT, was_published=False, published_at=None)
    CriterionFactory(program=program)
    return program


@pytest.fixture
def expert(db):
    profile = ExpertFactory()
    LanguageSkillFactory(profile=profile, language="en", level=Level.C1)
    return profile


@pytest.fixture
def fresh_vocabulary(db):
    """The vocabulary looks at the database now, so that it does not while queries are counted."""
    return vocabulary()


@pytest.fixture
def used(monkeypatch):
    """Pretend that an app above has built something on the programmes: `used(begun={"UZ": 1})`."""

    def tell(*, taken=None, **built):
        provided = {
            "places_taken": lambda program_id: taken or {},
            "places_taken_of_many": lambda program_ids: dict.fromkeys(program_ids, taken or {}),
            "program_usage": lambda program_id: usage.Usage(**built),
        }
        for name, function in provided.items():
            hook = Hook(name, single=True)
            hook.add(function)
            monkeypatch.setattr(usage, name, hook)

    return tell


@pytest.fixture
def days():
    """A day some days from now."""
    return lambda n: timezone.localdate() + datetime.timedelta(days=n)
