"""All components as one builtin template library. `docs/look.md` lists them; their styles are in `static/css/`.

Every tag escapes its arguments, writes no inline style or script, and makes no database query.
"""

from exchange.core.components import actions, badges, charts, lists, maps, names, page, pictures
from exchange.core.components.registry import register

__all__ = ["actions", "badges", "charts", "lists", "maps", "names", "page", "pictures", "register"]
