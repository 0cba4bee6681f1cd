"""`{% panels "program.aside" program %}`: what other rooms have to say here."""

from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from exchange.core.panels import render_panels

register = template.Library()


@register.simple_tag(takes_context=True)
def panels(context: Context, place: str, subject: Any = None) -> SafeString:
    """The pieces registered for `place`, about `subject`."""
    return render_panels(place, context["request"], subject)
