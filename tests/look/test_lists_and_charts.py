"""Filters are in the address; charts have a table with their numbers."""

import datetime as dt
import re

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from exchange.core.paging import Page

FIELDS = [("arch", "Archaeology", 6), ("cons", "Conservation", 9)]


def draw(source, address="/programs/", **context):
    return Template(source).render(Context({"request": RequestFactory().get(address), **context}))


def test_facet_adds_a_value_and_starts_the_list_anew():
    html = draw("{% facet 'Field' 'field' options %}", "/programs/?q=silk&cursor=abc&field=arch", options=FIELDS)

    assert 'href="?q=silk&amp;field=arch&amp;field=cons&amp;filters=open#facet-field"' in html
    assert 'href="?q=silk&amp;filters=open#facet-field" aria-current="true"' in html
    assert "abc" not in html


def test_facet_of_one_choice_replaces_it():
    html = draw("{% facet 'Field' 'field' options single=True %}", "/programs/?field=arch", options=FIELDS)

    assert 'href="?field=cons&amp;filters=open#facet-field"' in html


def test_facet_folds_what_is_many_but_never_what_is_chosen():
    options = [(str(n), f"Option {n}", n) for n in range(12)]

    html = draw("{% facet 'Field' 'field' options shown=3 %}", "/programs/?field=11", options=options)

    assert html.index("Option 11") < html.index("<details>") < html.index("Option 5")


def test_facet_reads_rows_of_any_shape():
    options = [{"value": "a", "label": "A", "count": 1}, ("b", "B")]

    html = draw("{% facet 'Field' 'field' options %}", options=options)

    assert "?field=a" in html
    assert "?field=b" in html


def test_chips_have_an_all_that_takes_the_filter_off():
    html = draw("{% chips 'state' options 'State' %}", "/x/?state=new&q=a", options=[("", "All", 3), ("new", "New", 1)])

    assert 'href="?q=a" rel="nofollow">All' in html
    assert 'aria-current="true" rel="nofollow">New' in html
    assert 'aria-current="true" rel="nofollow">All' in draw("{% chips 'state' options %}", options=[("", "All")])


@pytest.mark.parametrize(
    ("address", "expected"), [("/x/", "?sort=fit"), ("/x/?sort=fit&cursor=a", "?sort=-fit"), ("/x/?sort=-fit", "?sort=fit")]
)
def test_sort_turns_round_on_the_second_press(address, expected):
    assert draw("{% sort_url 'fit' %}", address) == expected


def test_keep_params_carries_the_other_filters():
    html = draw("{% keep_params 'q' %}", "/x/?q=silk&field=a&field=b&cursor=c")

    assert html == '<input type="hidden" name="field" value="a"><input type="hidden" name="field" value="b">'


def test_pager_goes_on_and_back_to_the_start():
    html = draw("{% pager page 43 %}", "/x/?field=a&cursor=old", page=Page([1, 2], "new", first=False))

    assert 'href="?field=a&amp;cursor=new"' in html
    assert 'rel="first" href="?field=a"' in html
    assert "43 results" in html


def test_pager_says_when_it_stopped_counting_and_is_silent_about_nothing():
    assert "More than 1,000 results" in draw("{% pager page 1001 %}", page=Page([1], None, first=True)).replace("1000", "1,000")
    assert draw("{% pager page %}", page=Page([1], None, first=True)).strip() == ""


def test_current_marks_the_link_of_this_page_alone():
    assert draw("{% current '/programs/' %}", "/programs/silk/") == ' aria-current="page"'
    assert draw("{% current '/' '' None %}", "/programs/") == ""
    assert draw("{% current '/' %}", "/") == ' aria-current="page"'


def test_lists_work_without_a_request():
    assert Template("{% current '/' %}{% sort_url 'a' %}").render(Context()) == "?sort=a"


def test_bars_are_a_table_with_its_figures():
    html = draw(
        "{% bars rows 'Applications' %}", rows=[("Oʻzbekiston", 17), {"label": "Қазақстан", "value": 14, "tone": "warning"}]
    )

    assert '<th scope="row">Oʻzbekiston</th>' in html
    assert 'width="100%"' in html
    assert 'width="82.4%"' in html
    assert "<caption>Applications</caption>" in html
    assert draw("{% bars rows %}", rows=[]).count("<tr>") == 0


def test_dots_say_their_range():
    html = draw("{% dots scores %}", scores=[5, 2, 4])

    assert 'aria-label="Scores from 2 to 5"' in html
    assert html.count("<circle") == 3
    assert draw("{% dots scores %}", scores=[]) == ""


def test_months_name_the_free_ones():
    windows = [(dt.date(2027, 3, 1), dt.date(2027, 4, 10)), {"start": dt.date(2027, 12, 1), "end": None}]

    html = draw("{% months windows start %}", windows=windows, start=dt.date(2027, 1, 15))

    assert 'aria-label="Available in: Mar 2027, Apr 2027, Dec 2027"' in html
    assert html.count('class="all"') == 2
    assert html.count('class="part"') == 1
    assert "No month is free" in draw("{% months windows start %}", windows=[], start=dt.date(2027, 1, 1))


def test_matrix_is_a_table_whose_colours_repeat_its_figures():
    html = draw("{% matrix rows columns 'Flows' %}", rows=[("KZ", [None, 9]), ("US", [0, 1])], columns=["KZ", "US"])

    assert html.count('scope="col"') == 2
    assert 'class="heat-5">9' in html
    assert 'class="heat-1">1' in html
    assert 'class="heat-0">0' in html
    assert 'class="heat-0"><span aria-hidden="true">·' in html


def test_json_ld_cannot_end_its_own_element():
    html = draw("{% json_ld data %}", data={"@type": "Course", "name": "</script><b>", "startDate": dt.date(2027, 8, 30)})

    assert html.count("</script>") == 1
    assert '"@context": "https://schema.org"' in html
    assert '"startDate": "2027-08-30"' in html


def test_filters_show_what_is_chosen_and_how_to_take_it_away():
    source = "{% filters count=2 %}{% facet 'Field' 'field' options %}{% facet 'Kind' 'kind' kinds %}{% endfilters %}"
    kinds = [("a", "museum", 1), ("b", "school", 2)]

    html = draw(source, "/programs/?field=arch&kind=b", options=FIELDS, kinds=kinds)

    chosen = html.partition('class="chips plain"')[2]
    assert [text.strip() for text in re.findall(r'rel="nofollow">([^<]+)', chosen)] == ["Archaeology", "School"]
    assert 'href="?kind=b"' in chosen
    assert 'href="?field=arch"' in chosen


def test_filters_stay_open_while_they_are_chosen_and_nothing_else_keeps_that():
    source = "{% filters %}{% facet 'Field' 'field' options %}{% endfilters %}{% chips 'sort' sorts %}{% keep_params 'q' %}"
    context = {"options": FIELDS, "sorts": [("", "best"), ("new", "new")]}

    opened = draw(source, "/programs/?field=arch&filters=open", **context)

    assert '<details class="filters" open>' in opened
    assert 'href="?field=arch&amp;sort=new"' in opened
    assert 'name="filters"' not in opened
    assert '<details class="filters">' in draw(source, "/programs/?field=arch", **context)


def test_filters_of_one_page_do_not_show_those_of_another():
    source = "{% filters %}{% facet 'Field' 'field' options %}{% endfilters %}"
    draw(source, "/programs/?field=arch", options=FIELDS)

    assert "chips" not in draw(source, "/programs/", options=FIELDS)
