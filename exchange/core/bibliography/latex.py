"""The text of a LaTeX value: accents, symbols, braces, simple mathematics, and entities of HTML. Linear in the length of the text."""

import html
import logging
import re

from pylatexenc.latex2text import LatexNodes2Text

MAX_MACROS = 300
"""At most this many different macros are looked up for one text: a lookup costs about 0.1 ms. Further ones are left out."""
TOKEN = re.compile(
    r"\\(?P<accent>[\"'`^~=.]|[uvHtcdbkr](?![a-zA-Z])) ?(?:\{(?P<inside>\\[ij]|[^\W\d_])\}|(?P<beside>\\[ij](?![a-zA-Z])|[^\W\d_]))"
    r"|\\(?P<word>[a-zA-Z]{1,20}) ?"
    r"|\\(?P<sign>.)"
    r"|(?P<math>\$)"
    r"|(?P<shift>[\^_])(?:\{(?P<many>[0-9+\-=()n]{1,12})\}|(?P<one>[0-9+\-n]))"
    r"|(?P<other>[{}~]|---?|``|'')",
    re.DOTALL,
)
OTHER = {"{": "", "}": "", "~": " ", "--": "–", "---": "—", "``": "“", "''": "”"}
RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
LOWERED = str.maketrans("0123456789+-=()n", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₙ")
ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#[0-9]{1,6}|#x[0-9a-fA-F]{1,5});")

logging.getLogger("pylatexenc").setLevel(logging.ERROR)


class LatexText:
    """Turns values of one document into text; looks up every macro once, in the tables of pylatexenc."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._tables = LatexNodes2Text(math_mode="text")

    def read(self, value: str) -> str:
        """The text. A `$` without its second one is an ordinary character, as is a bare `&` or `%`."""
        paired = value.replace("\\$", "").count("$") % 2 == 0
        math = False

        def text_of(match: "re.Match[str]") -> str:
            nonlocal math
            if match["math"]:
                if not paired:
                    return "$"
                math = not math
                return ""
            if match["shift"]:
                table = RAISED if match["shift"] == "^" else LOWERED
                return (match["many"] or match["one"]).translate(table) if math else match[0]
            if match["accent"] and not math:
                return self._look_up(f"\\{match['accent']}{{{match['inside'] or match['beside']}}}")
            return OTHER[match["other"]] if match["other"] else self._macro(match)

        read = TOKEN.sub(text_of, value)
        return ENTITY.sub(lambda match: html.unescape(match[0]), read)

    def _macro(self, match: "re.Match[str]") -> str:
        if match["sign"]:
            return " " if match["sign"] in " \n\\,;:" else match["sign"]
        return self._look_up(match[0].strip()) if match["word"] else ""

    def _look_up(self, macro: str) -> str:
        if macro not in self._known:
            if len(self._known) >= MAX_MACROS:
                return ""
            self._known[macro] = str(self._tables.latex_to_text(macro))
        return self._known[macro]
