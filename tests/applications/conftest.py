"""A host with a team, a programme with a form and a rubric, an expert who fits it."""

from types import SimpleNamespace

import pytest

from exchange.core.spoken_languages import Level
from tests import factories as make


@pytest.fixture
def host(db):
    institution = make.InstitutionFactory()
    people = {role: make.UserFactory(name=role.title()) for role in ("owner", "editor", "reviewer", "signatory")}
    for role, user in people.items():
        make.MembershipFactory(institution=institution, user=user, role=role)
    return SimpleNamespace(institution=institution, **people)


@pytest.fixture
def program(host):
    program = make.ProgramFactory(institution=host.institution)
    make.RequiredLanguageFactory(program=program)
    make.QuestionFactory(program=program)
    make.CriterionFactory(program=program, weight=3)
    make.CriterionFactory(program=program, weight=1, label={"en": "Plan", "ru": "План"})
    return program


@pytest.fixture
def expert(db):
    return an_expert()


def an_expert(country="UZ", **fields):
    profile = make.ExpertFactory(country=country, **fields)
    make.LanguageSkillFactory(profile=profile, language="en", level=Level.C1)
    return profile


def answers_for(program):
    return {str(question.pk): "A silk suzani of 1890." for question in program.questions.all()}


@pytest.fixture
def draft(program, expert):
    return make.ApplicationFactory(
        program=program,
        expert=expert,
        state="draft",
        submitted_at=None,
        statement="I restore suzani.",
        answers=answers_for(program),
        version=1,
    )


@pytest.fixture
def application(program, expert):
    return make.ApplicationFactory(program=program, expert=expert, answers=answers_for(program))


@pytest.fixture
def outsider(db):
    return make.UserFactory(name="Outsider")
