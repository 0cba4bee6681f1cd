"""Buttons of transitions, and parts of forms: errors, labels, file limits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.forms import BaseForm, BaseFormSet, BoundField
from django.template import Context
from django.utils.translation import ngettext

from exchange.core.components.registry import known_tone, read, register
from exchange.core.transitions import AvailableTransition


@register.inclusion_tag("components/transitions.html", takes_context=True)
def transitions(
    context: Context,
    available_transitions: Iterable[AvailableTransition],
    action_url: str,
    id_prefix: str = "transition",
    solid: bool = True,
) -> dict[str, Any]:
    """The transitions of a state table as buttons, the first one highlighted; each posts `reason` and `note` when its row asks for them.

    The form posts to `action_url` with MOVE replaced by the transition's name, or with the name added at its end. A transition with a form of its own
    is a link there. A refused transition is shown disabled, with the reason beside it.
    """
    rows = []
    for legal in available_transitions:
        transition = legal.transition
        refused = legal.blocked_reason or ""
        tone = known_tone(transition.tone)
        css = "danger" if tone == "danger" else "quiet" if refused or not solid else ""
        solid = solid and bool(css)
        rows.append(
            {
                "name": transition.name,
                "label": transition.label,
                "css": css,
                "refused": refused,
                "form": transition.form,
                "asks": bool(transition.reasons or transition.confirm) or transition.note_required or transition.note_offered,
                "confirm": transition.confirm,
                "asks_note": bool(transition.reasons) or transition.note_required or transition.note_offered,
                "reasons": transition.reasons,
                "note_required": transition.note_required,
                "url": action_url.replace("MOVE", transition.name)
                if "MOVE" in action_url
                else f"{action_url.rstrip('/')}/{transition.name}/",
                "id": f"{id_prefix}-{transition.name}",
            }
        )
    return {"transitions": rows, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("components/form_errors.html")
def form_errors(*forms: BaseForm | BaseFormSet[Any] | None) -> dict[str, Any]:
    """A summary of the errors of one or more forms, each a link to its field. Empty when there are none."""
    rows: list[dict[str, Any]] = []
    for form in forms:
        if form is None:
            continue
        if isinstance(form, BaseFormSet):
            rows += [{"id": "", "label": "", "text": text} for text in form.non_form_errors()]
            parts: Sequence[BaseForm] = form.forms
        else:
            parts = (form,)
        for part in parts:
            if part.is_bound:
                rows += _form_error_rows(part)
    alone = len(rows) == 1 and not rows[0]["label"]
    title = ngettext("Please correct one error", "Please correct %(count)s errors", len(rows)) % {"count": len(rows)}
    return {"rows": rows, "title": "" if alone else title}


def _form_error_rows(form: BaseForm) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [{"id": "", "label": "", "text": text} for text in form.non_field_errors()]
    for name in form.errors:
        if name not in form.fields:
            continue
        field = form[name]
        target = "" if field.is_hidden else first_id(field)
        rows += [{"id": target, "label": field.label, "text": text} for text in field.errors]
    return rows


@register.filter
def first_id(field: BoundField) -> str:
    """The id that a link to a field must name: for a group of checkboxes that of the first one."""
    if field.use_fieldset and field.auto_id:
        return f"{field.auto_id}_group"
    return field.id_for_label or str(field.auto_id)


@register.filter
def is_choice(field: BoundField) -> bool:
    """True for a single checkbox, whose label follows it."""
    return getattr(field.field.widget, "input_type", "") == "checkbox" and not field.use_fieldset


@register.inclusion_tag("components/file_limits.html")
def file_limits(field: BoundField) -> dict[str, Any]:
    """The limits of a file field: `kinds` and `max_bytes` of the form field."""
    kinds = (
        read(field.field, "kinds") or str(field.field.widget.attrs.get("accept", "")).replace(".", "").replace(",", ", ").upper()
    )
    return {
        "is_file": getattr(field.field.widget, "input_type", "") == "file",
        "kinds": kinds if isinstance(kinds, str) else ", ".join(str(kind).lstrip(".").upper() for kind in kinds),
        "max_bytes": read(field.field, "max_bytes"),
    }
