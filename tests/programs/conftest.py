"""The cast of the programs app: a host's owner, editor and reviewer, another host's owner, a stranger, an expert who fits."""

import datetime

import pytest
from django.utils import timezone

from exchange.core.spoken_languages import Level
from profiles.domain.vocabulary import vocabulary
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
def stranger(db):
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
        monkeypatch.setattr(usage, "_taken", [lambda program_id: taken or {}])
        monkeypatch.setattr(usage, "_taken_of_many", [])
        monkeypatch.setattr(usage, "_usage", [lambda program_id: usage.Usage(**built)])

    return tell


@pytest.fixture
def days():
    """A day some days from now."""
    return lambda n: timezone.localdate() + datetime.timedelta(days=n)
