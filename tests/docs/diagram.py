"""`make diagram`: the diagram of the apps in `docs/architecture.md`, made from the import contract in `pyproject.toml`.

Each row is a layer of the first `layers` contract that stands on its own (no containers). An arrow means "may import"; rows further down may be
imported too, so only the arrows to the next row are drawn. Root packages outside that contract stand beside it, without arrows.
"""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- made by `make diagram` from pyproject.toml -->", "<!-- end of the diagram -->"


def layers_of(settings):
    """The rows of the contract, highest first, and the root packages that it does not name."""
    linter = settings["tool"]["importlinter"]
    contract = next(
        row for row in linter["contracts"] if row["type"] == "layers" and "containers" not in row and not _is_inside_one_app(row)
    )
    rows = [[name.strip(" ()") for name in re.split(r"[|:]", layer)] for layer in contract["layers"]]
    named = {name.split(".")[0] for row in rows for name in row}
    return rows, [package for package in linter["root_packages"] if package not in named]


def _is_inside_one_app(contract):
    return len({re.split(r"[.|: ]", layer.strip("( "))[0] for layer in contract["layers"]}) == 1


def draw(rows, beside):
    """The block between the markers, with them."""
    lines = [BEGIN, "```mermaid", "flowchart TD"]
    for number, row in enumerate(rows):
        lines += [f'    {_node(name)}["{name}"]' for name in row]
        if number:
            above = " & ".join(_node(name) for name in rows[number - 1])
            lines.append(f"    {above} --> {' & '.join(_node(name) for name in row)}")
    lines += [f'    {_node(name)}["{name}"]' for name in beside]
    return "\n".join([*lines, "```", END])


def _node(name):
    return name.replace(".", "_")


def drawn_now():
    """What the contract of this checkout gives."""
    return draw(*layers_of(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))))


def on_the_page(text):
    """The block that the page holds now, with its markers; None when a marker is missing."""
    found = re.search(re.escape(BEGIN) + ".*?" + re.escape(END), text, re.DOTALL)
    return found.group(0) if found else None


def main():
    text = PAGE.read_text(encoding="utf-8")
    old = on_the_page(text)
    if old is None:
        sys.exit(f"{PAGE.relative_to(ROOT)} lacks the line {BEGIN} or {END}")
    PAGE.write_text(text.replace(old, drawn_now()), encoding="utf-8")


if __name__ == "__main__":
    main()
