"""A select whose options are drawn once: the selected option is marked, and user input is escaped."""

import pytest

from exchange.core.formfields import PrerenderedSelect, render_groups


class Cities(PrerenderedSelect):
    empty = "None"

    def options_html(self):
        return render_groups([("Uzbekistan", [("a<b", "Bukhara & Khiva"), ("c", "Samarkand")])])


def test_what_is_chosen_is_selected_and_labels_are_escaped():
    html = Cities().render("city", "a<b", {"id": "id_city", "disabled": True, "title": None})

    assert html == (
        '<select name="city" id="id_city" disabled=""><option value="">None</option><optgroup label="Uzbekistan">'
        '<option value="a&lt;b" selected>Bukhara &amp; Khiva<option value="c">Samarkand</optgroup></select>'
    )


@pytest.mark.parametrize("value", [None, "", "unknown", '"><script>'])
def test_a_value_that_is_no_option_selects_nothing(value):
    html = Cities().render("city", value)

    assert "selected" not in html
    assert "<script>" not in html
