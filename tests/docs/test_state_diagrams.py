"""The state diagrams of `docs/concepts.md` have exactly the arrows of the transition tables."""

import re
from pathlib import Path

import pytest
from django.apps import apps

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "concepts.md"
SECTION = re.compile(r"^### ([^\n]+)\n```mermaid\nstateDiagram-v2\n(.*?)```", re.MULTILINE | re.DOTALL)
ARROW = re.compile(r"^ +(\w+) --> (\w+): (.+)$", re.MULTILINE)
MODELS = {
    "An institution": "Institution",
    "A programme": "Program",
    "An application": "Application",
    "A placement": "Placement",
    "The approval of one country": "Approval",
    "The merge of two profiles": "ProfileMerge",
    "The import of a table of experts": "ExpertImport",
    "A data export": "DataExport",
    "The deletion of an account": "AccountRemoval",
}


def drawn():
    """For each heading the arrows: from, to, name of the transition. Two transitions on one arrow are separated by a comma."""
    found = {}
    for heading, body in SECTION.findall(PAGE.read_text(encoding="utf-8")):
        arrows = [(source, target, re.sub(r" \([^)]*\)", "", label)) for source, target, label in ARROW.findall(body)]
        found[heading] = {(source, target, name) for source, target, names in arrows for name in names.split(", ")}
    return found


def tables():
    """Every model with a transition table, by its name."""
    return {model.__name__: model.transitions for model in apps.get_models() if hasattr(model, "transitions")}


def test_every_state_machine_has_a_diagram():
    assert set(drawn()) == set(MODELS)
    assert set(tables()) == set(MODELS.values())


@pytest.mark.parametrize("heading", MODELS)
def test_arrows_are_those_of_the_table(heading):
    table = tables()[MODELS[heading]]

    assert drawn()[heading] == {
        (str(source), str(target), row.name) for row in table for source in row.sources for target in row.targets
    }
