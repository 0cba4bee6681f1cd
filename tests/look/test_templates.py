"""What holds for every template and stylesheet: the strict content policy, parsing, icons that exist, colours that can be read."""

import re

import pytest
from django.conf import settings
from django.template import engines
from django.template.loader import get_template

from exchange.core.icons import ICONS

ROOT = settings.BASE_DIR / "templates"
PAGES = sorted(path for path in ROOT.rglob("*.html") if "email" not in path.relative_to(ROOT).parts)
EVERY = sorted(path for path in ROOT.rglob("*") if path.suffix in {".html", ".txt", ".xml"})
STYLES = sorted((settings.BASE_DIR / "static" / "css").glob("*.css"))
MODULES = sorted((settings.BASE_DIR / "static" / "js").glob("*.js"))

INLINE = re.compile(r"\sstyle\s*=|<style\b|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE)
SCRIPT = re.compile(r"<script\b([^>]*)>", re.IGNORECASE)


def name(path):
    return str(path.relative_to(settings.BASE_DIR))


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_template_has_nothing_inline(path):
    text = path.read_text(encoding="utf-8")

    assert INLINE.search(text) is None
    for attributes in SCRIPT.findall(text):
        assert "src=" in attributes or 'type="application/' in attributes, attributes


@pytest.mark.parametrize("path", EVERY, ids=name)
def test_template_parses(path):
    get_template(str(path.relative_to(ROOT)))


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_every_icon_used_exists(path):
    for used in re.findall(r"{% icon ([\"'])(.+?)\1", path.read_text(encoding="utf-8")):
        assert used[1] in ICONS


@pytest.mark.parametrize("path", [ROOT / "400.html", ROOT / "500.html"], ids=name)
def test_pages_of_last_resort_lean_on_nothing(path):
    assert "{%" not in path.read_text(encoding="utf-8")
    assert "{{" not in path.read_text(encoding="utf-8")


def test_error_pages_ask_the_engine_for_no_context():
    for page in ("400.html", "500.html"):
        assert "Miras" in engines["django"].engine.get_template(page).source


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_module_is_small_and_bound_by_attributes(path):
    text = path.read_text(encoding="utf-8")

    assert text.startswith("//")
    assert len(text.splitlines()) <= 160
    assert "eval(" not in text
    assert "innerHTML" not in text


def test_main_names_only_modules_that_exist():
    main = (settings.BASE_DIR / "static" / "js" / "main.js").read_text(encoding="utf-8")

    for module in re.findall(r'import\("\./(.+?)"\)', main):
        path = settings.BASE_DIR / "static" / "js" / module
        assert path.exists(), module
        assert "export function bind(" in path.read_text(encoding="utf-8"), module


# ---- colours --------------------------------------------------------------------------------------------------------

TEXT_PAIRS = [
    (text, scope)
    for scope in ("--paper", "--raised", "--sunk")
    for text in ("--ink", "--ink-soft", "--lapis", "--lapis-deep", "--turquoise", "--ochre", "--pomegranate")
] + [
    ("--on-lapis", "--lapis"),
    ("--on-lapis", "--lapis-deep"),
    ("--lapis", "--lapis-tint"),
    ("--lapis-deep", "--lapis-tint"),
    ("--turquoise", "--turquoise-tint"),
    ("--ochre", "--ochre-tint"),
    ("--pomegranate", "--pomegranate-tint"),
    ("--paper", "--pomegranate"),
    *((text, f"--{tint}-tint") for text in ("--ink", "--ink-soft") for tint in ("lapis", "turquoise", "ochre", "pomegranate")),
    *(("--lapis", f"--{tint}-tint") for tint in ("turquoise", "ochre", "pomegranate")),
]
EDGE_PAIRS = [("--line-strong", scope) for scope in ("--paper", "--raised")] + [
    (fill, "--sunk") for fill in ("--turquoise", "--lapis", "--ochre", "--pomegranate")
]


def schemes():
    text = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    blocks = re.findall(r"(:root[^{]*)\{([^}]*)\}", text)
    return {head.strip(): dict(re.findall(r"(--[\w-]+):\s*(#[0-9a-f]{6})", body)) for head, body in blocks}


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_counted_as_wcag_counts_it():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", schemes())
@pytest.mark.parametrize(("text", "scope"), TEXT_PAIRS)
def test_text_can_be_read(scheme, text, scope):
    tokens = schemes()[":root"] | schemes()[scheme]

    assert contrast(tokens[text], tokens[scope]) >= 4.5


@pytest.mark.parametrize("scheme", schemes())
@pytest.mark.parametrize(("edge", "scope"), EDGE_PAIRS)
def test_edges_and_bars_can_be_seen(scheme, edge, scope):
    tokens = schemes()[":root"] | schemes()[scheme]

    assert contrast(tokens[edge], tokens[scope]) >= 3


def test_both_ways_to_dark_are_the_same_dark():
    found = schemes()

    assert found[':root:not([data-theme="light"])'] == found[':root[data-theme="dark"]']


def test_colours_come_from_the_tokens():
    for path in STYLES:
        if path.name == "tokens.css":
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            stray = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", line)) - {"#fff", "#000"}
            assert not stray, f"{path.name}: {line.strip()}"


def test_styles_use_only_tokens_that_exist():
    known = set(re.findall(r"(--[\w-]+):", (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text(encoding="utf-8")))
    for path in STYLES:
        assert set(re.findall(r"var\((--[\w-]+)", path.read_text(encoding="utf-8"))) <= known, path.name
