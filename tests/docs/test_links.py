"""Every relative link and every anchor in the documents leads somewhere, and every page of `docs/` can be reached from its first page. No network."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
INDEX = ROOT / "docs" / "README.md"
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("bench/**/*.md"), *ROOT.glob(".github/**/*.md")])
FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"\[(?:[^\[\]]|\[[^\]]*\])*\]\(\s*<?([^\s)>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
HTML_LINK = re.compile(r"<(?:img|a)\s[^>]*?\b(?:src|href)=\"([^\"]+)\"")
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
NAMED = re.compile(r"<a\s[^>]*?\b(?:id|name)=\"([^\"]+)\"")


def targets(text):
    """Where the links and pictures of a page lead; code is no link."""
    prose = CODE.sub("", FENCE.sub("", text))
    return LINK.findall(prose) + HTML_LINK.findall(prose)


def anchors(text):
    """What GitHub makes of the headings of a page: small letters, spaces to hyphens, punctuation dropped, repeats numbered."""
    prose = FENCE.sub("", text)
    found, seen = set(NAMED.findall(prose)), {}
    for heading in HEADING.findall(prose):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        number = seen[slug] = seen.get(slug, -1) + 1
        found.add(f"{slug}-{number}" if number else slug)
    return found


def faults_of(page):
    faults = []
    for target in targets(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z][a-z0-9+.-]*:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.is_relative_to(ROOT) or not there.exists():
            faults.append(f"{target}: no such file")
        elif anchor and (there.suffix != ".md" or anchor not in anchors(there.read_text(encoding="utf-8"))):
            faults.append(f"{target}: no such heading")
    return faults


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    assert faults_of(page) == []


def test_every_page_of_docs_is_reached_from_the_first():
    reached, queue = set(), [INDEX]
    while queue:
        page = queue.pop()
        if page in reached or page.suffix != ".md" or not page.is_file():
            continue
        reached.add(page)
        linked = [target.partition("#")[0] for target in targets(page.read_text(encoding="utf-8"))]
        queue += [(page.parent / path).resolve() for path in linked if path and ":" not in path]

    assert {page for page in PAGES if page.is_relative_to(ROOT / "docs")} - reached == set()


def test_a_broken_link_and_a_missing_heading_are_found(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.docs.test_links.ROOT", tmp_path)
    (tmp_path / "other.md").write_text("# Who may *see* what?\n## Twice\n## Twice\n```\n# no heading\n```\n")
    page = tmp_path / "page.md"
    good = "[a](other.md#who-may-see-what) [b](other.md#twice-1) ![c](other.md) `[d](gone.md)` [e](https://example.org)\n"
    page.write_text(good + "[f](gone.md) [g](other.md#no-heading) [h](#nowhere)\n")

    assert faults_of(page) == ["gone.md: no such file", "other.md#no-heading: no such heading", "#nowhere: no such heading"]
