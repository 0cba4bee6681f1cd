"""`{% page_slot "program.aside" program %}`: content that apps above add to a page."""

from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from exchange.core.page_slots import render_slot

register = template.Library()


@register.simple_tag(takes_context=True)
def page_slot(context: Context, slot: str, subject: Any = None) -> SafeString:
    """The HTML registered for `slot`, about `subject`."""
    return render_slot(slot, context["request"], subject)
