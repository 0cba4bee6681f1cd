"""Badges and icons render their label, and escape user input."""

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

from exchange.core.components.badges import initials
from exchange.core.icons import ICONS
from exchange.core.transitions import AvailableTransition, Transition

HOSTILE = "\"><script>alert('1')</script>"


def draw(source, request=None, **context):
    if request is not None:
        context["request"] = request
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Dilnoza Rahimova", "DR"),
        ("Дилноза Раҳимова", "ДР"),
        ("Әбілқасымова Айгерім", "ӘА"),
        ("Өмүрбек Үсөн", "ӨҮ"),
        ("Ғафур Ҷӯраев", "ҒҶ"),
        ("Ӣброҳим", "Ӣ"),
        ("Şöhrat Ýazmyradow", "ŞÝ"),
        ("Yoʻldosheva Oʻgʻiloy", "YO"),
        ("«Ақ Орда» мұражайы", "АО"),
        ("  ", "·"),
        (None, "·"),
        (HOSTILE, "S"),
    ],
)
def test_initials_read_every_script(name, expected):
    assert initials(name) == expected


@pytest.mark.parametrize(
    "source",
    [
        "{% badge word 'success' %}",
        "{% meter word 0.5 word %}",
        "{% avatar word photo=word %}",
        "{% level 2 word %}",
        "{% empty_state word word word word %}",
        "{% steps rows %}",
        "{% tabs rows word %}",
        "{% notice 'warning' word %}{{ word }}{% endnotice %}",
        "{% country word %}{% language_name word %}",
        "{% facet word 'field' options %}{% chips 'field' options word %}{% sort_url 'x' %}{% keep_params %}",
        "{% bars bars word %}",
        "{% matrix matrix columns word word %}",
        "{% transitions transitions word %}",
        "{% json_ld data %}",
        "{% icon 'bell' word %}",
    ],
)
def test_no_tag_lets_markup_through(source):
    request = RequestFactory().get("/", {"field": HOSTILE, HOSTILE: HOSTILE})
    transition = Transition(
        name=HOSTILE, sources=("a",), target="b", by=("x",), label=HOSTILE, done="", reasons=((HOSTILE, HOSTILE),)
    )
    html = draw(
        source,
        request,
        word=HOSTILE,
        rows=[{"title": HOSTILE, "label": HOSTILE, "url": HOSTILE, "note": HOSTILE, "count": HOSTILE}],
        options=[(HOSTILE, HOSTILE, HOSTILE)],
        bars=[(HOSTILE, 3)],
        matrix=[(HOSTILE, [1])],
        columns=[HOSTILE],
        transitions=[AvailableTransition(transition), AvailableTransition(transition, HOSTILE)],
        data={"name": HOSTILE},
    )

    assert "<script>alert" not in html
    assert '""><' not in html


def test_badge_without_words_draws_nothing():
    assert draw("{% badge '' 'success' %}{% badge None %}") == ""
    assert draw("{% badge 0 %}") == '<span class="badge">0</span>'


def test_unknown_tone_and_icon_are_refused():
    with pytest.raises(TemplateSyntaxError, match="unknown tone"):
        draw("{% badge 'x' 'pink' %}")
    with pytest.raises(TemplateSyntaxError, match="no icon"):
        draw("{% icon 'unicorn' %}")


def test_icon_is_silent_unless_labelled():
    assert 'aria-hidden="true"' in draw("{% icon 'bell' %}")
    assert 'role="img" aria-label="Updates"' in draw("{% icon 'bell' label='Updates' %}")


@pytest.mark.parametrize(("value", "width"), [(1, "100%"), (0.825, "82.5%"), (7, "100%"), ("0.5", "50%"), (0.333333, "33.3%")])
def test_gauge_holds_its_value_between_nothing_and_all(value, width):
    assert f'<rect width="{width}"' in draw("{% gauge value %}", value=value)


@pytest.mark.parametrize("value", [0, -3, None, "", "much"])
def test_gauge_of_nothing_has_no_bar(value):
    assert "<rect" not in draw("{% gauge value %}", value=value)


def test_meter_says_its_value_in_words():
    assert "82 %" in draw("{% meter 'English' 0.82 %}")
    assert "missing" in draw("{% meter 'Mounting' 0 'missing' 'warning' %}")


def test_level_has_a_word_for_those_who_do_not_see_diamonds():
    assert "3 of 4" in draw("{% level 3 %}")
    assert "leads" in draw("{% level 3 'leads' %}")
    assert "◆◆◆◆<span></span>" in draw("{% level 9 'all' %}")
    assert "◇◇◇◇" in draw("{% level word 'none' %}", word="x")


def test_notice_of_refusal_is_an_alert_and_a_labelled_one_a_region():
    assert 'class="notice danger" role="alert"' in draw("{% notice 'danger' %}x{% endnotice %}")
    assert 'role="region" aria-label="Offer"' in draw("{% notice 'warning' 'Offer' %}x{% endnotice %}")
    assert draw("{% notice %}x{% endnotice %}") == '<div class="notice">x</div>'


def test_filters_say_how_many_are_on():
    assert '<span class="badge info">2</span>' in draw("{% filters count=2 %}x{% endfilters %}")
    assert "badge" not in draw("{% filters %}x{% endfilters %}")


def test_steps_mark_where_we_are():
    html = draw("{% steps rows %}", rows=[{"title": "Sent", "state": "done"}, {"title": "Answer", "state": "now"}, {"title": "Go"}])

    assert html.count("<li") == 3
    assert html.count('aria-current="step"') == 1
    assert '<span class="sr">done</span>' in html


def test_face_shows_the_photo_when_there_is_one():
    assert '<img class="avatar big" src="/p.jpg" alt=""' in draw("{% avatar 'Дилноза' big=True photo='/p.jpg' %}")
    assert '<span class="avatar" aria-hidden="true">Д</span>' in draw("{% avatar 'Дилноза' %}")


def test_every_icon_is_a_drawing():
    for name, paths in ICONS.items():
        assert paths.startswith("<"), name
        assert "style=" not in paths, name
