"""A host's programme, its editor, and an expert who fits it."""

import pytest

from tests.factories import (
    CompetenceFactory,
    ConceptFactory,
    ExpertFactory,
    LanguageSkillFactory,
    MembershipFactory,
    ProgramFactory,
    RequiredLanguageFactory,
)


@pytest.fixture
def technique():
    return ConceptFactory(slug="wet-cleaning", scheme="technique")


@pytest.fixture
def program(technique):
    program = ProgramFactory()
    program.concepts.add(technique)
    RequiredLanguageFactory(program=program, language="en", level=4)
    return program


@pytest.fixture
def expert(technique):
    return skilled(technique)


@pytest.fixture
def editor(program):
    return MembershipFactory(institution=program.institution, role="editor").user


def skilled(technique, **values):
    """An expert who has this technique and speaks English."""
    expert = ExpertFactory(**values)
    CompetenceFactory(profile=expert, technique=technique)
    LanguageSkillFactory(profile=expert, language="en", level=5)
    expert.language_codes = ["en"]
    expert.save()
    return expert
