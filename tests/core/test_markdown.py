import time

import pytest

from exchange.core.markdown import render_markdown


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**ganch** _and_ ~~wood~~ `code`", "<p><strong>ganch</strong> <em>and</em> <s>wood</s> <code>code</code></p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("> said\n\nanswer", "<blockquote>\n<p>said</p>\n</blockquote>\n<p>answer</p>"),
        ("# no heading", "<p># no heading</p>"),
        (
            "https://miras.example/a_b_c",
            '<p><a href="https://miras.example/a_b_c" rel="nofollow noopener ugc">https://miras.example/a_b_c</a></p>',
        ),
        ("<b>bold</b> & co", "<p>&lt;b&gt;bold&lt;/b&gt; &amp; co</p>"),
    ],
)
def test_what_messages_need_is_interpreted(text, html):
    assert render_markdown(text).strip() == html


@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](  javascript:alert(1))",
        "[x](java\nscript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "[x](&#106;avascript:alert(1))",
        "<javascript:alert(1)>",
        "![x](https://tracker.example/pixel.png)",
        '<img src=x onerror="alert(1)">',
        "<script>alert(1)</script>",
        '[a](https://x.example/"onclick=alert(1))',
        "[a]: javascript:alert(1)\n\n[a]",
    ],
)
def test_nothing_acts_in_the_page(text):
    html = render_markdown(text)

    assert "<script" not in html
    assert "<img" not in html
    assert 'href="java' not in html.lower()
    assert 'href="data' not in html.lower()
    assert 'href="vb' not in html.lower()
    assert '" onclick' not in html


@pytest.mark.parametrize("depth", [1, 9, 30, 4000])
def test_nothing_is_left_out_however_deep_it_lies(depth):
    html = render_markdown(">" * depth + " rahmat")

    assert "rahmat" in html
    assert html.count("<blockquote>") == (depth if depth <= 18 else 0)


@pytest.mark.parametrize(
    "piece", [">", "- ", "[", "*a ", "`", "[a](", "*", "_a_", "**x*", "<", "&", "\\", "www.", "a@", "http://", "~~", "![", "1. "]
)
def test_eight_thousand_hostile_characters_are_rendered_at_once(piece):
    text = (piece * 8000)[:8000]
    begun = time.process_time()

    html = render_markdown(text)

    assert time.process_time() - begun < 1.0  # seconds of work
    assert len(html) < 200_000
