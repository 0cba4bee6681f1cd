"""What the documents name exists: files, make targets, management commands, modules, template tags. The worker and beat are started alike everywhere."""

import importlib.util
import re
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.template import engines

from tests.docs.test_links import PAGES

ROOT = Path(__file__).resolve().parent.parent.parent
TOP = {path.name for path in ROOT.iterdir() if path.is_dir()}
PATH = re.compile(r"`((?:[\w.-]+/)+[\w.<>*-]*)`")
MAKE = re.compile(r"(?:^|`)make ([a-z-]+(?: [a-z-]+)*)", re.MULTILINE)
COMMAND = re.compile(r"manage\.py (\w+)")
MODULE = re.compile(r"python -m ([\w.]+)")
TAG = re.compile(r"\{% (\w+)")
TAGS_OF_DJANGO = {"extends", "block", "endblock", "load", "csrf_token"}
RECIPES = ("worker", "beat")
NOT_OURS = frozenset({"runserver", "help", "pip"})


def missing_paths(text):
    paths = [path for path in PATH.findall(text) if path.split("/")[0] in TOP]
    return sorted({path for path in paths if not any(ROOT.glob(re.sub(r"<[^>]*>", "*", path).rstrip("/")))})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_that_a_page_names_exist(page):
    assert missing_paths(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_that_a_page_names_exist(page):
    text = page.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))

    assert {target for words in MAKE.findall(text) for target in words.split()} <= targets
    assert set(COMMAND.findall(text)) - NOT_OURS <= set(get_commands())
    assert [name for name in MODULE.findall(text) if name not in NOT_OURS and importlib.util.find_spec(name) is None] == []


@pytest.mark.parametrize("process", RECIPES)
def test_compose_and_operations_start_the_same_process(process):
    """But for where beat keeps its schedule."""
    pattern = re.compile(rf"celery -A exchange\.celery {process}\b.*")
    recipes = [pattern.search((ROOT / name).read_text(encoding="utf-8")).group() for name in ("compose.yaml", "docs/operations.md")]

    assert len({re.sub(r"--schedule \S+", "", recipe).rstrip() for recipe in recipes}) == 1


def test_template_tags_of_the_look_exist():
    known = {name for library in engines["django"].engine.template_builtins for name in library.tags}
    named = set(TAG.findall((ROOT / "docs" / "look.md").read_text(encoding="utf-8")))
    closing = {name for name in named if name.startswith("end")}

    assert named - closing - TAGS_OF_DJANGO - {"account_form"} - known == set()
    assert {name.removeprefix("end") for name in closing} <= named
