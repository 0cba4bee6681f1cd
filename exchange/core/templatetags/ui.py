"""The components a page is made of, as one builtin library. `docs/look.md` shows each in one line; the look itself is in `static/css/`.

Every tag escapes what it is given, writes no inline style or script, and never asks the database anything.
"""

from exchange.core.components import actions, badges, charts, lists, names, page
from exchange.core.components.registry import register

__all__ = ["actions", "badges", "charts", "lists", "names", "page", "register"]
