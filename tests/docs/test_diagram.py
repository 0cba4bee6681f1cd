"""The diagram of the apps is what the import contract says."""

from tests.docs.diagram import PAGE, draw, drawn_now, layers_of, on_the_page


def test_page_shows_the_contract():
    assert on_the_page(PAGE.read_text(encoding="utf-8")) == drawn_now(), "run `make diagram`"


def test_rows_are_read_from_the_contract_between_apps():
    settings = {
        "tool": {
            "importlinter": {
                "root_packages": ["site", "search", "stack"],
                "contracts": [
                    {"type": "layers", "layers": ["vocabulary.subjects", "vocabulary.names"]},
                    {"type": "layers", "containers": ["search"], "layers": ["(views)", "(models)"]},
                    {"type": "layers", "layers": ["site.urls | site.asgi", "(search)", "site.core"]},
                ],
            }
        }
    }

    assert layers_of(settings) == ([["site.urls", "site.asgi"], ["search"], ["site.core"]], ["stack"])


def test_arrows_lead_from_each_row_to_the_next():
    drawn = draw([["a.x", "b"], ["c"]], ["d"])

    assert drawn.splitlines()[3:-2] == ['    a_x["a.x"]', '    b["b"]', '    c["c"]', "    a_x & b --> c", '    d["d"]']
