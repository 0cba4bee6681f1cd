"""The picture of a card: the one that was given, or an ornament."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from exchange.core.components.registry import read, register
from exchange.core.ornaments import HEIGHT, WIDTH, ornament_address


@register.simple_tag
def card_picture(subject: Any) -> SafeString:
    """The small picture of a programme or an institution, or the ornament of its country and field; loaded when it comes into view.

    `subject` has `shown_picture` (a VisiblePicture or None), `country` and `card_field`; lists read them by `for_cards`.
    """
    picture = read(subject, "shown_picture")
    if picture:
        return format_html(
            '<img class="band" src="{}" srcset="{}" sizes="(min-width: 64rem) 26rem, 92vw" width="{}" height="{}" alt="{}" loading="lazy" '
            'decoding="async">',
            picture.smallest,
            ", ".join(f"{address} {width}w" for address, width in picture.sizes[:2]),
            picture.width,
            picture.height,
            picture.alt,
        )
    return format_html(
        '<img class="band ornament" src="{}" width="{}" height="{}" alt="" loading="lazy" decoding="async">',
        ornament_address(read(subject, "country"), read(subject, "card_field")),
        WIDTH,
        HEIGHT,
    )
