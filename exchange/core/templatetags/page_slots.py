"""`{% page_slot "program.aside" program %}`: what other apps have to say here."""

from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from exchange.core.page_slots import render_page_slot

register = template.Library()


@register.simple_tag(takes_context=True)
def page_slot(context: Context, place: str, subject: Any = None) -> SafeString:
    """The pieces registered for `place`, about `subject`."""
    return render_page_slot(place, context["request"], subject)
