"""Texts of people as HTML: the part of Markdown that messages need, and nothing that could act in a page.

Raw HTML is shown as it was typed; pictures, headings and tables are not interpreted; links lead to http, https and mail addresses only.
"""

from functools import lru_cache
from typing import Any

from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

RULES = (
    *("block", "blockquote", "fence", "list", "paragraph", "normalize"),
    *("inline", "text", "newline", "escape", "backticks", "strikethrough", "emphasis", "link", "autolink", "linkify", "entity"),
    *("balance_pairs", "fragments_join"),
)
MAX_NESTING = 20
"""Levels of quotes and lists. A text that goes deeper is shown as it was typed: the parser would leave out what lies deeper."""
SCHEMES = ("http:", "https:", "mailto:")
REMEMBERED = 2048


def _made() -> MarkdownIt:
    made = MarkdownIt("zero", {"html": False, "linkify": True, "breaks": True, "maxNesting": MAX_NESTING}).enable(list(RULES), True)
    made.validateLink = lambda address: address.strip().lower().startswith(SCHEMES)  # type: ignore[method-assign]
    made.add_render_rule("link_open", _link_open)
    return made


def _link_open(self: Any, tokens: Any, at: int, options: Any, env: Any) -> str:
    tokens[at].attrSet("rel", "nofollow noopener ugc")
    return str(self.renderToken(tokens, at, options, env))


_MARKDOWN = _made()


@lru_cache(maxsize=REMEMBERED)
def render_markdown(text: str) -> SafeString:
    """The text as HTML; line breaks count. Its length is the caller's to bound."""
    environment: dict[str, Any] = {}
    tokens = _MARKDOWN.parse(text, environment)
    if any(token.level >= MAX_NESTING - 1 for token in tokens):
        return mark_safe(linebreaks(text, autoescape=True))  # noqa: S308 -- escaped
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, environment)
    return mark_safe(html)  # noqa: S308 -- the renderer escapes everything it does not make itself
