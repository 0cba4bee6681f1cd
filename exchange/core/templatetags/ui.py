"""The components a page is made of, as template tags. `docs/look.md` shows each in one line; the look itself is in `static/css/`.

Every tag escapes what it is given, writes no inline style or script, and never asks the database anything.
"""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BaseForm, BaseFormSet, BoundField
from django.http import QueryDict
from django.template import Context
from django.template.defaultfilters import filesizeformat
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info, gettext, ngettext, pgettext, pgettext_lazy

from exchange.core import localdates
from exchange.core.context import Site
from exchange.core.countries import Country
from exchange.core.icons import ICONS
from exchange.core.languages import Language
from exchange.core.moves import LegalMove
from exchange.core.paging import COUNT_CAP, Page

register = template.Library()

TONES = frozenset({"", "go", "due", "no", "me"})

# Parameters that say where in a list the reader stands; a changed filter starts the list anew.
PLACE_PARAMS = ("cursor", "page")

COUNTRY_SHORT_NAMES = {Country.US: pgettext_lazy("country name, short form", "USA")}


def _read(item: Any, name: str, default: Any = None) -> Any:
    """A value of a mapping or an object: rows may come as either."""
    if isinstance(item, Mapping):
        return item.get(name, default)
    return getattr(item, name, default)


def _tone(tone: object) -> str:
    value = str(tone or "")
    if value not in TONES:
        known = ", ".join(sorted(TONES - {""}))
        message = f"unknown tone {value!r}; one of: {known}"
        raise template.TemplateSyntaxError(message)
    return value


def _classes(*names: object) -> str:
    return " ".join(str(name) for name in names if name)


def _share(value: object) -> float:
    """A number held between 0 and 1; what is no number counts as 0."""
    try:
        return min(1.0, max(0.0, float(value)))  # type: ignore[arg-type] -- anything else is caught below
    except (TypeError, ValueError):
        return 0.0


# ---- words and marks ------------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An inline icon; silent to screen readers unless a label says what it means."""
    if name not in ICONS:
        message = f"no icon named {name!r}; see exchange/core/icons.py"
        raise template.TemplateSyntaxError(message)
    voice = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" {}>{}</svg>',
        _classes("icon", css),
        voice,
        mark_safe(ICONS[name]),  # noqa: S308 -- our own drawing
    )


@register.simple_tag
def badge(text: object, tone: str = "") -> SafeString:
    """A state in words; the tone (go, due, no, me) only repeats what the words say. Empty text draws nothing."""
    if text in (None, ""):
        return mark_safe("")
    return format_html('<span class="{}">{}</span>', _classes("badge", _tone(tone)), text)


def initials(name: object) -> str:
    """The first letters of the first two words of a name, in whatever script it is written."""
    words = unicodedata.normalize("NFC", str(name or "")).split()
    letters = (next((char for char in word if unicodedata.category(char) in {"Lu", "Ll", "Lt", "Lo"}), "") for word in words)
    return "".join([letter.upper() for letter in letters if letter][:2]) or "·"


@register.simple_tag
def face(name: object, big: bool = False, photo: str | None = None) -> SafeString:
    """A person's or an institution's sign: the photo when there is one, else initials. Stands beside the name, so it is silent."""
    css = _classes("face", "big" if big else "")
    if photo:
        size = 88 if big else 42
        return format_html('<img class="{}" src="{}" alt="" width="{}" height="{}" loading="lazy">', css, photo, size, size)
    return format_html('<span class="{}" aria-hidden="true">{}</span>', css, initials(name))


@register.simple_tag
def level(n: object, label: object = "", of: int = 4) -> SafeString:
    """A level as diamonds, with its word beside it."""
    try:
        full = min(of, max(0, int(n)))  # type: ignore[call-overload] -- anything else is caught below
    except (TypeError, ValueError):
        full = 0
    voice = (
        format_html(" {}", label)
        if label
        else format_html('<span class="sr">{}</span>', gettext("%(n)s of %(of)s") % {"n": full, "of": of})
    )
    return format_html(
        '<span class="nowrap"><span class="level" aria-hidden="true">{}<span>{}</span></span>{}</span>',
        "◆" * full,
        "◇" * (of - full),
        voice,
    )


@register.simple_tag
def gauge(value: object, tone: str = "") -> SafeString:
    """The bare bar of a meter, for table cells; the figure must stand beside it."""
    percent = round(_share(value) * 100, 1)
    bar = format_html('<rect width="{}%" height="100%" rx="4"/>', f"{percent:g}") if percent else ""
    return format_html('<svg class="{}" aria-hidden="true" focusable="false">{}</svg>', _classes("gauge", _tone(tone)), bar)


@register.simple_tag
def meter(label: object, value: object, note: object = "", tone: str = "") -> SafeString:
    """A named bar with its meaning in words: value from 0 to 1. Several belong into `<div class="meters">`."""
    percent = formats.number_format(round(_share(value) * 100)) + " %"
    words = note if note not in (None, "") else percent
    return format_html('<div class="meter"><span>{}</span>{}<span class="num">{}</span></div>', label, gauge(value, tone), words)


@register.simple_block_tag
def notice(content: str, tone: str = "", label: str = "") -> SafeString:
    """A framed word to the reader. Toned no it is an alert; with a label it is a named region."""
    role = mark_safe(' role="alert"') if _tone(tone) == "no" and not label else ""
    region = format_html(' role="region" aria-label="{}"', label) if label else ""
    return format_html(
        '<div class="{}"{}{}>{}</div>',
        _classes("notice", tone),
        role,
        region,
        mark_safe(content),  # noqa: S308 -- rendered by the template engine
    )


@register.simple_block_tag
def filters(content: str, count: object = 0) -> SafeString:
    """The filters beside a list: a side column on wide screens, folded behind one button on phones."""
    number = int(str(count or 0))
    return format_html(
        '<details class="filters"><summary class="button quiet wide">{} {}{}</summary><div class="stack">{}</div></details>',
        icon("filter"),
        pgettext("filters of a list", "Filters"),
        format_html(' <span class="badge me">{}</span>', number) if number else "",
        mark_safe(content),  # noqa: S308 -- rendered by the template engine
    )


@register.inclusion_tag("components/empty.html")
def empty(title: object, text: object = "", action: object = "", url: str = "") -> dict[str, Any]:
    """What an empty list says: what is missing, and what to do next."""
    return {"title": title, "text": text, "action": action, "url": url}


@register.inclusion_tag("components/steps.html")
def steps(items: Iterable[Any]) -> dict[str, Any]:
    """A way as steps: rows with title, state (done, now, no or empty), and any of note, at (a moment) and url."""
    return {"items": items}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Iterable[Any], label: object = "") -> dict[str, Any]:
    """Tabs that are links: rows with label, url, and any of count and current."""
    return {"items": items, "label": label}


# ---- names, dates, sizes --------------------------------------------------------------------------------------------


@register.simple_tag
def country(code: object, short: bool = False) -> str:
    """A country's name in the reader's language, to stand alone: never inside a sentence, where it would need an ending."""
    key = str(code or "").upper()
    if key not in Country.values:
        return key
    return str(COUNTRY_SHORT_NAMES[Country(key)] if short and key in COUNTRY_SHORT_NAMES else Country(key).label)


@register.simple_tag
def language_name(code: object) -> str:
    """A language's name in the reader's language."""
    key = str(code or "").lower()
    if key in Language.values:
        return str(Language(key).label)
    try:
        return str(get_language_info(key)["name_translated"])
    except KeyError:
        return key


@register.simple_tag
def date(value: dt.date | None, long: bool = False, year: bool = True) -> SafeString:
    """A day in the reader's language: "30 Aug 2027"."""
    if value is None:
        return mark_safe("")
    words = localdates.write_date(value, long=long, year=year)
    return format_html('<time datetime="{}">{}</time>', localdates.as_date(value).isoformat(), words)


@register.simple_tag
def daterange(start: dt.date | None, end: dt.date | None, long: bool = False) -> SafeString:
    """Two days in as few words as they need: "30 Aug – 17 Dec 2027"."""
    return format_html('<span class="num">{}</span>', localdates.write_range(start, end, long=long))


@register.simple_tag
def moment(value: dt.datetime | None, short: bool = True) -> SafeString:
    """A moment on the reader's clock: "19 Mar 2027, 23:41"."""
    if value is None:
        return mark_safe("")
    words = localdates.write_moment(value, long=not short)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(timespec="seconds"), words)


@register.inclusion_tag("components/when.html")
def when(value: dt.datetime | None, zone: str | dt.tzinfo | None = None, place: str = "") -> dict[str, Any]:
    """A moment that binds people of several places: on the clock of its own place first, then on the reader's when that differs."""
    if value is None:
        return {"value": None}
    there = localdates.zone_of(zone)
    here = timezone.get_current_timezone()
    differs = there is not None and localdates.local(value, there).utcoffset() != localdates.local(value, here).utcoffset()
    return {
        "value": value.isoformat(timespec="seconds"),
        "there": localdates.write_moment(value, there),
        "place": place or (localdates.zone_city(there) if there else ""),
        "offset": localdates.write_offset(value, there),
        "here": localdates.write_moment(value, here) if differs else "",
    }


@register.simple_tag
def closes(deadline: dt.datetime | None, zone: str | dt.tzinfo | None = None) -> SafeString:
    """How long applications are still taken, as a badge; without a deadline the door is simply open. Days are counted where the deadline is."""
    if deadline is None:
        return badge(pgettext("call, badge", "Open"), "go")
    now = timezone.now()
    if deadline <= now:
        return badge(pgettext("call, badge", "Closed"))
    there = localdates.zone_of(zone)
    days = (localdates.local(deadline, there).date() - localdates.local(now, there).date()).days
    if days == 0:
        return badge(gettext("Closes today"), "due")
    if days == 1:
        return badge(gettext("Closes tomorrow"), "due")
    return badge(gettext("Deadline in %(days)s days") % {"days": days}, "due" if days <= 14 else "go")  # noqa: PLR2004 -- two weeks


@register.simple_tag
def filesize(n: object) -> str:
    """A file's size in the units of the reader's language."""
    return filesizeformat(n)  # type: ignore[arg-type] -- it answers 0 bytes to anything that is no number


# ---- lists: filters in the address, pages ---------------------------------------------------------------------------


def _query(context: Context) -> QueryDict:
    request = context.get("request")
    return request.GET.copy() if request is not None else QueryDict(mutable=True)


def _link(query: QueryDict) -> str:
    words = query.urlencode()
    return f"?{words}" if words else "."


def _toggled(context: Context, name: str, value: str, *, single: bool) -> str:
    """The address of this list with one value of a filter put on or taken off."""
    query = _query(context)
    chosen = query.getlist(name)
    for param in PLACE_PARAMS:
        query.pop(param, None)
    if value in chosen:
        chosen = [other for other in chosen if other != value]
    else:
        chosen = [value] if single else [*chosen, value]
    query.setlist(name, [choice for choice in chosen if choice != ""])
    if not query.getlist(name):
        query.pop(name, None)
    return _link(query)


def _options(context: Context, name: str, options: Iterable[Any], *, single: bool) -> list[dict[str, Any]]:
    """Options with the address each leads to; rows are (value, label[, count]) or anything with those names."""
    chosen = set(_query(context).getlist(name))
    rows = []
    for option in options:
        if isinstance(option, Sequence) and not isinstance(option, str):
            value, label, *rest = option
            count = rest[0] if rest else None
        else:
            value, label, count = _read(option, "value"), _read(option, "label"), _read(option, "count")
        key = "" if value is None else str(value)
        rows.append(
            {
                "value": key,
                "label": label,
                "count": count,
                "current": key in chosen or (key == "" and not chosen),
                "url": _toggled(context, name, key, single=single or key == ""),
            }
        )
    return rows


@register.inclusion_tag("components/facet.html", takes_context=True)
def facet(context: Context, title: object, name: str, options: Iterable[Any], single: bool = False, shown: int = 8) -> dict[str, Any]:
    """One filter of a list as links with counts; the choice lives in the address under `name`. What is beyond `shown` folds away."""
    rows = _options(context, name, options, single=single)
    query = _query(context)
    for param in (*PLACE_PARAMS, name):
        query.pop(param, None)
    first = [row for i, row in enumerate(rows) if i < shown or row["current"]]
    return {
        "title": title,
        "name": name,
        "first": first,
        "rest": [row for row in rows if row not in first],
        "chosen": any(row["current"] and row["value"] for row in rows),
        "clear": _link(query),
    }


@register.inclusion_tag("components/chips.html", takes_context=True)
def chips(context: Context, name: str, options: Iterable[Any], label: object = "", single: bool = True) -> dict[str, Any]:
    """A filter as a row of chips, one chosen at a time unless `single=False`. An option with an empty value means all."""
    return {"options": _options(context, name, options, single=single), "label": label}


@register.simple_tag(takes_context=True)
def sort_url(context: Context, name: str, param: str = "sort") -> str:
    """The address of this list sorted by a column; sorted by it already, turned round."""
    query = _query(context)
    now = query.get(param, "")
    for place in PLACE_PARAMS:
        query.pop(place, None)
    query[param] = f"-{name}" if now == name else name
    return _link(query)


@register.simple_tag(takes_context=True)
def keep_params(context: Context, *drop: str) -> SafeString:
    """Hidden inputs that carry the list's other filters through a search form."""
    query = _query(context)
    pairs = [(key, value) for key, values in query.lists() if key not in {*drop, *PLACE_PARAMS} for value in values]
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: Context, page: Page[Any], total: int | None = None, cap: int = COUNT_CAP) -> dict[str, Any]:
    """The way on through a keyset page (`?cursor=`), back to its start, and how many rows there are when that was counted."""
    query = _query(context)
    for place in PLACE_PARAMS:
        query.pop(place, None)
    start = _link(query)
    query["cursor"] = str(page.next or "")
    return {
        "next": _link(query) if page.next else "",
        "start": "" if page.first else start,
        "shown": len(page.items),
        "total": total,
        "capped": total is not None and total > cap,
        "cap": cap,
    }


@register.simple_tag(takes_context=True)
def current(context: Context, *prefixes: str) -> SafeString:
    """`aria-current` for a link of the menu when the page lives under one of the addresses; "/" only matches itself."""
    path = getattr(context.get("request"), "path", "")
    here = any(path == prefix or (prefix != "/" and path.startswith(prefix)) for prefix in prefixes if prefix)
    return mark_safe(' aria-current="page"') if here else mark_safe("")


@register.simple_tag
def json_ld(data: Mapping[str, Any]) -> SafeString:
    """Schema.org markup: a data block, which a browser never runs, with every character escaped that could end it."""
    text = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False, cls=DjangoJSONEncoder)
    text = text.translate({ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"})
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308 -- escaped above


@register.simple_tag(takes_context=True)
def site_of_page(context: Context) -> Any:
    """What every page knows. The account library puts a `site` of its own into some contexts, so the base page asks by this tag."""
    known = context.get("site")
    request = context.get("request")
    return known if isinstance(known, Site) or request is None else Site(request)


@register.filter
def hat_kinds(hats: Iterable[Any] | None) -> set[str]:
    """The kinds among somebody's hats: what stands before the colon of each key."""
    return {str(_read(hat, "key", "")).split(":")[0] for hat in hats or ()}


# ---- doing ----------------------------------------------------------------------------------------------------------


@register.inclusion_tag("components/moves.html", takes_context=True)
def moves(context: Context, legal_moves: Iterable[LegalMove], action_url: str, id_prefix: str = "move", solid: bool = True) -> dict[str, Any]:
    """The moves of a state table as buttons, the first one solid; each posts `reason` and `note` when its row asks for them.

    The form posts to `action_url` with MOVE replaced by the move's name, or with the name added at its end. A move with a form of its own
    is a link there. A refused move is shown disabled, with the reason beside it.
    """
    rows = []
    for legal in legal_moves:
        move = legal.move
        refused = legal.objection or ""
        tone = _tone(move.tone)
        css = "no" if tone == "no" else "quiet" if refused or not solid else ""
        solid = solid and bool(css)
        rows.append(
            {
                "name": move.name,
                "label": move.label,
                "css": css,
                "refused": refused,
                "form": move.form,
                "asks": bool(move.reasons) or move.note_required,
                "reasons": move.reasons,
                "note_required": move.note_required,
                "url": action_url.replace("MOVE", move.name) if "MOVE" in action_url else f"{action_url.rstrip('/')}/{move.name}/",
                "id": f"{id_prefix}-{move.name}",
            }
        )
    return {"moves": rows, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("components/form_errors.html")
def form_errors(*forms: BaseForm | BaseFormSet[Any] | None) -> dict[str, Any]:
    """What is wrong in one or more forms, at their head, each line a link to its field. Draws nothing when all is well."""
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
    title = ngettext("Please correct one thing", "Please correct %(count)s things", len(rows)) % {"count": len(rows)}
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
    """The id a link to a field must name: a group of boxes has none of its own, its first box does."""
    if field.use_fieldset and field.auto_id:
        return f"{field.auto_id}_group"
    return field.id_for_label or str(field.auto_id)


@register.filter
def is_choice(field: BoundField) -> bool:
    """True of a single box, whose label stands behind it."""
    return getattr(field.field.widget, "input_type", "") == "checkbox" and not field.use_fieldset


@register.inclusion_tag("components/file_limits.html")
def file_limits(field: BoundField) -> dict[str, Any]:
    """What a file field takes, said before anybody chooses a file: `kinds` and `max_bytes` of the form field."""
    kinds = _read(field.field, "kinds") or str(field.field.widget.attrs.get("accept", "")).replace(".", "").replace(",", ", ").upper()
    return {
        "is_file": getattr(field.field.widget, "input_type", "") == "file",
        "kinds": kinds if isinstance(kinds, str) else ", ".join(str(kind).lstrip(".").upper() for kind in kinds),
        "max_bytes": _read(field.field, "max_bytes"),
    }


# ---- drawings: SVG made here, coloured by the tokens, with the figures in words behind them --------------------------


@register.inclusion_tag("components/bars.html")
def bars(rows: Iterable[Any], caption: object = "", tone: str = "me", unit: object = "") -> dict[str, Any]:
    """Bars that are a table: rows of (label, value[, tone]) or with those names; the longest fills the width."""
    read: list[tuple[Any, Any, str]] = []
    for row in rows:
        if isinstance(row, Sequence) and not isinstance(row, str):
            label, value, *rest = row
            read.append((label, value, _tone(rest[0] if rest else tone)))
        else:
            read.append((_read(row, "label"), _read(row, "value"), _tone(_read(row, "tone") or tone)))
    top = max((float(value) for _, value, _ in read), default=0) or 1
    return {
        "rows": [{"label": label, "value": value, "share": float(value) / top, "tone": own} for label, value, own in read],
        "caption": caption,
        "unit": unit,
    }


@register.simple_tag
def dots(scores: Iterable[float], low: float = 1, high: float = 5, tone: str = "go") -> SafeString:
    """Scores as points on a line: how far reviewers stand apart."""
    values = sorted(float(score) for score in scores)
    if not values:
        return mark_safe("")
    span = (float(high) - float(low)) or 1.0
    points = format_html_join("", '<circle cx="{}" cy="7" r="4"/>', ((f"{4 + 82 * _share((v - float(low)) / span):.1f}",) for v in values))
    words = gettext("Scores from %(low)s to %(high)s") % {"low": f"{values[0]:g}", "high": f"{values[-1]:g}"}
    return format_html(
        '<svg class="{}" viewBox="0 0 90 14" role="img" aria-label="{}"><path d="M4 7H86"/>{}</svg>',
        _classes("dots", _tone(tone)),
        words,
        points,
    )


@register.inclusion_tag("components/months.html")
def months(windows: Iterable[Any], start: dt.date, count: int = 12) -> dict[str, Any]:
    """Which months somebody can travel: windows of (start, end) or with those names, drawn from the month of `start` on."""
    spans = [tuple(w)[:2] if isinstance(w, Sequence) else (_read(w, "start"), _read(w, "end")) for w in windows]
    row = []
    for i in range(count):
        year, month = divmod(start.year * 12 + start.month - 1 + i, 12)
        first = dt.date(year, month + 1, 1)
        last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        free = sum(max(0, (min(b or last, last) - max(a or first, first)).days + 1) for a, b in spans)
        state = "all" if free >= last.day else "part" if free > 0 else "none"
        row.append({"label": localdates.tongue().short[month], "month": localdates.write_month(first), "state": state})
    return {"months": row, "free": [m["month"] for m in row if m["state"] != "none"], "first": row[0]["month"], "last": row[-1]["month"]}


@register.inclusion_tag("components/matrix.html")
def matrix(rows: Iterable[Any], columns: Sequence[object], caption: object = "", corner: object = "") -> dict[str, Any]:
    """Flows between countries as a heat table: rows of (label, [numbers]); none where nothing can be."""
    read = [(label, list(values)) for label, values in rows]
    top = max((float(v) for _, values in read for v in values if v), default=0) or 1

    def cell(value: float | None) -> dict[str, Any]:
        heat = 0 if not value else 1 + min(4, int(float(value) / top * 4.999))
        return {"value": value, "heat": heat, "never": value is None}

    return {
        "rows": [{"label": label, "cells": [cell(v) for v in values]} for label, values in read],
        "columns": columns,
        "caption": caption,
        "corner": corner,
    }
